import { afterEach, expect, test } from "vitest";

import type { Opening } from "../../src/screen";
import { HOURS_WORDS, openingText } from "../../src/view/hours_words";
import { type Language, language } from "../../src/words";

const THURSDAY = 20_811; // 2026-12-24

const closedUntil = (ahead: number, minute = 480): Opening => ({ kind: "closed", today: THURSDAY, opens: { day: THURSDAY + ahead, minute } });
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, " ");

afterEach(() => {
  language.value = "en";
});

test.for([
  ["en", 0, "The clinic is closed now. It opens today at 8:00 AM."],
  ["en", 1, "The clinic is closed now. It opens tomorrow at 8:00 AM."],
  ["en", 4, "The clinic is closed now. It opens on Monday at 8:00 AM."],
  ["en", 8, "The clinic is closed now. It opens on Friday, January 1 at 8:00 AM."],
  ["es", 0, "La clínica está cerrada ahora. Abre hoy a las 8:00."],
  ["es", 1, "La clínica está cerrada ahora. Abre mañana a las 8:00."],
  ["es", 4, "La clínica está cerrada ahora. Abre el lunes a las 8:00."],
  ["es", 8, "La clínica está cerrada ahora. Abre el viernes, 1 de enero a las 8:00."],
] as const)("in %s, %i days ahead: %s", ([spoken, ahead, text]) => {
  language.value = spoken;
  expect(plain(openingText(closedUntil(ahead)))).toBe(text);
});

test("one o\u2019clock is singular in Spanish", () => {
  language.value = "es";
  expect(plain(openingText(closedUntil(0, 60)))).toBe("La clínica está cerrada ahora. Abre hoy a la 1:00.");
});

test.for(Object.keys(HOURS_WORDS) as Language[])("in %s a clinic that never opens is closed, and no day is named", (spoken) => {
  language.value = spoken;
  expect(openingText({ kind: "closed", today: THURSDAY, opens: null })).toBe(HOURS_WORDS[spoken].closed);
});

test("hours by a clock that the browser does not know are told by name", () => {
  const span = { opens: 480, closes: 1_020 };
  const hours = { timeZone: "Mars/Olympus", week: [[span], [], [], [], [], [], []], closed: [] };
  expect(plain(openingText({ kind: "hours", hours }))).toBe("Opening hours by the clinic’s clock (Mars/Olympus): Monday 8:00 AM–5:00 PM.");
});
