/** What leaves: signing, sealing, and how far each message has come. Pure: from the memory to the changes of it. */
import { type Bytes, sameBytes, toHex } from "./protocol/encoding";
import { type Event, type Message, conversationId, sharedStream, signContent } from "./protocol/content";
import { nextContent } from "./protocol/conversation";
import { type Invite, type SealedMessage, sealMessage } from "./protocol/delivery";
import { isProtocolError } from "./protocol/errors";
import { type InvitationSecrets, NO_ANSWERS, deriveInvitation, makeProof, nextChecker } from "./protocol/invitation";
import type { DeviceId, DeviceKeys, StreamId } from "./protocol/keys";
import { RECIPIENTS, RETRIES } from "./protocol/limits";
import type { Random } from "./protocol/primitives";
import { type Receipt, type ReceiptPayload, verifyAccepted, verifyReceipt } from "./protocol/receipt";
import { type Peer, sendingSession } from "./protocol/session";
import { type ClinicLog, logHead } from "./transparency/clinic_log";
import { currentRelay, recipientsOf } from "./transparency/roster";
import { type Changes, type DeliveryState, type Intent, type LineRecord, type Memory, type Sent, type SentDelivery, intentName } from "./ledger";
import { type EnvelopeAnswer, Nonsense } from "./wire";

/** The memory of a page that has joined a clinic. */
export interface Joined extends Memory {
  readonly device: DeviceKeys;
  readonly line: LineRecord;
  readonly log: NonNullable<Memory["log"]>;
}

export function isJoined(memory: Memory): memory is Joined {
  return memory.device !== undefined && memory.line !== undefined && memory.log !== undefined;
}

export const ownDevice = ({ device }: Joined): DeviceId => device.certificate.device;

export const streamOf = ({ device, line }: Joined): StreamId =>
  sharedStream(conversationId(device.certificate.device, line.clinic, line.nonce));

/** The devices that a message goes to: those of the clinic log, and no word of the relay's. */
export const recipients = (log: ClinicLog) =>
  recipientsOf(log.roster)
    .map(({ certificate }) => certificate)
    .slice(0, RECIPIENTS.value);

/** Peers with whom a session stands, in the log's order. */
export const readyPeers = (memory: Joined): readonly Peer[] =>
  recipients(memory.log.log).flatMap(({ device }) => {
    const peer = memory.peers.get(toHex(device));
    return peer === undefined || sendingSession(peer) === undefined ? [] : [peer];
  });

/** The newest word to say, queued. It is on disk before anybody sees it. */
/** Whether the relay has taken everything that was written here. */
export const hasSentAll = ({ intents, sent }: Pick<Memory, "intents" | "sent">): boolean =>
  intents.size === 0 && [...sent.values()].every(({ envelopes }) => envelopes.length === 0);

export function intend(line: LineRecord, event: Event, random: Random, now: number): Changes {
  const intent: Intent = { number: line.nextIntent, message: random(16) as Intent["message"], time: now, event };
  return { line: { ...line, nextIntent: line.nextIntent + 1 }, intents: new Map([[intentName(intent.number), intent]]) };
}

function secretsOf(line: LineRecord): InvitationSecrets | undefined {
  return line.secret === null ? undefined : deriveInvitation({ secret: line.secret, clinic: line.clinic });
}

/**
 * Section 11.4. The answers go to one checker, whose turn it is. Devices that check nothing learn that the patient holds
 * the link; a checker whose turn has not come gets no proof, since each proof would be one of its tries.
 */
function inviteFor(line: LineRecord, event: Event): Invite {
  const secrets = secretsOf(line);
  const checker = nextChecker(line.checkers);
  const answers = line.answers ?? NO_ANSWERS;
  return (device, transcript) => {
    if (secrets === undefined || (event.kind !== "open" && event.kind !== "check")) return null;
    if (checker !== undefined && sameBytes(device, checker)) return makeProof(secrets, transcript, answers);
    const checks = line.checkers.some((other) => sameBytes(other.checker, device));
    return checks || event.kind === "check" ? null : makeProof(secrets, transcript, NO_ANSWERS);
  };
}

