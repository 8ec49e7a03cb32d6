/** What stands on the page, as one value, and which of its sentences an error is told by. */
import { type ErrorCode, isProtocolError } from "./protocol/errors";
import { toHex } from "./protocol/encoding";
import type { DeviceId } from "./protocol/keys";
import { safetyNumber } from "./protocol/safety_number";
import { freshness } from "./clinic";
import type { Halt } from "./courier";
import { type Memory, NO_NOTICES, type Notices } from "./ledger";
import type { Place } from "./now";
import { type Joined, isJoined, ownDevice } from "./outbound";
import { type WallTime, standing, wallTime } from "./transparency/opening_hours";
import type { Hours } from "./transparency/statement";
import { Busy, Refused, Unreachable } from "./relay";
import { type RowView, conversationOf, rowsOf } from "./transcript";
import { VaultError } from "./storage";
import { Nonsense } from "./wire";

/** Whose clock is not known, its hours are said, and not whether it is open now. */
export type Opening =
  | { readonly kind: "closed"; readonly today: number; readonly opens: WallTime | null }
  | { readonly kind: "hours"; readonly hours: Hours };

export type Problem =
  | Halt
  | "link-other-clinic"
  | "link-expired"
  | "link-used"
  | "link-invalid"
  | "config"
  | "unreachable"
  | "busy"
  | "intake-closed"
  | "storage-denied"
  | "storage-full"
  | "storage-overtaken"
  | "storage-unreadable"
  | "not-erased"
  | "fault";

export type Screen = "start" | "joining" | "erasing" | "consent" | "check" | "checking" | "chat" | "refused" | "problem" | "erased";

/** Everything that a screen needs, as one value. */
export interface View {
  readonly screen: Screen;
  readonly problem: Problem | null;
  /** From the clinic log; "" before it is known. */
  readonly clinic: string;
  /** `offline` when it has lasted: a reconnection of two seconds is nobody's business. */
  readonly connection: "connecting" | "online" | "offline";
  /** From a configuration that the clinic's administrator signed; "" before that is known. */
  readonly phone: string;
  readonly level: number;
  /** All that are left; null before the first try. */
  readonly triesLeft: number | null;
  /** Asked, or about to be, and nobody has answered for a while. */
  readonly silent: boolean;
  /** Nobody of the clinic has confirmed its list of devices for three days. */
  readonly stale: boolean;
  /** Talking before the clinic has checked who it is. */
  readonly unchecked: boolean;
  readonly rows: readonly RowView[];
  /** Who of the clinic types now; "" who told no name; null nobody. */
  readonly typing: string | null;
  readonly place: Place | null;
  readonly opening: Opening | null;
  readonly safetyNumber: readonly string[];
  readonly notices: Notices;
  /** Once erased: the relay took the word that tells the clinic. */
  readonly told: boolean;
}

export const INITIAL: View = {
  screen: "start",
  problem: null,
  clinic: "",
  connection: "connecting",
  phone: "",
  level: 0,
  triesLeft: null,
  silent: false,
  stale: false,
  unchecked: false,
  rows: [],
  typing: null,
  place: null,
  opening: null,
  safetyNumber: [],
  notices: NO_NOTICES,
  told: false,
};

/** What a patient is told of a refusal by the protocol; of all others, that the clinic's page is not set up right. */
const PROBLEMS: Partial<Record<ErrorCode, Problem>> = {
  "invitation.expired": "link-expired",
  "invitation.invalid": "link-invalid",
  "suite.unknown": "link-invalid",
  "log.forked": "log.forked",
  "log.rolled-back": "log.rolled-back",
  "log.stale": "log.stale",
};

/** The relay's refusals likewise. */
const REFUSALS: Readonly<Record<string, Problem>> = {
  "invitation-invalid": "link-used",
  "intake-closed": "intake-closed",
  revoked: "closed",
  "mailbox-unbound": "closed",
  "not-permitted": "closed",
  "log-forked": "log.forked",
  "log-ahead": "log.rolled-back",
  // A statement came in between: the next try knows it.
  "log-stale": "busy",
};

export function problemOf(error: unknown): Problem {
  if (error instanceof VaultError) return error.fault === "not-erased" ? "not-erased" : `storage-${error.fault}`;
  if (error instanceof Busy) return "busy";
  if (error instanceof Unreachable || error instanceof Nonsense) return "unreachable";
  if (error instanceof Refused) return REFUSALS[error.problem] ?? "config";
  return isProtocolError(error) ? (PROBLEMS[error.code] ?? "config") : "fault";
}

/** What no disk remembers: how this one visit stands. */
export interface Moment extends Pick<View, "problem" | "connection" | "phone" | "silent" | "told"> {
  readonly working: "joining" | "erasing" | null;
  readonly erased: boolean;
  readonly typist: DeviceId | undefined;
  readonly place: Place | undefined;
  /** Writes while the clinic is silent. */
  readonly talksAnyway: boolean;
  /** Came with a new link after one that led nowhere. */
  readonly anew: boolean;
}

/** Null while the clinic is open, or has not told when it is. */
function openingOf({ log }: Joined, now: number): Opening | null {
  const { hours } = log.log.roster;
  if (hours === undefined) return null;
  const wall = wallTime(hours.timeZone, now);
  if (wall === undefined) return { kind: "hours", hours };
  const { open, until } = standing(hours, wall);
  return open ? null : { kind: "closed", today: wall.day, opens: until };
}

function screenOf(memory: Memory, { erased, problem, working, talksAnyway, anew }: Moment): Screen {
  if (erased) return "erased";
  if (working === "erasing") return working;
  if (problem !== null) return "problem";
  if (working !== null) return working;
  if (!isJoined(memory) || memory.line.stage === "joining") return "start";
  const { stage, consent } = memory.line;
  if (stage === "joined") return consent === null ? "consent" : "check";
  if (stage === "asked") return talksAnyway ? "chat" : "checking";
  if (stage === "wrong") return "check";
  if (stage === "open") return "chat";
  return anew ? "start" : "refused";
}

export function viewOf(memory: Memory, moment: Moment, now: number): View {
  const screen = screenOf(memory, moment);
  const joined = isJoined(memory) && !moment.erased ? memory : undefined;
  const line = joined?.line;
  const tried = line !== undefined && (line.stage === "wrong" || line.stage === "refused");
  return {
    screen,
    problem: moment.problem,
    clinic: joined?.log.log.roster.name ?? "",
    connection: moment.connection,
    phone: moment.phone,
    level: line?.level ?? 0,
    triesLeft: tried ? line.checkers.reduce((sum, { triesLeft }) => sum + triesLeft, 0) : null,
    silent: line?.stage === "asked" && moment.silent,
    stale: joined !== undefined && screen === "chat" && freshness(joined.log, now).state === "warn",
    unchecked: line?.stage === "asked",
    rows: joined === undefined || (screen !== "chat" && screen !== "problem") ? [] : rowsOf(joined),
    typing: joined === undefined || moment.typist === undefined ? null : (conversationOf(joined).names.get(toHex(moment.typist)) ?? ""),
    place: moment.place ?? null,
    opening: joined === undefined ? null : openingOf(joined, now),
    safetyNumber: joined === undefined ? [] : safetyNumber(joined.line.clinic, ownDevice(joined)),
    notices: memory.notices,
    told: moment.told,
  };
}
