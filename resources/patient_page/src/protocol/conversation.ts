/**
 * docs/protocol.md section 10, as far as a patient's page sees it: the shared stream. What is shown is a pure function of
 * the set of messages that arrived, whatever their order.
 */
import { type Bytes, type Infer, compareBytes, decode, encode, record, sameBytes, toHex, uint } from "./encoding";
import {
  type Content,
  type Event,
  type EventOf,
  type LogHead,
  type Message,
  type Party,
  type Role,
  SIGNED_CONTENT,
  type Seen,
  isPermitted,
  openSigned,
} from "./content";
import { ProtocolError } from "./errors";
import type { DeviceId, MessageHash, MessageId, StreamId } from "./keys";
import { hash } from "./primitives";

/** A verified message of the stream, own ones included, with what has to be remembered of its arrival. */
export interface Arrived {
  readonly message: Message;
  /** When it came, by the page's clock, in milliseconds. */
  readonly time: number;
  /** The size of the clinic log as the page knew it then. */
  readonly known: number;
}

/** What the clinic log says of devices; `transparency/roster.ts` has one. */
export interface Membership {
  /** The role under a log head of that size; undefined where the device was not a member. */
  readonly roleAt: (device: DeviceId, size: number) => Role | undefined;
  /** The first size under which a revoked device is no member any more. */
  readonly revokedAt: (device: DeviceId) => number | undefined;
  readonly nameCommitment: (device: DeviceId) => Bytes | undefined;
}

/**
 * Whether an event counts. `refused`: its author was no member under the head that it names. `quarantined`: a device that
 * was revoked, or lost the role that this takes, sent it under an older head, after that was known here, so nobody can tell
 * when it was written.
 */
export type Standing = "admitted" | "not-permitted" | "refused" | "quarantined";

export interface MessageRow {
  readonly kind: "message";
  readonly message: Message;
  readonly standing: Standing;
  /** Retracted; its text is not shown. */
  readonly deleted: boolean;
  /** Another message of the same author claims the same place. */
  readonly forked: boolean;
}

/** Messages `first` to `last` of an author that are missing, though a later one is here. */
export interface Gap {
  readonly author: DeviceId;
  readonly first: number;
  readonly last: number;
}

export type Row = MessageRow | { readonly kind: "gap"; readonly gap: Gap };

/** Two messages of one author in one place, or one that does not follow what stands before it. */
export interface Fork {
  readonly author: DeviceId;
  readonly sequence: number;
}

export interface ReadUntil {
  readonly reader: DeviceId;
  readonly author: DeviceId;
  readonly sequence: number;
}

export interface Conversation {
  /** In order; a gap stands before the message that shows it. */
  readonly rows: readonly Row[];
  readonly level: number;
  readonly ended: boolean;
  /** By the hex of a device id: names that open the clinic log's commitment. */
  readonly names: ReadonlyMap<string, string>;
  readonly read: readonly ReadUntil[];
  readonly gaps: readonly Gap[];
  readonly forks: readonly Fork[];
  readonly retracted: readonly MessageHash[];
}

interface Judged {
  readonly message: Message;
  readonly party: Party | undefined;
  readonly standing: Standing;
}

function partyOf({ content }: Message, patient: DeviceId, membership: Membership): Party | undefined {
  return sameBytes(content.author, patient) ? "patient" : membership.roleAt(content.author, content.logHead.size);
}

function isSound(event: Event, content: Content, checkers: readonly DeviceId[] | null): boolean {
  if (event.kind === "open") return content.sequence === 1;
  return event.kind !== "verdict" || checkers === null || checkers.some((checker) => sameBytes(checker, content.author));
}

/** Whether its author may say this no more. A device that lost a role can name an older head for ever. */
function wasDemoted({ event, author }: Content, party: Party, now: Role | undefined): boolean {
  if (party === "patient" || now === undefined || now === party) return false;
  return !isPermitted(event, "shared", author, now) || (event.kind === "retract" && now === "agent");
}

function judge(arrived: Arrived, patient: DeviceId, membership: Membership, checkers: readonly DeviceId[] | null): Judged {
  const { message, known } = arrived;
  const { content } = message;
  const party = partyOf(message, patient, membership);
  const revoked = membership.revokedAt(content.author);
  const standingOf = (): Standing => {
    if (party === undefined) return "refused";
    if (revoked !== undefined && revoked <= known) return "quarantined";
    const permitted = isPermitted(content.event, "shared", content.author, party) && isSound(content.event, content, checkers);
    if (!permitted) return "not-permitted";
    return wasDemoted(content, party, membership.roleAt(content.author, Math.max(known, content.logHead.size))) ? "quarantined" : "admitted";
  };
  return { message, party, standing: standingOf() };
}

