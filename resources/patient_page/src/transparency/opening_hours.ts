/**
 * docs/protocol.md section 14.6: when a clinic is open.
 *
 * Days are counted from 1970-01-01, minutes within the day, both by the clinic's own clock on the wall: which moment that
 * is, only a table of time zones can say, and where the browser has none for the clinic's zone the hours alone are said.
 */
import { ProtocolError } from "../protocol/errors";
import type { Hours, Span } from "./statement";

const DAY = 1_440; // minutes
const WEEK = 7;
const LAST_DAY = 2_932_896; // the last one of the year 9999
const SPANS_A_DAY = 4;
const CLOSED_DAYS = 400;
/** Days that are looked ahead. */
const HORIZON = 370;
const MINUTE = 60_000; // milliseconds

export interface WallTime {
  readonly day: number;
  readonly minute: number;
}

/** `until` is when that changes next, as far as one looks ahead. */
export interface Standing {
  readonly open: boolean;
  readonly until: WallTime | null;
}

const rises = (values: readonly number[], highest: number): boolean =>
  values.every((value, i) => value <= highest && (i === 0 || value > (values[i - 1] ?? 0)));

// Two spans that touch would be one: then nobody has to ask which of two the minute between them is in.
const isDay = (spans: readonly Span[]): boolean =>
  spans.length <= SPANS_A_DAY && rises(spans.flatMap(({ opens, closes }) => [opens, closes]), DAY);

/** Throws `statement.refused`. */
export function requireHours({ week, closed }: Hours): void {
  const fits = week.length === WEEK && week.every(isDay) && closed.length <= CLOSED_DAYS && rises(closed, LAST_DAY);
  if (!fits) throw new ProtocolError("statement.refused", "hours");
}

/** 0 for a Monday; the first day of all was a Thursday. */
const weekday = (day: number): number => (day + 3) % WEEK;

const spansOf = ({ week, closed }: Hours, day: number): readonly Span[] => (closed.includes(day) ? [] : (week[weekday(day)] ?? []));

function* daysFrom(day: number): Iterable<number> {
  for (let ahead = 0; ahead < HORIZON; ahead += 1) yield day + ahead;
}

/** Whether the clinic is open at `now`, and until when it is that. */
export function standing(hours: Hours, now: WallTime): Standing {
  const current = spansOf(hours, now.day).find(({ opens, closes }) => opens <= now.minute && now.minute < closes);
  if (current !== undefined) return { open: true, until: closing(hours, now.day, current.closes) };
  for (const day of daysFrom(now.day)) {
    const next = spansOf(hours, day).find(({ opens }) => day > now.day || opens > now.minute);
    if (next !== undefined) return { open: false, until: { day, minute: next.opens } };
  }
  return { open: false, until: null };
}

/** Through midnight, where the next day goes on at once. */
function closing(hours: Hours, from: number, first: number): WallTime | null {
  let closes = first;
  for (const day of daysFrom(from)) {
    const [next] = spansOf(hours, day + 1);
    if (closes < DAY || next === undefined || next.opens > 0) return { day, minute: closes };
    closes = next.closes;
  }
  return null;
}

/** `now` (ms) on the clinic's wall; undefined where this browser does not know the time zone. */
export function wallTime(timeZone: string, now: number): WallTime | undefined {
  try {
    const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part;
    return { day: Date.UTC(year, month - 1, day) / (DAY * MINUTE), minute: hour * 60 + minute };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A moment that `Intl` formats with the time zone UTC as the clinic's wall shows it. */
export const dateOf = ({ day, minute }: WallTime): Date => new Date((day * DAY + minute) * MINUTE);
