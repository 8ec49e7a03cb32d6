import { expect, test } from "vitest";

import { TABLES, preferredLanguage } from "../src/words";

test.for(Object.entries(TABLES))("the consent in %s has at most 60 words", ([, { consent }]) => {
  expect(consent.split(/\s+/).length).toBeLessThanOrEqual(60);
});

test.for([
  [["es-MX", "en"], "es"],
  [["fr", "de-DE"], "en"],
  [["fr", "es"], "es"],
  [[], "en"],
] as const)("whoever speaks %j reads %s", ([tags, language]) => {
  expect(preferredLanguage(tags)).toBe(language);
});

/** Short words and short sentences: a reader of twelve years (Flesch-Kincaid grade 6 and below). */
function grade(text: string): number {
  const sentences = text.split(/[.!?:]+\s*/).filter((sentence) => sentence.trim() !== "").length;
  const parts = text.toLowerCase().match(/[a-z’]+/g) ?? [];
  const syllables = parts.reduce((sum, part) => sum + Math.max(1, part.replace(/e$/, "").match(/[aeiouy]+/g)?.length ?? 1), 0);
  return 0.39 * (parts.length / sentences) + 11.8 * (syllables / parts.length) - 15.59;
}

test("a reader of twelve years understands it", () => {
  const { consent, emergency, eraseText, safetyText, inApp, refused, problems } = TABLES.en;
  const all = [consent, emergency, eraseText, safetyText, inApp, refused, ...Object.values(problems).map(({ text }) => text)];
  expect(grade(all.join(" "))).toBeLessThan(6);
});
