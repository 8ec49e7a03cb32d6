/** What is said while the clinic is closed. Apart from words.ts, which the first screen waits for. */
import type { Opening } from "../screen";
import { type WallTime, dateOf } from "../transparency/opening_hours";
import type { Hours, Span } from "../transparency/statement";
import { type Language, language, locale } from "../words";

interface HoursWords {
  readonly closed: string;
  readonly closedUntil: (when: string) => string;
  /** A day and a time of it. */
  readonly at: (day: string, time: string) => string;
  readonly today: string;
  readonly tomorrow: string;
  /** A day of the coming week, by its name; one later than that, by its date. */
  readonly onDay: (day: string) => string;
  readonly onDate: (day: string) => string;
  readonly hours: (zone: string, days: string) => string;
}

export const HOURS_WORDS: Readonly<Record<Language, HoursWords>> = {
  en: {
    closed: "The clinic is closed now. Your message will wait for it.",
    closedUntil: (when) => `The clinic is closed now. It opens ${when}.`,
    at: (day, time) => `${day} at ${time}`,
    today: "today",
    tomorrow: "tomorrow",
    onDay: (day) => `on ${day}`,
    onDate: (day) => `on ${day}`,
    hours: (zone, days) => `Opening hours by the clinic’s clock (${zone}): ${days}.`,
  },
  es: {
    closed: "La clínica está cerrada ahora. Su mensaje la esperará.",
    closedUntil: (when) => `La clínica está cerrada ahora. Abre ${when}.`,
    at: (day, time) => `${day} a ${time.startsWith("1:") ? "la" : "las"} ${time}`,
    today: "hoy",
    tomorrow: "mañana",
    onDay: (day) => `el ${day}`,
    onDate: (day) => `el ${day}`,
    hours: (zone, days) => `Horario, según el reloj de la clínica (${zone}): ${days}.`,
  },
};

const MONDAY = 4; // days after 1970-01-01
const WEEK = 7;

const format = (options: Intl.DateTimeFormatOptions, time: WallTime): string =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(dateOf(time));

// Each day ends at its minute 1440, which is the next one's midnight.
const clock = (minute: number): string => format({ timeStyle: "short" }, { day: 0, minute });
const nameOf = (day: number): string => format({ weekday: "long" }, { day, minute: 0 });

function dayOf(today: number, day: number): string {
  const w = HOURS_WORDS[language.value];
  if (day === today) return w.today;
  if (day === today + 1) return w.tomorrow;
  if (day < today + WEEK) return w.onDay(nameOf(day));
  return w.onDate(format({ weekday: "long", day: "numeric", month: "long" }, { day, minute: 0 }));
}

const spansText = (spans: readonly Span[]): string => spans.map(({ opens, closes }) => `${clock(opens)}–${clock(closes)}`).join(", ");

function weekText({ week }: Hours): string {
  return week.flatMap((spans, i) => (spans.length === 0 ? [] : [`${nameOf(MONDAY + i)} ${spansText(spans)}`])).join("; ");
}

export function openingText(opening: Opening): string {
  const w = HOURS_WORDS[language.value];
  if (opening.kind === "hours") return w.hours(opening.hours.timeZone, weekText(opening.hours));
  const { today, opens } = opening;
  return opens === null ? w.closed : w.closedUntil(w.at(dayOf(today, opens.day), clock(opens.minute)));
}
