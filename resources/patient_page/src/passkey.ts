/**
 * A passkey as the lock's key: the device's own face, finger or screen lock opens it, and WebAuthn's "prf" extension gives
 * 32 secret bytes that nobody can guess (https://w3c.github.io/webauthn/#prf-extension).
 */
import type { Bytes } from "./protocol/encoding";
import { type NewLock, type PasskeyLock, LockRefused, type Proof, sealTwice } from "./lock";
import { words } from "./words";

const SALT = 32;
const [ES256, RS256] = [-7, -257];
const PATIENCE = 120_000;

const random = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));
const buffer = (bytes: Bytes): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

interface Capable {
  readonly getClientCapabilities?: () => Promise<Readonly<Record<string, boolean | undefined>>>;
  readonly signalUnknownCredential?: (what: { readonly rpId: string; readonly credentialId: string }) => Promise<void>;
}

const browser = (): Capable => ("PublicKeyCredential" in globalThis ? PublicKeyCredential : {});

/** Only where the browser says itself that it can: everywhere else a PIN does. An address is no name that a passkey could be bound to. */
export async function canUsePasskey(): Promise<boolean> {
  if (/^[\d.]+$|:/.test(location.hostname)) return false;
  const found = await browser().getClientCapabilities?.().catch(() => undefined);
  return found?.["extension:prf"] === true && found["userVerifyingPlatformAuthenticator"] === true;
}

/** What the browser gave, or why it gave nothing: the person pressed "cancel", or was too slow. */
async function asked(work: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await work.catch((error: unknown) => {
    const isRefusal = error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
    throw new LockRefused(isRefusal ? "cancelled" : "unfit", 0, { cause: error });
  });
  if (!(credential instanceof PublicKeyCredential)) throw new LockRefused("unfit");
  return credential;
}

function secretOf(credential: PublicKeyCredential): Bytes | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return undefined;
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : new Uint8Array(first);
}

async function secretFrom(id: Bytes, salt: Bytes): Promise<Bytes> {
  const credential = await asked(
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: "public-key", id: buffer(id), transports: ["internal"] }],
        userVerification: "required",
        timeout: PATIENCE,
        extensions: { prf: { eval: { first: buffer(salt) } } },
      },
    }),
  );
  const secret = secretOf(credential);
  if (secret === undefined) throw new LockRefused("unfit");
  return secret;
}

export const provePasskey: Proof = async (lock) => {
  if (lock.kind !== "passkey") throw new LockRefused("wrong");
  return secretFrom(lock.credential, lock.salt);
};

/** Neither the clinic's name nor the patient's is in it: it stands in the device's settings. */
export const newPasskey: NewLock = async (device, data) => {
  const [salt, name] = [random(SALT), words().title];
  const credential = await asked(
    navigator.credentials.create({
      publicKey: {
        challenge: random(32),
        rp: { name },
        user: { id: random(16), name, displayName: name },
        pubKeyCredParams: [ES256, RS256].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required", residentKey: "discouraged" },
        timeout: PATIENCE,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const id = new Uint8Array(credential.rawId);
  // Some give the secret only when they are asked a second time.
  const secret = secretOf(credential) ?? (await secretFrom(id, salt));
  return { kind: "passkey", credential: id, salt, sealed: await sealTwice("passkey", device, secret, data) };
};

/** Asks the device to drop the passkey from its list. Few do so far. */
export async function forgetPasskey({ credential }: PasskeyLock): Promise<void> {
  const credentialId = btoa(String.fromCharCode(...credential)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  await browser().signalUnknownCredential?.({ rpId: location.hostname, credentialId }).catch(() => undefined);
}
