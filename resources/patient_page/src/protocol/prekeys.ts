/** docs/protocol.md section 4: prekeys, bundles of them, and the secrets that a device keeps until they are used. */
import { type Bytes, type Infer, binary, blob, boolean, decode, encode, list, oneOf, orNil, record, sameBytes, uint } from "./encoding";
import { ProtocolError } from "./errors";
import { type Certificate, type DeviceKeys, type Transcript, certificateBytes, signature64, transcriptHash } from "./keys";
import { ONE_TIME_LIFE, ONE_TIME_PREKEYS, PREKEY_LIFE, PREKEY_ROTATION } from "./limits";
import {

  KEM_SEED,
  KEY,
  type KeyPair,
  type Random,
  agreementPair,
  kemPair,
  requireKemKey,
  requirePoint,
  sign,
  verify,
} from "./primitives";

export type PrekeyKind = "signed" | "one-time" | "kem-last" | "kem-once";

const KIND = oneOf<PrekeyKind>("signed", "one-time", "kem-last", "kem-once");
export const prekeyNumber = uint(2 ** 32 - 1);
export const prekeyBytes = blob({ name: "prekey", value: 1_536 });
// The kind says how long `public` has to be: another length is an invalid key, and not a malformed prekey.
const PREKEY = record({ kind: KIND, id: prekeyNumber, public: blob({ name: "prekey", value: 1_536 }), expires: uint(), signature: signature64 });

export interface Prekey extends Infer<typeof PREKEY> {
  /** As it was received; the transcript is taken over this. */
  readonly bytes: Bytes;
}

const isKem = (kind: PrekeyKind): boolean => kind === "kem-last" || kind === "kem-once";

/** Checks signature, kind and expiry. */
export function openPrekey(bytes: Bytes, owner: Certificate, kinds: readonly PrekeyKind[], now: number): Prekey {
  const prekey = decode(PREKEY, bytes);
  const { kind, id, expires } = prekey;
  if (!kinds.includes(kind)) throw new ProtocolError("prekey.invalid", "kind");
  (isKem(kind) ? requireKemKey : requirePoint)(prekey.public);
  if (!verify(owner.signing, prekey.signature, "prekey", owner.device, kind, id, prekey.public, expires)) {
    throw new ProtocolError("prekey.invalid", "signature");
  }
  if (now >= expires) throw new ProtocolError("prekey.expired", kind);
  return { ...prekey, bytes };
}

export const BUNDLE = record({
  certificate: certificateBytes,
  signed: prekeyBytes,
  kem: prekeyBytes,
  oneTime: orNil(prekeyBytes),
});
export type BundleBytes = Infer<typeof BUNDLE>;

/** Section 7: prekeys for the renewal of a session, which travel inside it. */
export const OFFER = record({ signed: prekeyBytes, kem: prekeyBytes });
export type OfferBytes = Infer<typeof OFFER>;

export interface Bundle {
  readonly certificate: Certificate;
  readonly signed: Prekey;
  readonly kem: Prekey;
  readonly oneTime: Prekey | null;
}

/** `expected` is the certificate that the clinic log admitted: a relay that hands out another is found here. */
export function openBundle(bundle: BundleBytes, expected: Certificate, now: number): Bundle {
  if (!sameBytes(bundle.certificate, expected.bytes)) throw new ProtocolError("prekey.invalid", "another certificate than the one expected");
  return {
    certificate: expected,
    signed: openPrekey(bundle.signed, expected, ["signed"], now),
    kem: openPrekey(bundle.kem, expected, ["kem-once", "kem-last"], now),
    oneTime: bundle.oneTime === null ? null : openPrekey(bundle.oneTime, expected, ["one-time"], now),
  };
}

export const openOffer = (offer: OfferBytes, expected: Certificate, now: number): Bundle => ({
  certificate: expected,
  signed: openPrekey(offer.signed, expected, ["signed"], now),
  kem: openPrekey(offer.kem, expected, ["kem-once"], now),
  oneTime: null,
});

/** A prekey of our own. `secret` is the X25519 secret, or the 64-byte seed. */
export interface OwnPrekey extends Prekey {
  readonly secret: Bytes;
  /** Made for one peer's renewal and never published. */
  readonly offered: boolean;
}

