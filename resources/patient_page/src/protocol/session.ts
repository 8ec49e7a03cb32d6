/**
 * docs/protocol.md section 7: the sessions with one other device. One of them sends; the others only receive what is
 * still under way. A `Peer` is a value: whoever stores it stores it before a slot leaves, and with the message that came.
 */
import { type Bytes, type Infer, boolean, compareBytes, decode, encode, list, orNil, record, sameBytes, uint } from "./encoding";
import { type InitSlot, type Slot, type SlotContent, decodeSlot, encodeSlot, isSignal, padSlotContent, unpadSlotContent } from "./envelope";
import { ProtocolError, isProtocolError } from "./errors";
import { initiatorRatchet, ratchetDecrypt, ratchetEncrypt, ratchetShape, responderRatchet } from "./double_ratchet";
import type { InvitationProof } from "./invitation";
import {
  type Certificate,
  type DeviceKeys,
  type SessionId,
  type Transcript,
  certificateBytes,
  openCertificate,
  sessionId,
  transcriptHash,
} from "./keys";
import { RECEIVING_SESSIONS, SESSION_LIFE, SESSION_MESSAGES } from "./limits";
import { HANDSHAKE, type Handshake, type UsedPrekeys, initiate, ratchetPair, respond } from "./pqxdh";
import {
  type Bundle,
  OFFER,
  type OfferBytes,
  type OwnPrekey,
  type Prekeys,
  acceptHandshake,
  findPrekey,
  makeOffer,
  openOffer,
  wasAccepted,
} from "./prekeys";
import { type Random, sign, verify } from "./primitives";

const SESSION = record({
  id: sessionId,
  transcript: transcriptHash,
  /** Whether this device began it. */
  initiated: boolean,
  handshake: record(HANDSHAKE),
  created: uint(),
  sent: uint(),
  received: uint(),
  ratchet: ratchetShape,
});
export type Session = Infer<typeof SESSION>;

export interface Peer {
  /** The other device's, as the clinic log admitted it. */
  readonly certificate: Certificate;
  /** The oldest first. */
  readonly sessions: readonly Session[];
  /** The one that sends. */
  readonly sending: SessionId | null;
  /** What this device adds to its slots while the sending session is due. */
  readonly offer: OfferBytes | null;
}

/** Of an undecryptable message: there is no such session, so the sender has to shake hands anew. */
export const NO_SESSION = "no-session";

export const newPeer = (certificate: Certificate): Peer => ({ certificate, sessions: [], sending: null, offer: null });

const findSession = (peer: Peer, id: SessionId | null): Session | undefined =>
  id === null ? undefined : peer.sessions.find((session) => sameBytes(session.id, id));

export const sendingSession = (peer: Peer): Session | undefined => findSession(peer, peer.sending);

/** Begun here and not answered yet: the peer may never have seen it, so every slot repeats the handshake. */
export const isUnanswered = (session: Session): boolean => session.initiated && session.received === 0;

/** With one more session. Of those that only receive, the oldest goes first. */
function withSession(peer: Peer, session: Session, sends: boolean): Peer {
  const sending = sends ? session.id : peer.sending;
  const sessions = [...peer.sessions, session];
  const others = sessions.filter(({ id }) => sending === null || !sameBytes(id, sending));
  const dropped = new Set(others.slice(0, Math.max(0, others.length - RECEIVING_SESSIONS)));
  return { ...peer, sessions: sessions.filter((kept) => !dropped.has(kept)), sending, offer: sends ? null : peer.offer };
}

const replaceSession = (peer: Peer, session: Session): Peer => ({
  ...peer,
  sessions: peer.sessions.map((other) => (sameBytes(other.id, session.id) ? session : other)),
});

/**
 * The new session sends from now on. Draws the ephemeral secret (32), the encapsulation's randomness (32), the session id
 * (16), and the first ratchet secret (32).
 */
export function beginSession(peer: Peer, device: DeviceKeys, bundle: Bundle, random: Random, now: number): Peer {
  if (!sameBytes(bundle.certificate.bytes, peer.certificate.bytes)) throw new ProtocolError("prekey.invalid", "another device's");
  const { shared, handshake } = initiate(device, bundle, random);
  const id = random(16) as SessionId;
  const ratchet = initiatorRatchet(shared, bundle.signed.public, random);
  const { transcript } = shared;
  return withSession(peer, { id, transcript, initiated: true, handshake, created: now, sent: 0, received: 0, ratchet }, true);
}

export const isDue = (session: Session, now: number): boolean =>
  now - session.created >= SESSION_LIFE || session.sent + session.received >= SESSION_MESSAGES;

const isHigher = (device: DeviceKeys, peer: Peer): boolean =>
  compareBytes(device.certificate.device, peer.certificate.device) > 0;