/** Over which handshake the checker will judge, where this message asks it to. */
function triesAfter(line: LineRecord, event: Event, sealed: SealedMessage, now: number): LineRecord["tries"] {
  const checker = nextChecker(line.checkers);
  const peer = sealed.peers.find(({ certificate }) => checker !== undefined && sameBytes(certificate.device, checker));
  const transcript = peer === undefined ? undefined : sendingSession(peer)?.transcript;
  const asks = line.secret !== null && (event.kind === "open" || event.kind === "check");
  if (!asks || transcript === undefined || checker === undefined) return line.tries;
  if (line.tries.some((one) => sameBytes(one.transcript, transcript))) return line.tries;
  return [...line.tries, { checker, transcript, time: now }];
}

const peersByName = (peers: readonly Peer[]): ReadonlyMap<string, Peer> =>
  new Map(peers.map((peer) => [toHex(peer.certificate.device), peer]));

function sealedChanges(memory: Joined, message: Message, sealed: SealedMessage, sent: Sent, now: number): Changes {
  const { line } = memory;
  return {
    prekeys: sealed.prekeys,
    peers: peersByName(sealed.peers),
    sent: new Map([[toHex(message.hash), sent]]),
    line: { ...line, sends: line.sends + 1, tries: triesAfter(line, message.content.event, sealed, now) },
  };
}

const queued = (sealed: SealedMessage): readonly SentDelivery[] =>
  sealed.deliveries.map((delivery) => ({ ...delivery, state: "queued" }));

/** Signs and seals what was intended, for all devices with which a session stands. */
export function say(memory: Joined, intent: Intent, random: Random, now: number): Changes {
  const { device, log } = memory;
  const peers = readyPeers(memory);
  const draft = {
    stream: streamOf(memory),
    message: intent.message,
    recipients: peers.map(({ certificate }) => certificate.device),
    time: intent.time,
    logHead: logHead(log.log),
    event: intent.event,
  };
  const heard = [...memory.said.values()].map(({ message }) => message);
  const message = signContent(device, nextContent(heard, ownDevice(memory), draft));
  const sealed = sealMessage(message, peers, device, memory.prekeys, inviteFor(memory.line, intent.event), random, now);
  const sent: Sent = { envelopes: [sealed.envelope], deliveries: queued(sealed), attempts: 0, failed: false };
  return {
    ...sealedChanges(memory, message, sealed, sent, now),
    said: new Map([[toHex(message.hash), { message, time: now, known: log.log.statements.length }]]),
    intents: new Map([[intentName(intent.number), null]]),
  };
}

/** The same signed content in a new envelope, for those of its recipients that still need it. */
export function sayAgain(memory: Joined, name: string, needy: (delivery: SentDelivery) => boolean, random: Random, now: number): Changes {
  const sent = memory.sent.get(name);
  const said = memory.said.get(name);
  if (sent === undefined || said === undefined) return {};
  const { message } = said;
  const wanting = sent.deliveries.filter(needy);
  const peers = readyPeers(memory).filter(({ certificate }) => wanting.some(({ device }) => sameBytes(device, certificate.device)));
  if (peers.length === 0) return { sent: new Map([[name, { ...sent, envelopes: [], failed: true }]]) };
  const sealed = sealMessage(message, peers, memory.device, memory.prekeys, inviteFor(memory.line, message.content.event), random, now);
  const again = queued(sealed);
  const others = sent.deliveries.filter(({ device }) => !again.some((one) => sameBytes(one.device, device)));
  const deliveries = [...others, ...again];
  return sealedChanges(memory, message, sealed, { envelopes: [sealed.envelope], deliveries, attempts: sent.attempts + 1, failed: false }, now);
}