function inOrder(a: Judged, b: Judged): number {
  const [one, other] = [a.message.content, b.message.content];
  return (
    one.clock - other.clock ||
    compareBytes(one.author, other.author) ||
    one.sequence - other.sequence ||
    compareBytes(a.message.hash, b.message.hash)
  );
}

/** Admitted events of one kind, in order. */
function events<K extends Event["kind"]>(judged: readonly Judged[], kind: K): readonly { readonly by: Judged; readonly event: EventOf<K> }[] {
  const isOf = (event: Event): event is EventOf<K> => event.kind === kind;
  return judged.flatMap((by) => {
    const { event } = by.message.content;
    return by.standing === "admitted" && isOf(event) ? [{ by, event }] : [];
  });
}

/** Hashes that show as deleted: an author's own, and whatever a supervisor or administrator retracts, also before it is here. */
function retractions(judged: readonly Judged[]): ReadonlyMap<string, MessageHash> {
  const byHash = new Map(judged.map(({ message }) => [toHex(message.hash), message]));
  const holds = events(judged, "retract").filter(({ by, event }) => {
    const target = byHash.get(toHex(event.hash));
    const privileged = by.party === "supervisor" || by.party === "administrator";
    if (target === undefined) return privileged;
    const own = sameBytes(target.content.author, by.message.content.author);
    return sameBytes(target.content.message, event.message) && (own || privileged);
  });
  return new Map(holds.map(({ event }) => [toHex(event.hash), event.hash]));
}

export function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

/** The messages of one author by sequence, ascending. */
type Place = ReadonlyMap<number, readonly Message[]>;

/** By author, ascending. */
function places(messages: readonly Message[]): readonly Place[] {
  const sorted = messages.toSorted((a, b) => a.content.sequence - b.content.sequence);
  const authors = [...groupBy(sorted, ({ content }) => toHex(content.author)).values()];
  return authors
    .toSorted((a, b) => compareBytes(authorOf(a), authorOf(b)))
    .map((own) => groupBy(own, ({ content }) => content.sequence));
}

const NOBODY = new Uint8Array(0) as DeviceId;
const authorOf = ([message]: readonly Message[]): DeviceId => message?.content.author ?? NOBODY;

function gapsOf(place: Place): readonly Gap[] {
  const sequences = [...place.keys()];
  return sequences.flatMap((sequence, i) => {
    const first = (sequences[i - 1] ?? 0) + 1;
    return sequence > first ? [{ author: authorOf(place.get(sequence) ?? []), first, last: sequence - 1 }] : [];
  });
}

function forksOf(place: Place): readonly Fork[] {
  const forked = new Set<number>();
  for (const [sequence, messages] of place) {
    if (messages.length > 1) forked.add(sequence);
    const before = place.get(sequence - 1);
    const follows = ({ content }: Message): boolean => before === undefined || before.some(({ hash: one }) => sameBytes(one, content.previous));
    if (!messages.every(follows)) forked.add(sequence - 1);
  }
  const author = authorOf([...place.values()].flat());
  return [...forked].toSorted((a, b) => a - b).map((sequence) => ({ author, sequence }));
}

function readUntil(judged: readonly Judged[]): readonly ReadUntil[] {
  const furthest = new Map<string, ReadUntil>();
  for (const { by, event } of events(judged, "read")) {
    const reader = by.message.content.author;
    for (const mark of event.marks) {
      const pair = toHex(reader) + toHex(mark.author);
      if ((furthest.get(pair)?.sequence ?? -1) < mark.sequence) furthest.set(pair, { reader, ...mark });
    }
  }
  return [...furthest.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, until]) => until);
}

/** A name counts where it opens what the administrators committed to when they admitted the device. */
function namesOf(judged: readonly Judged[], membership: Membership): ReadonlyMap<string, string> {
  const opened = events(judged, "name").filter(({ event }) => {
    const commitment = membership.nameCommitment(event.device);
    return commitment !== undefined && sameBytes(hash("name", event.salt, event.name), commitment);
  });
  return new Map(opened.map(({ event }) => [toHex(event.device), event.name]));
}

