/**
 * The lock that a patient may put on the page (docs/protocol.md, section 17). The key of the records is sealed twice: under
 * what the PIN or the passkey gives, and that under the browser's own key. So a guess at the PIN needs that key too, and
 * with it costs one Argon2id.
 */
import { type Bytes, concat, toUtf8 } from "./protocol/encoding";
import { argon2id } from "./protocol/primitives";
import { VaultError } from "./storage";
import { beginTry, forgetTries } from "./tries";

interface PinLock {
  readonly kind: "pin";
  /** Which keyboard a phone should show. */
  readonly digits: boolean;
  readonly salt: Bytes;
  readonly operations: number;
  readonly memory: number;
  readonly sealed: Bytes;
}

export interface PasskeyLock {
  readonly kind: "passkey";
  readonly credential: Bytes;
  readonly salt: Bytes;
  readonly sealed: Bytes;
}

export type Lock = PinLock | PasskeyLock;

/** What opens the lock: 32 bytes from a PIN or a passkey. */
export type Proof = (lock: Lock) => Promise<Bytes>;
/** Seals the records' key: see `Vault.relock`. */
export type NewLock = (device: CryptoKey, data: Bytes) => Promise<Lock>;

export class LockRefused extends Error {
  override readonly name = "LockRefused";
  constructor(
    readonly fault: "wrong" | "too-soon" | "cancelled" | "unfit",
    /** Milliseconds until the next try. */
    readonly wait = 0,
    options?: ErrorOptions,
  ) {
    super(`The lock stays as it is: ${fault}.`, options);
  }
}

/** A fifth of a second on a workstation, about one on a phone that is six times slower; and memory that old phones give to one page. */
const OPERATIONS = 3;
const MEMORY = 64 * 1024 * 1024;
const SALT = 16;
const NONCE = 12;

const buffer = (bytes: Bytes): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;
const isBytes = (value: unknown): value is Bytes => value instanceof Uint8Array && value.length <= 2_048;
const isWithin = (value: unknown, least: number, most: number): value is number => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** What lies on the disk may be damaged, or ask for all the memory that there is. Throws `VaultError`. */
export function parseLock(value: unknown): Lock | undefined {
  if (value === undefined) return undefined;
  const { kind, salt, sealed, digits, operations, memory, credential } = { ...(value as Record<string, unknown>) };
  if (isBytes(salt) && isBytes(sealed)) {
    if (kind === "passkey" && isBytes(credential)) return { kind, salt, sealed, credential };
    if (kind === "pin" && typeof digits === "boolean" && salt.length === SALT && isWithin(operations, 1, 16) && isWithin(memory, 8_192, 4 * MEMORY)) {
      return { kind, salt, sealed, digits, operations, memory };
    }
  }
  throw new VaultError("unreadable");
}

/** The same text however a keyboard composes it. */
const normal = (text: string): string => text.normalize("NFKC").trim();

export type PinFault = "short" | "easy";

const SHORTEST = { digits: 6, words: 8 } as const;
const isRow = (digits: string): boolean => new Set(Array.from(digits.slice(1), (digit, index) => Number(digit) - Number(digits[index]))).size === 1;

export const isDigits = (text: string): boolean => /^\d+$/.test(normal(text));

/** Why this PIN will not do. 123456, 111111 and 121212 are what a thief tries first. */
export function pinFault(text: string): PinFault | undefined {
  const pin = normal(text);
  const digits = isDigits(pin);
  if (pin.length < (digits ? SHORTEST.digits : SHORTEST.words)) return "short";
  return /^(.{1,3})\1+$/u.test(pin) || (digits && isRow(pin)) ? "easy" : undefined;
}

/** A PIN that somebody gives. */
export const provePin =
  (text: string): Proof =>
  async (lock) => {
    if (lock.kind !== "pin") throw new LockRefused("wrong");
    const wait = await beginTry(Date.now());
    if (wait > 0) throw new LockRefused("too-soon", wait);
    return argon2id(toUtf8(normal(text)), lock.salt, lock.operations, lock.memory);
  };

/** A PIN that somebody chooses. */
export const newPin =
  (text: string): NewLock =>
  async (device, data) => {
    const salt = crypto.getRandomValues(new Uint8Array(SALT));
    const secret = argon2id(toUtf8(normal(text)), salt, OPERATIONS, MEMORY);
    const sealed = await sealTwice("pin", device, secret, data);
    return { kind: "pin", digits: isDigits(text), salt, operations: OPERATIONS, memory: MEMORY, sealed };
  };

const contextOf = (kind: Lock["kind"]): Uint8Array<ArrayBuffer> => buffer(toUtf8(`sealdesk/1/lock/${kind}`));

async function secretKey(kind: Lock["kind"], secret: Bytes): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", buffer(secret), "HKDF", false, ["deriveKey"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: contextOf(kind) };
  return crypto.subtle.deriveKey(algorithm, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(kind: Lock["kind"], key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: contextOf(kind) }, key, buffer(bytes))));
}

async function unseal(kind: Lock["kind"], key: CryptoKey, sealed: Bytes): Promise<Bytes> {
  const algorithm = { name: "AES-GCM", iv: buffer(sealed.slice(0, NONCE)), additionalData: contextOf(kind) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, buffer(sealed.slice(NONCE))));
}

export async function sealTwice(kind: Lock["kind"], device: CryptoKey, secret: Bytes, data: Bytes): Promise<Bytes> {
  return seal(kind, device, await seal(kind, await secretKey(kind, secret), data));
}

/** The records' key. Throws `LockRefused`, and `VaultError` where the lock itself is damaged. */
export async function openLock(lock: Lock, device: CryptoKey, prove: Proof | undefined): Promise<Bytes> {
  const inner = await unseal(lock.kind, device, lock.sealed).catch((error: unknown) => {
    throw new VaultError("unreadable", { cause: error });
  });
  if (prove === undefined) throw new LockRefused("wrong");
  const key = await secretKey(lock.kind, await prove(lock));
  const data = await unseal(lock.kind, key, inner).catch((error: unknown) => {
    throw new LockRefused("wrong", 0, { cause: error });
  });
  await forgetTries();
  return data;
}
