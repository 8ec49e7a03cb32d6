/** What arrives: opening, judging, and the receipt for it. Pure: from the memory to the changes of it. */
import { sameBytes, toHex } from "./protocol/encoding";
import { type Event, type EventOf, type Message, conversationId, isPermitted, verifyEarlier } from "./protocol/content";
import { type OpenedMessage, openReceived } from "./protocol/delivery";
import { isSignal } from "./protocol/envelope";
import { ProtocolError, isProtocolError } from "./protocol/errors";
import { afterVerdict, nextChecker } from "./protocol/invitation";
import type { DeviceId, MailboxId } from "./protocol/keys";
import type { Random } from "./protocol/primitives";
import { NO_RECEIPTS, type Rejection, deliveryHash, rejectionOf, signReceipt } from "./protocol/receipt";
import { type Opened, newPeer, openSlot } from "./protocol/session";
import { type Signal, isCurrent, mayTell, readSignal } from "./protocol/signal";
import { requireHead } from "./transparency/clinic_log";
import { currentRole, memberByMailbox, memberOf, roleAt } from "./transparency/roster";
import type { Changes, LineRecord } from "./ledger";
import { type Joined, ownDevice, streamOf } from "./outbound";
import type { EnvelopeFrame } from "./wire";

/** `stranger`: from nobody that the clinic log knows, so there is nothing to answer. */
export type Received =
  | { readonly kind: "stored"; readonly changes: Changes }
  | { readonly kind: "stranger" | "behind" }
  /** Section 22: of a signal only the ratchet is stored. `signal` is undefined where it counts for nothing. */
  | { readonly kind: "signal"; readonly changes: Changes; readonly sender: DeviceId; readonly signal: Signal | undefined };

type VerdictEvent = EventOf<"verdict">;

/** A verdict counts where a checker of the invitation gave it, over a handshake in which we answered it. */
export function judged(line: LineRecord, message: Message, verdict: VerdictEvent): LineRecord {
  const { author } = message.content;
  const asked = line.tries.some((one) => sameBytes(one.checker, author) && sameBytes(one.transcript, verdict.transcript));
  if (!asked || line.secret === null) return line;
  if (verdict.outcome === "passed") {
    return { ...line, stage: "open", level: verdict.level, secret: null, answers: null, tries: [] };
  }
  const checkers = afterVerdict(line.checkers, author, verdict.outcome, verdict.triesLeft);
  const tries = line.tries.filter((one) => !sameBytes(one.transcript, verdict.transcript));
  if (nextChecker(checkers) === undefined) return { ...line, checkers, tries, stage: "refused", answers: null };
  // Refused without a try of ours: the next checker may be asked the same.
  return verdict.outcome === "wrong" ? { ...line, checkers, tries, stage: "wrong", answers: null } : { ...line, checkers, tries };
}

function withEvent(line: LineRecord, memory: Joined, message: Message): LineRecord {
  const event: Event = message.content.event;
  const ours = event.kind === "verdict" && sameBytes(event.patient, ownDevice(memory));
  return ours ? judged(line, message, event) : line;
}

function answered(memory: Joined, line: LineRecord, sender: MailboxId, delivery: Uint8Array, rejection: Rejection | null, now: number): Changes {
  const chain = line.chains.find(({ mailbox }) => sameBytes(mailbox, sender))?.chain ?? NO_RECEIPTS;
  const signed = signReceipt(memory.device, chain, sender, delivery, rejection, now);
  const others = line.chains.filter(({ mailbox }) => !sameBytes(mailbox, sender));
  return {
    line: { ...line, chains: [...others, { mailbox: sender, chain: signed.chain }] },
    answers: new Map([[toHex(delivery), { receipt: signed.receipt, posted: false }]]),
  };
}

/** What a slot of a member's opens to; undefined where it comes from none. */
function openFrom(memory: Joined, frame: EnvelopeFrame, random: Random, now: number): Opened | undefined {
  const member = memberByMailbox(memory.log.log.roster, frame.sender);
  if (member === undefined || member.revoked !== null) return undefined;
  const peer = memory.peers.get(toHex(member.certificate.device)) ?? newPeer(member.certificate);
  return openSlot(peer, memory.device, memory.prekeys, frame.slot, random, now);
}

function messageOf(memory: Joined, opened: Opened, frame: EnvelopeFrame, now: number): OpenedMessage {
  const message = openReceived(opened, frame.body, memory.device, now);
  if (!sameBytes(message.message.content.stream, streamOf(memory))) throw new ProtocolError("message.forged", "stream");
  return message;
}