/** The offer that the higher device adds while its session is due: the one made before, while its prekeys live. */
function offerFor(peer: Peer, session: Session, device: DeviceKeys, prekeys: Prekeys, random: Random, now: number) {
  const { offer } = peer;
  if (!isHigher(device, peer) || !isDue(session, now)) return { offer: null, prekeys };
  const lives = (prekey: Bytes): boolean => prekeys.own.some(({ bytes, expires }) => sameBytes(bytes, prekey) && expires > now);
  if (offer !== null && lives(offer.signed) && lives(offer.kem)) return { offer, prekeys };
  return makeOffer(prekeys, device, random, now);
}

/** What is told to one recipient. */
export interface SlotSecret {
  readonly messageKey: Bytes;
  readonly bodyHash: Bytes;
  readonly stream: SlotContent["stream"];
  readonly message: SlotContent["message"];
}

export interface Sealed {
  readonly peer: Peer;
  readonly prekeys: Prekeys;
  readonly slot: Bytes;
}

/** Store `peer` and `prekeys` before `slot` is sent. `invitation` goes into `init` slots only. */
export function sealSlot(
  peer: Peer,
  device: DeviceKeys,
  prekeys: Prekeys,
  secret: SlotSecret,
  invitation: InvitationProof | null,
  random: Random,
  now: number,
): Sealed {
  const session = sendingSession(peer);
  if (session === undefined) throw new ProtocolError("handshake.invalid", "no session to send in");
  const { transcript, id, handshake } = session;
  const kind = isUnanswered(session) ? "init" : "next";
  if (kind === "next" && invitation !== null) throw new ProtocolError("handshake.invalid", "an invitation is shown in a new handshake");
  const signature = kind === "init" ? sign(device.signing.secret, "handshake", transcript) : null;
  const proof = signature === null ? null : { handshake: signature, invitation };
  const { offer, prekeys: offered } = offerFor(peer, session, device, prekeys, random, now);
  const plaintext = padSlotContent(kind, { ...secret, proof, offer });
  const { ratchet, ...ratcheted } = ratchetEncrypt(session.ratchet, { transcript, session: id }, plaintext, random);
  const slot: Slot =
    kind === "next"
      ? { kind, session: id, ...ratcheted }
      : { kind, session: id, certificate: device.certificate.bytes, ...handshake, ...ratcheted };
  const next = replaceSession({ ...peer, offer }, { ...session, ratchet, sent: session.sent + 1 });
  return { peer: next, prekeys: offered, slot: encodeSlot(slot) };
}

/** A signal's slot: it begins no session, renews none, and is not counted as a message. Store the peer before it is sent. */
export function sealSignalSlot(peer: Peer, secret: SlotSecret, random: Random): { readonly peer: Peer; readonly slot: Bytes } {
  const session = sendingSession(peer);
  if (session === undefined || isUnanswered(session)) throw new ProtocolError("message.undecryptable", NO_SESSION);
  const { transcript, id } = session;
  const plaintext = padSlotContent("next", { ...secret, proof: null, offer: null });
  const { ratchet, ...ratcheted } = ratchetEncrypt(session.ratchet, { transcript, session: id }, plaintext, random);
  return { peer: replaceSession(peer, { ...session, ratchet }), slot: encodeSlot({ kind: "next", session: id, ...ratcheted }) };
}

export interface Opened {
  readonly peer: Peer;
  readonly prekeys: Prekeys;
  readonly content: SlotContent;
  /** The session in which it came, and its handshake. */
  readonly session: SessionId;
  readonly transcript: Transcript;
}

/** The session after a slot, and what the slot says. Without the proof a stolen prekey would let anybody begin in any name. */
function readIn(peer: Peer, session: Session, slot: Slot, random: Random, now: number) {
  const { transcript, id } = session;
  const { ratchet, plaintext } = ratchetDecrypt(session.ratchet, { transcript, session: id }, slot, random, now);
  const content = unpadSlotContent(slot.kind, plaintext);
  if (content.proof !== null && !verify(peer.certificate.signing, content.proof.handshake, "handshake", transcript)) {
    throw new ProtocolError("handshake.invalid", "signature");
  }
  const received = isSignal(content) ? session.received : session.received + 1;
  return { session: { ...session, ratchet, received }, content };
}

const HANDSHAKE_SHAPE = record(HANDSHAKE);
const sameHandshake = (a: Handshake, b: Handshake): boolean => sameBytes(encode(HANDSHAKE_SHAPE, a), encode(HANDSHAKE_SHAPE, b));

