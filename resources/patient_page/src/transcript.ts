/** What the chat shows, row by row: from the memory alone, so that no row says more than what is on disk. */
import { sameBytes, toHex } from "./protocol/encoding";
import type { Event, EventOf, Message } from "./protocol/content";
import { type Conversation, type MessageRow, groupBy, reduceConversation } from "./protocol/conversation";
import type { DeviceId } from "./protocol/keys";
import { membership } from "./transparency/roster";
import type { Intent, Memory, Sent } from "./ledger";
import { type Joined, isJoined, ownDevice } from "./outbound";

/** `queued`: on this device only. `accepted`: on the relay's disk. `delivered`: a device of the clinic has it. */
export type Delivery = "queued" | "accepted" | "delivered" | "read" | "failed" | "received";

export interface MessageView {
  readonly kind: "text" | "file" | "deleted";
  /** Stable from the first key press on. */
  readonly key: string;
  readonly mine: boolean;
  /** Of a member of the clinic who told it; "" where none did. */
  readonly author: string;
  readonly time: number;
  /** The text, or a file's caption. */
  readonly text: string;
  readonly file: EventOf<"file"> | null;
  readonly delivery: Delivery;
  /** Two versions of it exist. */
  readonly forked: boolean;
}

export interface GapView {
  readonly kind: "gap";
  readonly key: string;
  readonly count: number;
}

/** Somebody of the clinic answers from now on. */
export interface JoinedView {
  readonly kind: "joined";
  readonly key: string;
  /** "" where nobody told a name. */
  readonly author: string;
  readonly time: number;
}

/** A line across the chat. `earlier`: what stands above it was said on another device. `copied`: that device hears of it. */
export interface MarkView {
  readonly kind: "mark";
  readonly key: string;
  readonly mark: "earlier" | "copied";
}

export type RowView = MessageView | GapView | JoinedView | MarkView;

const isShown = (event: Event): event is EventOf<"text"> | EventOf<"file"> => event.kind === "text" || event.kind === "file";

function isRead(conversation: Conversation, { content }: Message): boolean {
  return conversation.read.some(
    ({ reader, author, sequence }) =>
      sameBytes(author, content.author) && !sameBytes(reader, author) && sequence >= content.sequence,
  );
}

function deliveryOf(conversation: Conversation, message: Message, sent: Sent | undefined): Delivery {
  if (isRead(conversation, message)) return "read";
  const states = new Set(sent?.deliveries.map(({ state }) => state));
  if (states.has("delivered")) return "delivered";
  if (sent?.failed === true) return "failed";
  return states.has("accepted") ? "accepted" : "queued";
}

/** The last moment that a date can say. Times are their authors' word, and one beyond it would break every screen. */
const LAST_MOMENT = 8_640_000_000_000_000;

const nothing = { text: "", file: null } as const;
const contentOf = (event: EventOf<"text"> | EventOf<"file">) =>
  event.kind === "text" ? { text: event.text, file: null } : { text: event.caption, file: event };

type Delivered = (message: Message) => Delivery;

function messageView(patient: DeviceId, conversation: Conversation, row: MessageRow, delivered: Delivered): readonly RowView[] {
  const { message, deleted, forked } = row;
  const { content } = message;
  const mine = sameBytes(content.author, patient);
  const author = conversation.names.get(toHex(content.author)) ?? "";
  const time = Math.min(content.time, LAST_MOMENT);
  if (row.standing !== "admitted") return [];
  if (content.event.kind === "joined") return [{ kind: "joined", key: toHex(content.message), author, time }];
  if (content.event.kind === "copied") return [{ kind: "mark", key: toHex(content.message), mark: "copied" }];
  if (!isShown(content.event)) return [];
  return [
    {
      kind: deleted ? "deleted" : content.event.kind,
      key: toHex(content.message),
      mine,
      author,
      time,
      ...(deleted ? nothing : contentOf(content.event)),
      delivery: mine ? delivered(message) : "received",
      forked,
    },
  ];
}

function intentView({ event, message, time }: Intent, { refusals }: Memory): readonly MessageView[] {
  if (!isShown(event)) return [];
  const delivery = event.kind === "file" && refusals.has(toHex(event.blob)) ? "failed" : "queued";
  const base = { key: toHex(message), mine: true, author: "", time, delivery, forked: false } as const;
  return [{ kind: event.kind, ...base, ...contentOf(event) }];
}

export function conversationOf(memory: Joined): Conversation {
  const checkers = memory.line.checkers.map(({ checker }) => checker);
  const arrived = [...memory.said.values()];
  return reduceConversation(ownDevice(memory), arrived, membership(memory.log.log.roster), checkers.length === 0 ? null : checkers);
}

/** By stream, in the order in which the conversations began. What is not there is no gap: the clinic gives what it still has. */
function earlierRows({ earlier, log }: Joined): readonly RowView[] {
  const streams = groupBy([...earlier.values()], ({ message }) => toHex(message.content.stream));
  const begun = [...streams.values()].flatMap((arrived) => {
    const opening = arrived.find(({ message }) => message.content.event.kind === "open")?.message.content;
    return opening === undefined ? [] : [{ arrived, patient: opening.author, time: opening.time }];
  });
  // A colleague's device that was revoked since was none when the desk that passes this on took it in.
  const members = { ...membership(log.log.roster), revokedAt: () => undefined };
  return begun
    .toSorted((a, b) => a.time - b.time)
    .flatMap(({ arrived, patient }) => {
      const conversation = reduceConversation(patient, arrived, members, null);
      const delivered: Delivered = (message) => (isRead(conversation, message) ? "read" : "delivered");
      return conversation.rows.flatMap((row) => (row.kind === "message" ? messageView(patient, conversation, row, delivered) : []));
    });
}

export function rowsOf(memory: Memory): readonly RowView[] {
  if (!isJoined(memory)) return [];
  const conversation = conversationOf(memory);
  const delivered: Delivered = (message) => deliveryOf(conversation, message, memory.sent.get(toHex(message.hash)));
  const before = earlierRows(memory);
  const mark: MarkView = { kind: "mark", key: "earlier", mark: "earlier" };
  const said = conversation.rows.flatMap((row): readonly RowView[] => {
    if (row.kind === "message") return messageView(ownDevice(memory), conversation, row, delivered);
    const { author, first, last } = row.gap;
    return [{ kind: "gap", key: `gap-${toHex(author)}-${first}`, count: last - first + 1 }];
  });
  const intended = [...memory.intents.values()].toSorted((a, b) => a.number - b.number).flatMap((intent) => intentView(intent, memory));
  return [...before, ...(before.length > 0 ? [mark] : []), ...said, ...intended];
}

/** Up to where each of the clinic's devices has been read, for messages that a person reads. */
export function latestShown(memory: Joined): ReadonlyMap<string, Message> {
  const latest = new Map<string, Message>();
  for (const { message } of memory.said.values()) {
    const { author, event, sequence } = message.content;
    if (sameBytes(author, ownDevice(memory)) || !isShown(event)) continue;
    const name = toHex(author);
    if ((latest.get(name)?.content.sequence ?? 0) < sequence) latest.set(name, message);
  }
  return latest;
}
