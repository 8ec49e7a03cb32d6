/**
 * docs/protocol.md section 6: Signal's Double Ratchet, revision 3, with header encryption
 * (https://signal.org/docs/specifications/doubleratchet/). A state is a value: encryption and decryption return the next
 * one, so a failure cannot leave half a step behind.
 */
import { type Bytes, type Infer, type Shape, binary, concat, frame, list, orNil, record, sameBytes, u32, uint } from "./encoding";
import { ProtocolError } from "./errors";
import type { SessionId, Transcript } from "./keys";
import { SKIPPED_KEYS, SKIPPED_KEY_LIFE } from "./limits";
import { KEY, type KeyPair, type Random, SEAL_OVERHEAD, agreementPair, dh, hmacSha256, kdf, open, seal } from "./primitives";
import type { SharedSecret } from "./pqxdh";

const COUNTER = uint(2 ** 32 - 1);
const KEY_BYTES = binary(KEY);

const SKIPPED = record({ headerKey: KEY_BYTES, number: COUNTER, messageKey: KEY_BYTES, time: uint() });
type Skipped = Infer<typeof SKIPPED>;

/** The specification's DHs, DHr, RK, CKs, CKr, HKs, HKr, NHKs, NHKr, Ns, Nr, PN and MKSKIPPED, in this order. */
const RATCHET = record({
  ownSecret: KEY_BYTES,
  ownPublic: KEY_BYTES,
  peerPublic: orNil(KEY_BYTES),
  rootKey: KEY_BYTES,
  sendingChain: orNil(KEY_BYTES),
  receivingChain: orNil(KEY_BYTES),
  sendingHeader: orNil(KEY_BYTES),
  receivingHeader: orNil(KEY_BYTES),
  nextSendingHeader: KEY_BYTES,
  nextReceivingHeader: KEY_BYTES,
  sent: COUNTER,
  received: COUNTER,
  previousSent: COUNTER,
  skipped: list(SKIPPED, SKIPPED_KEYS),
});
export type DoubleRatchet = Infer<typeof RATCHET>;
export const ratchetShape: Shape<DoubleRatchet> = RATCHET;

/** What a message is bound to beside its header. */
export interface Binding {
  readonly transcript: Transcript;
  readonly session: SessionId;
}

export interface Encrypted {
  readonly encHeader: Bytes;
  readonly ciphertext: Bytes;
}

const HEADER_LENGTH = 40;
export const ENC_HEADER = HEADER_LENGTH + SEAL_OVERHEAD;

interface Header {
  readonly dh: Bytes;
  readonly previousSent: number;
  readonly number: number;
}

const undecryptable = (): ProtocolError => new ProtocolError("message.undecryptable");

export function stepRoot(rootKey: Bytes, agreed: Bytes): { readonly rootKey: Bytes; readonly chain: Bytes; readonly nextHeader: Bytes } {
  const derived = kdf(agreed, rootKey, 96, "root");
  return { rootKey: derived.slice(0, 32), chain: derived.slice(32, 64), nextHeader: derived.slice(64) };
}

const MESSAGE_KEY = Uint8Array.of(1);
const CHAIN_KEY = Uint8Array.of(2);

export const stepChain = (chain: Bytes): { readonly messageKey: Bytes; readonly chain: Bytes } => ({
  messageKey: hmacSha256(chain, MESSAGE_KEY),
  chain: hmacSha256(chain, CHAIN_KEY),
});

/** RatchetInitAliceHE. Draws the first ratchet secret (32). */
export function initiatorRatchet(shared: SharedSecret, peerPublic: Bytes, random: Random): DoubleRatchet {
  const own = agreementPair(random(KEY));
  const { rootKey, chain, nextHeader } = stepRoot(shared.rootKey, dh(own.secret, peerPublic));
  return {
    ownSecret: own.secret,
    ownPublic: own.public,
    peerPublic,
    rootKey,
    sendingChain: chain,
    receivingChain: null,
    sendingHeader: shared.headerKey,
    receivingHeader: null,
    nextSendingHeader: nextHeader,
    nextReceivingHeader: shared.nextHeaderKey,
    sent: 0,
    received: 0,
    previousSent: 0,
    skipped: [],
  };
}

/** RatchetInitBobHE. */
export const responderRatchet = (shared: SharedSecret, own: KeyPair): DoubleRatchet => ({
  ownSecret: own.secret,
  ownPublic: own.public,
  peerPublic: null,
  rootKey: shared.rootKey,
  sendingChain: null,
  receivingChain: null,
  sendingHeader: null,
  receivingHeader: null,
  nextSendingHeader: shared.nextHeaderKey,
  nextReceivingHeader: shared.headerKey,
  sent: 0,
  received: 0,
  previousSent: 0,
  skipped: [],
});

const headerAssociated = (binding: Binding): Bytes => frame("header", binding.session);
const messageAssociated = (binding: Binding, encHeader: Bytes): Bytes =>
  frame("ratchet", binding.transcript, binding.session, encHeader);

/** Draws the header's nonce (24), then the message's (24). */
export function ratchetEncrypt(
  ratchet: DoubleRatchet,
  binding: Binding,
  plaintext: Bytes,
  random: Random,
): Encrypted & { readonly ratchet: DoubleRatchet } {
  const { sendingChain, sendingHeader, sent } = ratchet;
  if (sendingChain === null || sendingHeader === null) throw new ProtocolError("handshake.invalid", "nothing was received yet");
  const { messageKey, chain } = stepChain(sendingChain);
  const header = concat(ratchet.ownPublic, u32(ratchet.previousSent), u32(sent));
  const encHeader = seal(sendingHeader, headerAssociated(binding), header, random);
  const ciphertext = seal(messageKey, messageAssociated(binding, encHeader), plaintext, random);
  return { ratchet: { ...ratchet, sendingChain: chain, sent: sent + 1 }, encHeader, ciphertext };
}

