/** From the link to the chat: what the patient agreed to and answered, and who is asked. Pure: from the memory to the changes of it. */
import { type Bytes, sameBytes, toHex, toUtf8 } from "./protocol/encoding";
import type { Event } from "./protocol/content";
import { type Link, isRegistered, nextChecker } from "./protocol/invitation";
import type { ClinicId } from "./protocol/keys";
import { type Random, sha256 } from "./protocol/primitives";
import type { Changes, LineRecord, Memory } from "./ledger";
import { type Joined, intend, ownDevice } from "./outbound";

export const newLine = (clinic: ClinicId, origin: string, link: Link | null, random: Random): LineRecord => ({
  version: 1,
  stage: "joining",
  alarm: null,
  clinic,
  origin,
  secret: link?.secret ?? null,
  registration: null,
  checkers: [],
  tries: [],
  answers: null,
  consent: null,
  nonce: random(16),
  level: 0,
  position: 0,
  generation: 0,
  sends: 0,
  nextIntent: 0,
  chains: [],
  readUntil: [],
});

/** What a link that was opened is to whoever has a line already: the one that it began with, another of that clinic, or another clinic's. */
export type Relation = "own" | "new" | "other-clinic";

export function relationOf(line: LineRecord, link: Link): Relation {
  if (!sameBytes(link.clinic, line.clinic)) return "other-clinic";
  // The secret is forgotten once it has served; what the clinic registered stays.
  const isOwn = line.secret === null ? line.registration !== null && isRegistered(line.registration, link) : sameBytes(link.secret, line.secret);
  return isOwn ? "own" : "new";
}

/** Whether a press of the button continues what an earlier one began. */
export const goesOn = (line: LineRecord, link: Link | null): boolean =>
  line.stage === "joining" && (link === null || relationOf(line, link) === "own");

const asks = ({ kind }: Event): boolean => kind === "open" || kind === "check";

/** Whether an open or a check has not even been signed yet. */
export const isAskingSoon = ({ intents }: Memory): boolean => [...intents.values()].some(({ event }) => asks(event));

export const hasOpened = (memory: Joined): boolean =>
  memory.said.size > 0 || [...memory.intents.values()].some(({ event }) => event.kind === "open");

function openingOf({ device }: Joined, { nonce, consent }: LineRecord): Event {
  if (consent === null) throw new Error("a conversation opens after the consent");
  return {
    kind: "open",
    nonce,
    certificate: device.certificate.bytes,
    consentVersion: consent.version,
    consentHash: consent.hash,
  };
}

/** A visitor's conversation opens with the consent; an invited patient's with the answers. */
export function agreed(memory: Joined, version: number, text: string, random: Random, now: number): Changes {
  if (memory.line.stage !== "joined" || memory.line.consent !== null) return {};
  const line: LineRecord = { ...memory.line, consent: { version, hash: sha256(toUtf8(text)), time: now } };
  if (line.registration !== null) return { line };
  return intend({ ...line, stage: "open" }, openingOf(memory, line), random, now);
}

/** `birthDate` as YYYY-MM-DD. */
export function answered(memory: Joined, code: string, birthDate: string, random: Random, now: number): Changes {
  const { stage, consent } = memory.line;
  if ((stage !== "joined" && stage !== "wrong") || consent === null) return {};
  const answers = { code: code.trim(), identifiers: [{ kind: "birth-date", value: birthDate }] } as const;
  const line: LineRecord = { ...memory.line, answers, stage: "asked" };
  return intend(line, hasOpened(memory) ? { kind: "check" } : openingOf(memory, line), random, now);
}

/** When the checker whose turn it is was asked, or was to be; undefined before anybody was. */
export function askedAt(memory: Joined): number | undefined {
  const intended = [...memory.intents.values()].filter(({ event }) => asks(event)).map(({ time }) => time);
  const own = [...memory.said.values()].map(({ message: { content } }) => content).filter(({ author }) => sameBytes(author, ownDevice(memory)));
  const said = own.filter(({ event }) => asks(event)).map(({ time }) => time);
  const times = [...intended, ...said, ...memory.line.tries.map(({ time }) => time)];
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * Section 11.4: the checker whose turn it is was silent, or cannot be written to at all. The next that has had no try of
 * ours is asked the same; `tried` are those whose turn it has been before. Undefined when there is none.
 */
export function turnedToNext(memory: Joined, tried: ReadonlySet<string>, random: Random, now: number): Changes | undefined {
  const { line } = memory;
  if (line.stage !== "asked" || line.answers === null) return undefined;
  const current = nextChecker(line.checkers);
  const had = new Set([...tried, ...line.tries.map(({ checker }) => toHex(checker)), ...(current === undefined ? [] : [toHex(current)])]);
  const isFresh = ({ checker }: { readonly checker: Bytes }): boolean => !had.has(toHex(checker));
  const fresh = line.checkers.filter(isFresh);
  if (nextChecker(fresh) === undefined) return undefined;
  const others = line.checkers.filter((one) => !isFresh(one));
  return intend({ ...line, checkers: [...fresh, ...others] }, { kind: "check" }, random, now);
}