function withStates(sent: Sent, stateOf: (delivery: SentDelivery) => DeliveryState): Sent {
  const deliveries = sent.deliveries.map((delivery) => ({ ...delivery, state: stateOf(delivery) }));
  const lost = deliveries.every(({ state }) => state === "refused" || state === "rejected");
  return { ...sent, deliveries, failed: lost && (sent.attempts >= RETRIES || deliveries.every(({ state }) => state === "refused")) };
}

/** The relay's answer to an envelope. Its word counts only where its signature is over this very delivery. */
export function accepted(memory: Joined, answer: EnvelopeAnswer): Changes {
  const found = [...memory.sent].find(([, { envelopes }]) => envelopes.some(({ id }) => sameBytes(id, answer.id)));
  const envelope = found?.[1].envelopes.find(({ id }) => sameBytes(id, answer.id));
  if (found === undefined || envelope === undefined) return {};
  const [name, sent] = found;
  const key = currentRelay(memory.log.log.roster).key;
  const states = new Map<string, DeliveryState>();
  for (const [i, { mailbox }] of envelope.slots.entries()) {
    const receipt = answer.accepted[i] ?? null;
    const delivery = sent.deliveries.find((one) => sameBytes(one.mailbox, mailbox));
    if (receipt !== null && delivery !== undefined) requireAccepted(receipt, key, delivery.hash);
    states.set(toHex(mailbox), receipt === null ? "refused" : "accepted");
  }
  const settled = withStates(sent, ({ mailbox, state }) => (state === "queued" ? (states.get(toHex(mailbox)) ?? state) : state));
  const envelopes = sent.envelopes.filter((one) => one !== envelope);
  return { sent: new Map([[name, { ...settled, envelopes }]]) };
}

function requireAccepted(receipt: NonNullable<EnvelopeAnswer["accepted"][number]>, key: Bytes, delivery: Bytes): void {
  try {
    verifyAccepted(receipt, key, delivery);
  } catch (error) {
    throw isProtocolError(error) ? new Nonsense("The relay's receipt does not hold.", { cause: error }) : error;
  }
}

/** Whose receipt it is follows from whose signature holds; undefined where it is nobody's that we wrote to. */
function payloadOf(memory: Joined, receipt: Receipt): ReceiptPayload | undefined {
  const mailboxes = new Map([...memory.sent.values()].flatMap(({ deliveries }) => deliveries).map(({ mailbox }) => [toHex(mailbox), mailbox]));
  for (const mailbox of mailboxes.values()) {
    try {
      return verifyReceipt(receipt, mailbox, memory.device.certificate.mailbox);
    } catch (error) {
      if (!isProtocolError(error)) throw error;
    }
  }
  return undefined;
}

/** A device's receipt for a delivery of ours. One that does not hold, or is for nothing we sent, changes nothing. */
export function receipted(memory: Joined, receipt: Receipt): Changes {
  const payload = payloadOf(memory, receipt);
  if (payload === undefined) return {};
  const found = [...memory.sent].find(([, { deliveries }]) => deliveries.some(({ hash }) => sameBytes(hash, payload.delivery)));
  if (found === undefined) return {};
  const [name, sent] = found;
  const hopeless = payload.reason === "malformed" || payload.reason === "not-permitted";
  const state: DeliveryState = payload.status === "delivered" ? "delivered" : hopeless ? "refused" : "rejected";
  const settled = withStates(sent, (delivery) =>
    sameBytes(delivery.hash, payload.delivery) && sameBytes(delivery.mailbox, payload.recipient) && delivery.state !== "delivered"
      ? state
      : delivery.state,
  );
  return { sent: new Map([[name, settled]]) };
}

/** Messages that some device could not read and that have been tried fewer than three times (section 7). */
export const unread = ({ sent }: Memory): readonly string[] =>
  [...sent].filter(([, one]) => one.attempts < RETRIES && one.deliveries.some(({ state }) => state === "rejected")).map(([name]) => name);