/** A handshake that was accepted, kept until the last prekey that it used is gone, so that it is accepted once. */
interface Accepted {
  readonly transcript: Transcript;
  readonly prekeys: readonly number[];
}

export interface Prekeys {
  readonly nextId: number;
  readonly own: readonly OwnPrekey[];
  readonly accepted: readonly Accepted[];
}

export const NO_PREKEYS: Prekeys = { nextId: 1, own: [], accepted: [] };

const LIFE: Readonly<Record<PrekeyKind, number>> = {
  signed: PREKEY_LIFE,
  "kem-last": PREKEY_LIFE,
  "one-time": ONE_TIME_LIFE,
  "kem-once": ONE_TIME_LIFE,
};

/** `id` must never have been used by this device, for any kind. Draws the secret: 32 bytes, or the 64-byte seed. */
export function makePrekey(device: DeviceKeys, kind: PrekeyKind, id: number, expires: number, random: Random): OwnPrekey {
  const pair: KeyPair = isKem(kind) ? kemPair(random(KEM_SEED)) : agreementPair(random(KEY));
  const owner = device.certificate.device;
  const signature = sign(device.signing.secret, "prekey", owner, kind, id, pair.public, expires);
  const prekey = { kind, id, public: pair.public, expires, signature };
  return { ...prekey, bytes: encode(PREKEY, prekey), secret: pair.secret, offered: false };
}

function add(prekeys: Prekeys, device: DeviceKeys, kinds: readonly PrekeyKind[], offered: boolean, random: Random, now: number) {
  const life = (kind: PrekeyKind): number => (offered ? PREKEY_LIFE : LIFE[kind]);
  const made = kinds.map((kind, i) =>
    Object.assign(makePrekey(device, kind, prekeys.nextId + i, now + life(kind), random), { offered }),
  );
  const grown = { ...prekeys, nextId: prekeys.nextId + kinds.length, own: [...prekeys.own, ...made] };
  return { prekeys: grown, made };
}

const published = (prekeys: Prekeys, kind: PrekeyKind): readonly OwnPrekey[] =>
  prekeys.own.filter((prekey) => prekey.kind === kind && !prekey.offered);

/** The newest of a kind that is published. */
export const currentPrekey = (prekeys: Prekeys, kind: PrekeyKind): OwnPrekey | undefined => published(prekeys, kind).at(-1);

const rotates = ({ kind, offered }: OwnPrekey): boolean => !offered && (kind === "signed" || kind === "kem-last");

/** Without what has expired, and without what came before the previous one of the rotated kinds. */
function prune(prekeys: Prekeys, now: number): Prekeys {
  const kept = new Set(["signed" as const, "kem-last" as const].flatMap((kind) => published(prekeys, kind).slice(-2)));
  return withOwn(prekeys, prekeys.own.filter((prekey) => prekey.expires > now && (!rotates(prekey) || kept.has(prekey))));
}

function withOwn(prekeys: Prekeys, own: readonly OwnPrekey[]): Prekeys {
  const ids = new Set(own.map(({ id }) => id));
  const accepted = prekeys.accepted.filter((handshake) => handshake.prekeys.some((id) => ids.has(id)));
  return { ...prekeys, own, accepted };
}

/** What `PUT /v1/prekeys` takes (16.6), without `reset`. */
export interface Publication {
  readonly certificate: Bytes;
  readonly signed: Bytes;
  readonly kemLast: Bytes;
  readonly oneTime: readonly Bytes[];
  readonly kemOnce: readonly Bytes[];
}

export interface Stock {
  readonly oneTime: number;
  readonly kemOnce: number;
}

/** What the relay still has of a device's one-time keys that makes it ask for more, and how old a rotated key may be. */
export function prekeysAreDue(prekeys: Prekeys, left: Stock, now: number): boolean {
  const low = ONE_TIME_PREKEYS / 2;
  return rotation(prekeys, now).length > 0 || left.oneTime < low || left.kemOnce < low;
}

const rotation = (prekeys: Prekeys, now: number): readonly PrekeyKind[] =>
  (["signed", "kem-last"] as const).filter((kind) => {
    const current = currentPrekey(prekeys, kind);
    return current === undefined || now >= current.expires - PREKEY_LIFE + PREKEY_ROTATION;
  });

