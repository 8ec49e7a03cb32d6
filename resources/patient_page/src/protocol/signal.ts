/**
 * docs/protocol.md section 22: what is true only for the moment, told in the sessions that are there. A signal is no
 * message: it is not signed, not chained, not stored and not answered. What proves its sender is the ratchet.
 */
import { type Bytes, type Infer, type Shape, boolean, decode, encode, frame, malformed, oneOf, orNil, pad, record, sameBytes, suite, tagged, uint, unpad } from "./encoding";
import type { Party } from "./content";
import { type Envelope, NO_STREAM, type SlotContent, bodyHash } from "./envelope";
import { ProtocolError } from "./errors";
import { type DeviceKeys, type EnvelopeId, type MailboxId, type MessageId, streamId } from "./keys";
import { BODY_BUCKETS, SIGNAL_AGE } from "./limits";
import { KEY, type Random, SEAL_OVERHEAD, open, seal } from "./primitives";
import { type Peer, sealSignalSlot } from "./session";

const HINT_FIELDS = tagged({
  /** Somebody writes to the other side of a conversation, or has stopped. */
  typing: { stream: streamId, on: boolean },
  /** Which conversation stands open on a desk. */
  viewing: { stream: orNil(streamId) },
  replying: { stream: streamId, on: boolean },
  presence: { state: oneOf<"available" | "away" | "offline">("available", "away", "offline") },
  /** How many wait before this patient, and for about how long they will; nil where that is not known, or over. */
  queue: { ahead: orNil(uint(9_999)), minutes: orNil(uint(1_440, 1)) },
});
export type Hint = Infer<typeof HINT_FIELDS>;

function requireSound(hint: Hint): Hint {
  if (hint.kind === "queue" && hint.ahead === null && hint.minutes !== null) throw malformed("a time without a place in the queue");
  return hint;
}

export const HINT: Shape<Hint> = {
  read: (reader) => requireSound(HINT_FIELDS.read(reader)),
  write: (hint) => HINT_FIELDS.write(requireSound(hint)),
};

const SIGNAL = record({ suite, time: uint(), hint: HINT });

/** A hint and when it was given, in milliseconds. */
export type Signal = Omit<Infer<typeof SIGNAL>, "suite">;

/** For so long is a hint believed when no other of its kind follows. */
export const HOLDS: Readonly<Record<Hint["kind"], number>> = { typing: 15_000, viewing: 60_000, replying: 60_000, presence: 120_000, queue: 180_000 };

/** Whether it was given so lately, by its sender's clock, that it may say something about now. */
export const isCurrent = ({ time }: Signal, now: number): boolean => Math.abs(now - time) <= SIGNAL_AGE;

/** Until when to believe it. A clock that runs ahead makes nothing hold for longer. */
export const endOf = ({ time, hint }: Signal, now: number): number => Math.min(time, now) + HOLDS[hint.kind];

/** Who may tell what to whom. What concerns the team never leaves it. */
export function mayTell({ kind }: Hint, author: Party, reader: Party): boolean {
  if (author === "auditor" || reader === "auditor") return false;
  if (kind === "typing") return (author === "patient") !== (reader === "patient");
  if (kind === "queue") return author !== "patient" && reader === "patient";
  return author !== "patient" && reader !== "patient";
}

const associated = (sender: MailboxId, message: MessageId): Bytes => frame("signal", sender, message);
const [LENGTH] = BODY_BUCKETS;

/** All signals are of one length. Draws the nonce (24). */
export const sealSignal = (messageKey: Bytes, sender: MailboxId, message: MessageId, signal: Signal, random: Random): Bytes =>
  seal(messageKey, associated(sender, message), pad(encode(SIGNAL, { suite: "SD1", ...signal }), LENGTH), random);

export function openSignal(messageKey: Bytes, sender: MailboxId, message: MessageId, body: Bytes): Signal {
  if (body.length !== LENGTH + SEAL_OVERHEAD) throw new ProtocolError("encoding.malformed", "length of a signal");
  const padded = open(messageKey, associated(sender, message), body);
  if (padded === undefined) throw new ProtocolError("message.undecryptable");
  const { time, hint } = decode(SIGNAL, unpad(padded));
  return { time, hint };
}

/** Of a slot that was opened. */
export function readSignal(content: SlotContent, sender: MailboxId, body: Bytes): Signal {
  if (!sameBytes(bodyHash(body), content.bodyHash)) throw new ProtocolError("message.forged", "body hash");
  return openSignal(content.messageKey, sender, content.message, body);
}

export interface ComposedSignal {
  readonly envelope: Envelope;
  readonly peers: readonly Peer[];
}

/** Throws where a peer was not heard from in its session, or may not be told this. Store `peers` before anything is sent. */
export function composeSignal(hint: Hint, peers: readonly Peer[], device: DeviceKeys, random: Random, now: number): ComposedSignal {
  const author: Party = device.certificate.kind;
  const allowed = peers.every(({ certificate }) => mayTell(hint, author, certificate.kind));
  if (!allowed) throw new ProtocolError("event.not-permitted", "not for this device");
  const { mailbox } = device.certificate;
  const message = random(16) as MessageId;
  const messageKey = random(KEY);
  const body = sealSignal(messageKey, mailbox, message, { time: now, hint }, random);
  const secret = { messageKey, bodyHash: bodyHash(body), stream: NO_STREAM, message };
  const sealed = peers.map((peer) => sealSignalSlot(peer, secret, random));
  const slots = sealed.map(({ peer, slot }) => ({ mailbox: peer.certificate.mailbox, slot }));
  return { envelope: { id: random(16) as EnvelopeId, body, slots }, peers: sealed.map(({ peer }) => peer) };
}
