/**
 * docs/protocol.md section 5: PQXDH as Signal specifies it, revision 3
 * (https://signal.org/docs/specifications/pqxdh/). The whole certificates, prekeys and the ciphertext go into the
 * transcript, and the transcript into every key: two devices that disagree about any of them share nothing.
 */
import { type Bytes, type Infer, EMPTY, binary, concat, orNil, record } from "./encoding";
import type { Certificate, DeviceKeys, Transcript } from "./keys";
import { type Bundle, type OwnPrekey, prekeyNumber } from "./prekeys";
import { KEM_CIPHERTEXT, KEY, type KeyPair, type Random, agreementPair, decapsulate, dh, encapsulate, hash, kdf } from "./primitives";

/** The part of an `init` slot that the key exchange needs. */
export const HANDSHAKE = {
  ephemeral: binary(KEY),
  signedId: prekeyNumber,
  oneTimeId: orNil(prekeyNumber),
  kemId: prekeyNumber,
  kemCiphertext: binary(KEM_CIPHERTEXT),
} as const;
const HANDSHAKE_RECORD = record(HANDSHAKE);
export type Handshake = Infer<typeof HANDSHAKE_RECORD>;

/** What both sides begin the Double Ratchet with. */
export interface SharedSecret {
  readonly transcript: Transcript;
  readonly rootKey: Bytes;
  /** Of what the initiator sends first. */
  readonly headerKey: Bytes;
  /** Of what the responder sends first. */
  readonly nextHeaderKey: Bytes;
}

const PREFIX = new Uint8Array(32).fill(0xff);
const SALT = new Uint8Array(64);

function derive(transcript: Transcript, agreements: readonly Bytes[], kemSecret: Bytes): SharedSecret {
  const secret = kdf(concat(PREFIX, ...agreements, kemSecret), SALT, 96, "pqxdh", transcript);
  return {
    transcript,
    rootKey: secret.slice(0, 32),
    headerKey: secret.slice(32, 64),
    nextHeaderKey: secret.slice(64),
  };
}

interface Exchanged {
  readonly initiator: Certificate;
  readonly responder: Certificate;
  readonly ephemeral: Bytes;
  readonly signed: Bytes;
  readonly oneTime: Bytes | null;
  readonly kem: Bytes;
  readonly kemCiphertext: Bytes;
}

const transcriptOf = (seen: Exchanged): Transcript =>
  hash(
    "transcript",
    seen.initiator.bytes,
    seen.responder.bytes,
    seen.ephemeral,
    seen.signed,
    seen.oneTime ?? EMPTY,
    seen.kem,
    seen.kemCiphertext,
  ) as Transcript;

/** Draws the ephemeral secret (32), then the encapsulation's randomness (32). */
export function initiate(
  device: DeviceKeys,
  bundle: Bundle,
  random: Random,
): { readonly shared: SharedSecret; readonly handshake: Handshake } {
  const ephemeral = agreementPair(random(KEY));
  const { ciphertext, secret } = encapsulate(bundle.kem.public, random);
  const { certificate, signed, oneTime, kem } = bundle;
  const transcript = transcriptOf({
    initiator: device.certificate,
    responder: certificate,
    ephemeral: ephemeral.public,
    signed: signed.bytes,
    oneTime: oneTime?.bytes ?? null,
    kem: kem.bytes,
    kemCiphertext: ciphertext,
  });
  const agreements = [
    dh(device.identity.secret, signed.public),
    dh(ephemeral.secret, certificate.identity),
    dh(ephemeral.secret, signed.public),
    ...(oneTime === null ? [] : [dh(ephemeral.secret, oneTime.public)]),
  ];
  const handshake = {
    ephemeral: ephemeral.public,
    signedId: signed.id,
    oneTimeId: oneTime?.id ?? null,
    kemId: kem.id,
    kemCiphertext: ciphertext,
  };
  return { shared: derive(transcript, agreements, secret), handshake };
}

export interface UsedPrekeys {
  readonly signed: OwnPrekey;
  readonly kem: OwnPrekey;
  readonly oneTime: OwnPrekey | null;
}

export function respond(device: DeviceKeys, initiator: Certificate, handshake: Handshake, used: UsedPrekeys): SharedSecret {
  const { ephemeral, kemCiphertext } = handshake;
  const { signed, oneTime, kem } = used;
  const transcript = transcriptOf({
    initiator,
    responder: device.certificate,
    ephemeral,
    signed: signed.bytes,
    oneTime: oneTime?.bytes ?? null,
    kem: kem.bytes,
    kemCiphertext,
  });
  const agreements = [
    dh(signed.secret, initiator.identity),
    dh(device.identity.secret, ephemeral),
    dh(signed.secret, ephemeral),
    ...(oneTime === null ? [] : [dh(oneTime.secret, ephemeral)]),
  ];
  return derive(transcript, agreements, decapsulate(kem.secret, kemCiphertext));
}

/** The responder's first ratchet pair (section 5). */
export const ratchetPair = ({ secret, public: point }: OwnPrekey): KeyPair => ({ secret, public: point });