function readKnown(peer: Peer, prekeys: Prekeys, known: Session, slot: Slot, random: Random, now: number): Opened {
  if (slot.kind === "init" && (known.initiated || !sameHandshake(known.handshake, slot))) {
    throw new ProtocolError("message.undecryptable");
  }
  const { session, content } = readIn(peer, known, slot, random, now);
  return { peer: replaceSession(peer, session), prekeys, content, transcript: session.transcript, session: session.id };
}

function usedPrekeys(prekeys: Prekeys, slot: InitSlot, now: number): UsedPrekeys {
  return {
    signed: findPrekey(prekeys, slot.signedId, ["signed"], now),
    kem: findPrekey(prekeys, slot.kemId, ["kem-once", "kem-last"], now),
    oneTime: slot.oneTimeId === null ? null : findPrekey(prekeys, slot.oneTimeId, ["one-time"], now),
  };
}

/**
 * A peer's new session sends, unless both sides began and ours has the lower transcript hash. One that takes up our offer
 * does not cross ours, answered or not: the peer has heard us.
 */
function outranks(peer: Peer, session: Session, kem: OwnPrekey): boolean {
  const sending = sendingSession(peer);
  if (sending === undefined || !isUnanswered(sending)) return true;
  const renews = peer.offer !== null && sameBytes(peer.offer.kem, kem.bytes);
  return renews || compareBytes(session.transcript, sending.transcript) < 0;
}

function readNew(peer: Peer, device: DeviceKeys, prekeys: Prekeys, slot: InitSlot, random: Random, now: number): Opened {
  const used = usedPrekeys(prekeys, slot, now);
  const shared = respond(device, peer.certificate, slot, used);
  const { transcript } = shared;
  if (wasAccepted(prekeys, transcript)) throw new ProtocolError("handshake.replayed");
  const { ephemeral, signedId, oneTimeId, kemId, kemCiphertext } = slot;
  const begun: Session = {
    id: slot.session,
    transcript,
    initiated: false,
    handshake: { ephemeral, signedId, oneTimeId, kemId, kemCiphertext },
    created: now,
    sent: 0,
    received: 0,
    ratchet: responderRatchet(shared, ratchetPair(used.signed)),
  };
  const { session, content } = readIn(peer, begun, slot, random, now);
  const spent = [used.signed, used.kem, ...(used.oneTime === null ? [] : [used.oneTime])];
  return {
    peer: withSession(peer, session, outranks(peer, session, used.kem)),
    prekeys: acceptHandshake(prekeys, transcript, spent, now),
    content,
    transcript,
    session: session.id,
  };
}

/**
 * The lower device takes up an offer. The peer repeats it until it hears of the new session: what comes in a session older
 * than one begun here since is that echo. An offer that does not verify renews nothing, and the message stands.
 */
function renew(opened: Opened, device: DeviceKeys, random: Random, now: number): Opened {
  const { peer, content } = opened;
  const at = peer.sessions.findIndex(({ id }) => sameBytes(id, opened.session));
  const isEcho = peer.sessions.slice(at + 1).some(({ initiated }) => initiated);
  if (content.offer === null || isHigher(device, peer) || at < 0 || isEcho) return opened;
  try {
    const bundle = openOffer(content.offer, peer.certificate, now);
    return { ...opened, peer: beginSession(peer, device, bundle, random, now) };
  } catch (error) {
    if (isProtocolError(error)) return opened;
    throw error;
  }
}

/**
 * Opens what a device sent. On an error nothing has changed; on success store `peer` and `prekeys` together with the
 * message. Draws the next ratchet secret (32) where the ratchet steps, and then, where an offer renews the session, what
 * `beginSession` draws.
 */
export function openSlot(peer: Peer, device: DeviceKeys, prekeys: Prekeys, bytes: Bytes, random: Random, now: number): Opened {
  const slot = decodeSlot(bytes);
  if (slot.kind === "init" && !sameBytes(slot.certificate, peer.certificate.bytes)) {
    throw new ProtocolError("message.forged", "certificate");
  }
  const known = findSession(peer, slot.session);
  if (known !== undefined) return renew(readKnown(peer, prekeys, known, slot, random, now), device, random, now);
  if (slot.kind === "next") throw new ProtocolError("message.undecryptable", NO_SESSION);
  return renew(readNew(peer, device, prekeys, slot, random, now), device, random, now);
}

const STORED = record({
  version: uint(1, 1),
  certificate: certificateBytes,
  sessions: list(SESSION, RECEIVING_SESSIONS + 1),
  sending: orNil(sessionId),
  offer: orNil(OFFER),
});

export const encodePeer = ({ certificate, ...state }: Peer): Bytes =>
  encode(STORED, { version: 1, certificate: certificate.bytes, ...state });

export function decodePeer(bytes: Bytes): Peer {
  const { certificate, sessions, sending, offer } = decode(STORED, bytes);
  return { certificate: openCertificate(certificate), sessions, sending, offer };
}
