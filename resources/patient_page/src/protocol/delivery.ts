/** A message on its way: content into body, slots and envelope, and back. Sections 7 to 9 of docs/protocol.md in one step. */
import { type Bytes, sameBytes } from "./encoding";
import { ProtocolError } from "./errors";
import { type Message, requireClock, requireRecipient, verifyContent } from "./content";
import { type Envelope, bodyHash, openBody, sealBody } from "./envelope";
import type { InvitationProof } from "./invitation";
import type { DeviceId, DeviceKeys, EnvelopeId, MailboxId, Transcript } from "./keys";
import type { Prekeys } from "./prekeys";
import { KEY, type Random } from "./primitives";
import { deliveryHash } from "./receipt";
import { type Opened, type Peer, isUnanswered, openSlot, sealSlot, sendingSession } from "./session";

/** One recipient of an envelope, and the hash that its receipts will name. */
export interface Delivery {
  readonly device: DeviceId;
  readonly mailbox: MailboxId;
  readonly hash: Bytes;
}

export interface SealedMessage {
  readonly envelope: Envelope;
  readonly deliveries: readonly Delivery[];
  readonly peers: readonly Peer[];
  readonly prekeys: Prekeys;
}

/** What goes into the `init` slot for one peer, given the transcript of the session with it; null where nothing does. */
export type Invite = (peer: DeviceId, transcript: Transcript) => InvitationProof | null;
export const NO_INVITATION: Invite = () => null;

/**
 * `peers` are the message's recipients, in its order. Store `peers`, `prekeys` and the envelope before anything is sent.
 * A further attempt with the same `message` makes a new envelope.
 */
export function sealMessage(
  message: Message,
  peers: readonly Peer[],
  device: DeviceKeys,
  prekeys: Prekeys,
  invite: Invite,
  random: Random,
  now: number,
): SealedMessage {
  const { stream, message: id } = message.content;
  for (const { certificate } of peers) requireRecipient(message.content, certificate.device);
  const messageKey = random(KEY);
  const sender = device.certificate.mailbox;
  const body = sealBody(messageKey, { stream, sender, message: id }, message.signed, random);
  const secret = { messageKey, bodyHash: bodyHash(body), stream, message: id };
  let current = prekeys;
  const sealed = peers.map((peer) => {
    const session = sendingSession(peer);
    const begins = session !== undefined && isUnanswered(session);
    const proof = begins ? invite(peer.certificate.device, session.transcript) : null;
    const one = sealSlot(peer, device, current, secret, proof, random, now);
    current = one.prekeys;
    return one;
  });
  const envelope = random(16) as EnvelopeId;
  const deliveries = sealed.map(({ peer, slot }) => {
    const { device: recipient, mailbox } = peer.certificate;
    return { device: recipient, mailbox, hash: deliveryHash(sender, mailbox, envelope, body, slot) };
  });
  const slots = sealed.map(({ peer, slot }) => ({ mailbox: peer.certificate.mailbox, slot }));
  return { envelope: { id: envelope, body, slots }, deliveries, peers: sealed.map(({ peer }) => peer), prekeys: current };
}

export interface OpenedMessage {
  readonly message: Message;
  readonly peer: Peer;
  readonly prekeys: Prekeys;
  readonly transcript: Transcript;
}

/**
 * What the relay says that `peer`'s mailbox sent. On an error nothing has changed; on success store `peer` and `prekeys`
 * with the message, and then sign the receipt.
 */
export function openMessage(
  received: { readonly body: Bytes; readonly slot: Bytes },
  peer: Peer,
  device: DeviceKeys,
  prekeys: Prekeys,
  random: Random,
  now: number,
): OpenedMessage {
  return openReceived(openSlot(peer, device, prekeys, received.slot, random, now), received.body, device, now);
}

/** The message of a slot that was opened, and that carries no signal. */
export function openReceived(opened: Opened, body: Bytes, device: DeviceKeys, now: number): OpenedMessage {
  const { certificate } = opened.peer;
  const { messageKey, bodyHash: expected, stream, message: id } = opened.content;
  const binding = { stream, sender: certificate.mailbox, message: id };
  const message = verifyContent(openBody(messageKey, expected, binding, body), certificate);
  const { content } = message;
  if (!sameBytes(content.stream, stream) || !sameBytes(content.message, id)) throw new ProtocolError("message.forged", "slot");
  requireRecipient(content, device.certificate.device);
  requireClock(content, certificate, now);
  return { message, peer: opened.peer, prekeys: opened.prekeys, transcript: opened.transcript };
}