function rowsOf(judged: readonly Judged[], gaps: readonly Gap[], forks: readonly Fork[], deleted: ReadonlyMap<string, unknown>): readonly Row[] {
  const shown = new Set<Gap>();
  return judged.flatMap(({ message, standing }): readonly Row[] => {
    const { author, sequence } = message.content;
    const before = gaps.filter((gap) => gap.last < sequence && sameBytes(gap.author, author) && !shown.has(gap));
    for (const gap of before) shown.add(gap);
    const forked = forks.some((fork) => fork.sequence === sequence && sameBytes(fork.author, author));
    const row: MessageRow = { kind: "message", message, standing, deleted: deleted.has(toHex(message.hash)), forked };
    return [...before.map((gap): Row => ({ kind: "gap", gap })), row];
  });
}

/** `checkers` are those of the invitation, or null where the page does not know them; `patient` is the page's own device. */
export function reduceConversation(
  patient: DeviceId,
  arrived: readonly Arrived[],
  membership: Membership,
  checkers: readonly DeviceId[] | null,
): Conversation {
  const distinct = [...new Map(arrived.map((one) => [toHex(one.message.hash), one])).values()];
  const judged = distinct.map((one) => judge(one, patient, membership, checkers)).toSorted(inOrder);
  const byAuthor = places(judged.map(({ message }) => message));
  const gaps = byAuthor.flatMap(gapsOf);
  const forks = byAuthor.flatMap(forksOf);
  const deleted = retractions(judged);
  const verdicts = events(judged, "verdict").filter(({ event }) => sameBytes(event.patient, patient));
  return {
    rows: rowsOf(judged, gaps, forks, deleted),
    level: Math.max(0, ...verdicts.map(({ event }) => event.level)),
    ended: events(judged, "ended").length > 0,
    names: namesOf(judged, membership),
    read: readUntil(judged),
    gaps,
    forks,
    retracted: [...deleted.values()].toSorted(compareBytes),
  };
}

/** The latest message of each other author that no earlier message of `author` lists. */
function unlisted(messages: readonly Message[], author: DeviceId): readonly Seen[] {
  const own = messages.filter(({ content }) => sameBytes(content.author, author));
  const listed = (device: DeviceId): number =>
    Math.max(0, ...own.flatMap(({ content }) => content.heads).map((seen) => (sameBytes(seen.device, device) ? seen.sequence : 0)));
  return places(messages.filter(({ content }) => !sameBytes(content.author, author))).flatMap((place) => {
    const latest = [...place.values()].at(-1)?.[0];
    if (latest === undefined || latest.content.sequence <= listed(latest.content.author)) return [];
    return [{ device: latest.content.author, sequence: latest.content.sequence, hash: latest.hash }];
  });
}

/** What a device is about to say, without what follows from the stream. */
export interface Draft {
  readonly stream: StreamId;
  readonly message: MessageId;
  readonly recipients: readonly DeviceId[];
  readonly time: number;
  readonly logHead: LogHead;
  readonly event: Event;
}

/** `author`'s next content in a stream of which `messages` are all that it has seen; sign it with `signContent`. */
export function nextContent(messages: readonly Message[], author: DeviceId, draft: Draft): Omit<Content, "suite"> {
  const own = messages.filter(({ content }) => sameBytes(content.author, author));
  const last = own.toSorted((a, b) => a.content.sequence - b.content.sequence).at(-1);
  const clock = messages.reduce((highest, { content }) => Math.max(highest, content.clock), 0) + 1;
  if (!Number.isSafeInteger(clock)) throw new ProtocolError("limit.exceeded", "clock");
  return {
    ...draft,
    author,
    sequence: (last?.content.sequence ?? 0) + 1,
    previous: last?.hash ?? (new Uint8Array(0) as MessageHash),
    heads: unlisted(messages, author),
    clock,
  };
}

const STORED = record({ version: uint(1, 1), signed: SIGNED_CONTENT, time: uint(), known: uint() });
type Stored = Infer<typeof STORED>;

export const encodeArrived = ({ message, time, known }: Arrived): Bytes =>
  encode(STORED, { version: 1, signed: message.signed, time, known } satisfies Stored);

/** Of what this page verified and stored itself: the signature is not checked anew. */
export function decodeArrived(bytes: Bytes): Arrived {
  const { signed, time, known } = decode(STORED, bytes);
  return { message: openSigned(signed), time, known };
}