function openHeader(key: Bytes | null, binding: Binding, encHeader: Bytes): Header | undefined {
  const header = key === null ? undefined : open(key, headerAssociated(binding), encHeader);
  if (header?.length !== HEADER_LENGTH) return undefined;
  const view = new DataView(header.buffer, header.byteOffset);
  return { dh: header.slice(0, 32), previousSent: view.getUint32(32), number: view.getUint32(36) };
}

/** A key that was kept for a message which others overtook. Each header key is tried once. */
function findSkipped(skipped: readonly Skipped[], binding: Binding, encHeader: Bytes): Skipped | undefined {
  let tried: Bytes | undefined;
  let header: Header | undefined;
  return skipped.find((key) => {
    if (tried === undefined || !sameBytes(tried, key.headerKey)) {
      tried = key.headerKey;
      header = openHeader(tried, binding, encHeader);
    }
    return header?.number === key.number;
  });
}

function skipTo(ratchet: DoubleRatchet, until: number, now: number): DoubleRatchet {
  const { receivingHeader: headerKey } = ratchet;
  let { receivingChain, received } = ratchet;
  if (receivingChain === null || headerKey === null || received >= until) return ratchet;
  const skipped: Skipped[] = [];
  for (; received < until; received += 1) {
    const { messageKey, chain }: ReturnType<typeof stepChain> = stepChain(receivingChain);
    skipped.push({ headerKey, number: received, messageKey, time: now });
    receivingChain = chain;
  }
  return { ...ratchet, receivingChain, received, skipped: [...ratchet.skipped, ...skipped] };
}

/** DHRatchetHE. Draws the next ratchet secret (32). */
function step(ratchet: DoubleRatchet, peerPublic: Bytes, random: Random): DoubleRatchet {
  const receiving = stepRoot(ratchet.rootKey, dh(ratchet.ownSecret, peerPublic));
  const own = agreementPair(random(KEY));
  const sending = stepRoot(receiving.rootKey, dh(own.secret, peerPublic));
  return {
    ownSecret: own.secret,
    ownPublic: own.public,
    peerPublic,
    rootKey: sending.rootKey,
    sendingChain: sending.chain,
    receivingChain: receiving.chain,
    sendingHeader: ratchet.nextSendingHeader,
    receivingHeader: ratchet.nextReceivingHeader,
    nextSendingHeader: sending.nextHeader,
    nextReceivingHeader: receiving.nextHeader,
    sent: 0,
    received: 0,
    previousSent: ratchet.sent,
    skipped: ratchet.skipped,
  };
}

/** Before anything is computed: how many keys a header asks to be skipped, in the chain that ends and the one it names. */
function requireFewSkipped(ratchet: DoubleRatchet, header: Header, steps: boolean): void {
  const inOldChain = ratchet.receivingChain === null ? 0 : Math.max(0, header.previousSent - ratchet.received);
  const skips = steps ? inOldChain + header.number : header.number - ratchet.received;
  // Below zero: a number whose key is used up.
  if (skips < 0 || skips > SKIPPED_KEYS) throw undecryptable();
}

function advance(ratchet: DoubleRatchet, binding: Binding, encHeader: Bytes, random: Random, now: number): DoubleRatchet {
  const current = openHeader(ratchet.receivingHeader, binding, encHeader);
  const header = current ?? openHeader(ratchet.nextReceivingHeader, binding, encHeader);
  if (header === undefined) throw undecryptable();
  const steps = current === undefined;
  requireFewSkipped(ratchet, header, steps);
  const stepped = steps ? step(skipTo(ratchet, header.previousSent, now), header.dh, random) : ratchet;
  return skipTo(stepped, header.number, now);
}

function openMessage(key: Bytes, binding: Binding, { encHeader, ciphertext }: Encrypted): Bytes {
  const plaintext = open(key, messageAssociated(binding, encHeader), ciphertext);
  if (plaintext === undefined) throw undecryptable();
  return plaintext;
}

function decryptOrThrow(before: DoubleRatchet, binding: Binding, message: Encrypted, random: Random, now: number) {
  const ratchet = { ...before, skipped: before.skipped.filter(({ time }) => now - time <= SKIPPED_KEY_LIFE) };
  const kept = findSkipped(ratchet.skipped, binding, message.encHeader);
  if (kept !== undefined) {
    const plaintext = openMessage(kept.messageKey, binding, message);
    return { ratchet: { ...ratchet, skipped: ratchet.skipped.filter((key) => key !== kept) }, plaintext };
  }
  const advanced = advance(ratchet, binding, message.encHeader, random, now);
  if (advanced.receivingChain === null) throw undecryptable();
  const { messageKey, chain } = stepChain(advanced.receivingChain);
  const plaintext = openMessage(messageKey, binding, message);
  const skipped = advanced.skipped.slice(-SKIPPED_KEYS);
  return { ratchet: { ...advanced, receivingChain: chain, received: advanced.received + 1, skipped }, plaintext };
}

/** Whatever fails is `message.undecryptable`: who sends guesses learns nothing from the kind of refusal. */
export function ratchetDecrypt(
  ratchet: DoubleRatchet,
  binding: Binding,
  message: Encrypted,
  random: Random,
  now: number,
): { readonly ratchet: DoubleRatchet; readonly plaintext: Bytes } {
  try {
    return decryptOrThrow(ratchet, binding, message, random, now);
  } catch (error) {
    throw error instanceof ProtocolError ? undecryptable() : error;
  }
}