const missing = (kind: PrekeyKind, count: number): readonly PrekeyKind[] =>
  Array.from({ length: Math.max(0, ONE_TIME_PREKEYS - count) }, () => kind);

/** Rotates what is due and fills up to 20 one-time keys of both kinds. Store `prekeys` before `publication` is sent. */
export function refillPrekeys(
  prekeys: Prekeys,
  device: DeviceKeys,
  left: Stock,
  random: Random,
  now: number,
): { readonly prekeys: Prekeys; readonly publication: Publication } {
  const kinds = [...rotation(prekeys, now), ...missing("one-time", left.oneTime), ...missing("kem-once", left.kemOnce)];
  const grown = add(prekeys, device, kinds, false, random, now);
  const current = prune(grown.prekeys, now);
  const bytesOf = (kind: PrekeyKind): readonly Bytes[] =>
    grown.made.filter((prekey) => prekey.kind === kind).map(({ bytes }) => bytes);
  const newest = (kind: PrekeyKind): Bytes => {
    const prekey = currentPrekey(current, kind);
    if (prekey === undefined) throw new ProtocolError("prekey.expired", kind);
    return prekey.bytes;
  };
  const publication = {
    certificate: device.certificate.bytes,
    signed: newest("signed"),
    kemLast: newest("kem-last"),
    oneTime: bytesOf("one-time"),
    kemOnce: bytesOf("kem-once"),
  };
  return { prekeys: current, publication };
}

export function makeOffer(
  prekeys: Prekeys,
  device: DeviceKeys,
  random: Random,
  now: number,
): { readonly prekeys: Prekeys; readonly offer: OfferBytes } {
  const grown = add(prune(prekeys, now), device, ["signed", "kem-once"], true, random, now);
  const [signed, kem] = grown.made;
  if (signed === undefined || kem === undefined) throw new ProtocolError("prekey.invalid", "offer");
  return { prekeys: grown.prekeys, offer: { signed: signed.bytes, kem: kem.bytes } };
}

/** The secret for a handshake that names it. An expired one is gone, whoever still has its public half. */
export function findPrekey(prekeys: Prekeys, id: number, kinds: readonly PrekeyKind[], now: number): OwnPrekey {
  const prekey = prekeys.own.find((own) => own.id === id);
  if (prekey === undefined || now >= prekey.expires) throw new ProtocolError("prekey.expired", "its secret is destroyed");
  if (!kinds.includes(prekey.kind)) throw new ProtocolError("handshake.invalid", "a prekey of another kind");
  return prekey;
}

/** The secrets of one use are deleted with the acceptance: what has been read cannot be read again by a later thief. */
export function acceptHandshake(prekeys: Prekeys, transcript: Transcript, used: readonly OwnPrekey[], now: number): Prekeys {
  const spent = new Set(used.filter(({ kind, offered }) => offered || kind === "one-time" || kind === "kem-once"));
  const accepted = [...prekeys.accepted, { transcript, prekeys: used.map(({ id }) => id) }];
  return prune(withOwn({ ...prekeys, accepted }, prekeys.own.filter((prekey) => !spent.has(prekey))), now);
}

export const wasAccepted = (prekeys: Prekeys, transcript: Transcript): boolean =>
  prekeys.accepted.some((handshake) => sameBytes(handshake.transcript, transcript));

const MANY = 4_096;
const STORED = record({
  version: uint(1, 1),
  nextId: prekeyNumber,
  own: list(record({ prekey: prekeyBytes, secret: binary(KEY, KEM_SEED), offered: boolean }), MANY),
  accepted: list(record({ transcript: transcriptHash, prekeys: list(prekeyNumber, 3) }), MANY),
});

export const encodePrekeys = (prekeys: Prekeys): Bytes =>
  encode(STORED, {
    version: 1,
    nextId: prekeys.nextId,
    own: prekeys.own.map(({ bytes, secret, offered }) => ({ prekey: bytes, secret, offered })),
    accepted: prekeys.accepted,
  });

export function decodePrekeys(bytes: Bytes): Prekeys {
  const { nextId, own, accepted } = decode(STORED, bytes);
  return {
    nextId,
    accepted,
    own: own.map(({ prekey, secret, offered }) => Object.assign(decode(PREKEY, prekey), { bytes: prekey, secret, offered })),
  };
}