/** A patient is told who types in their own conversation, and their place in the queue. Nothing else counts here. */
function signalOf(memory: Joined, { peer, content }: Opened, body: Uint8Array, now: number): Signal | undefined {
  try {
    const signal = readSignal(content, peer.certificate.mailbox, body);
    const role = currentRole(memory.log.log.roster, peer.certificate.device);
    const { hint } = signal;
    const ours = hint.kind !== "typing" || sameBytes(hint.stream, streamOf(memory));
    return role !== undefined && ours && mayTell(hint, role, "patient") && isCurrent(signal, now) ? signal : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function signalled(memory: Joined, line: LineRecord, opened: Opened, body: Uint8Array, now: number): Received {
  const { peer, prekeys } = opened;
  const changes = { line, prekeys, peers: new Map([[toHex(peer.certificate.device), peer]]) };
  return { kind: "signal", changes, sender: peer.certificate.device, signal: signalOf(memory, opened, body, now) };
}

/** Section 14.5: every message names the clinic log as its author sees it. */
function headOf(memory: Joined, { content }: Message): "confirmed" | "behind" | "forked" {
  try {
    requireHead(memory.log.log, content.logHead);
    return "confirmed";
  } catch (error) {
    if (isProtocolError(error, "log.stale")) return "behind";
    if (isProtocolError(error, "log.forked")) return "forked";
    throw error;
  }
}

/** Judged under the log head that the message names (section 10). */
function permitted(memory: Joined, { content }: Message): boolean {
  const role = roleAt(memory.log.log.roster, content.author, content.logHead.size);
  return role !== undefined && isPermitted(content.event, "shared", content.author, role);
}

/** What a desk passes on of an earlier device's conversation. Where one message does not hold the event stays evidence, no more. */
function earlierOf(memory: Joined, { content: { event } }: Message, now: number): NonNullable<Changes["earlier"]> {
  if (event.kind !== "earlier") return new Map();
  const { device, line, log } = memory;
  const here = conversationId(device.certificate.device, line.clinic, line.nonce);
  const { roster, statements } = log.log;
  try {
    const { messages } = verifyEarlier(event.messages, line.clinic, here, (author, size) =>
      roleAt(roster, author, size) === undefined ? undefined : memberOf(roster, author)?.certificate,
    );
    return new Map(messages.map((message) => [toHex(message.hash), { message, time: now, known: statements.length }]));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return new Map();
  }
}

/**
 * One envelope of the stream. `behind`: its author has seen more of the clinic log than this page has. Fetch and prove it,
 * then receive again with `shown`: what the relay does not show by then is refused. Another past than ours is an alarm.
 */
export function receive(memory: Joined, frame: EnvelopeFrame, shown: boolean, random: Random, now: number): Received {
  const own = memory.device.certificate.mailbox;
  const delivery = deliveryHash(frame.sender, own, frame.id, frame.body, frame.slot);
  const line = { ...memory.line, position: Math.max(memory.line.position, frame.position) };
  const before = memory.answers.get(toHex(delivery));
  if (before !== undefined) {
    return { kind: "stored", changes: { line, answers: new Map([[toHex(delivery), { ...before, posted: false }]]) } };
  }
  let opened: OpenedMessage | undefined;
  try {
    const slot = openFrom(memory, frame, random, now);
    if (slot !== undefined && isSignal(slot.content)) return signalled(memory, line, slot, frame.body, now);
    opened = slot === undefined ? undefined : messageOf(memory, slot, frame, now);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { kind: "stored", changes: answered(memory, line, frame.sender, delivery, rejectionOf(error), now) };
  }
  if (opened === undefined) return { kind: "stranger" };
  const { message, peer, prekeys } = opened;
  const head = headOf(memory, message);
  if (head === "behind" && !shown) return { kind: "behind" };
  if (head !== "confirmed") {
    const alarmed: LineRecord = head === "forked" ? { ...line, alarm: { code: "log.forked", time: now } } : line;
    return { kind: "stored", changes: answered(memory, alarmed, frame.sender, delivery, "not-permitted", now) };
  }
  const counts = permitted(memory, message);
  const known = memory.said.has(toHex(message.hash));
  const arrived = { message, time: now, known: memory.log.log.statements.length };
  const after = counts && !known ? withEvent(line, memory, message) : line;
  const changes: Changes = {
    ...answered(memory, after, frame.sender, delivery, null, now),
    prekeys,
    peers: new Map([[toHex(peer.certificate.device), peer]]),
    // Kept as evidence where it was not permitted; the conversation's rules then let it change nothing.
    said: known ? new Map() : new Map([[toHex(message.hash), arrived]]),
    earlier: counts && !known ? earlierOf(memory, message, now) : new Map(),
  };
  return { kind: "stored", changes };
}
