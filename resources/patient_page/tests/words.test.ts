/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

import { englishSyllables, fleschKincaidGrade, inflesz, spanishSyllables } from "./support/readability";
import { type Language, TABLES, preferredLanguage } from "../src/words";

/** Whatever file of words there is, and comes to be. */
const FILES = import.meta.glob<Readonly<Record<string, unknown>>>("../src/**/*words.ts", { eager: true });

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

const isTable = (one: unknown): one is Readonly<Record<Language, unknown>> => typeof one === "object" && one !== null && "en" in one && "es" in one;

/** A file without a table would be one whose words nobody measures. */
function tablesOf([path, file]: readonly [string, Readonly<Record<string, unknown>>]): readonly (readonly [string, Readonly<Record<Language, unknown>>])[] {
  const found = Object.entries(file).flatMap(([name, one]) => (isTable(one) ? [[name, one] as const] : []));
  if (found.length === 0) throw new Error(`${path} exports no table of words by language`);
  return found;
}

/** All that the page says in whole sentences, each passage by its name. Labels are no sentences, and would make it look easy. */
function passages(from: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof from === "string") return /[.?!]$/.test(from) && from.split(" ").length > 3 ? [[name, from]] : [];
  // What a sentence is filled with: names and numbers.
  if (typeof from === "function") return passages((from as (...given: unknown[]) => unknown)("Ana", "5"), name);
  return Object.entries(from as object).flatMap(([key, inner]) => passages(inner, `${name}.${key}`));
}

/** A reader of twelve years is in grade 7; 65 is "bastante fácil". */
const isEasy: Readonly<Record<Language, (texts: readonly string[]) => boolean>> = {
  en: (texts) => fleschKincaidGrade(texts) <= 7,
  es: (texts) => inflesz(texts) >= 65,
};

test.for(["en", "es"] as const)("a reader of twelve years understands all of it in %s, and each passage for itself", (language) => {
  const files = Object.entries(FILES);
  expect(files.length).toBeGreaterThan(6);
  const all = files.flatMap(tablesOf).flatMap(([name, table]) => passages(table[language], name));
  expect(isEasy[language](all.map(([, text]) => text))).toBe(true);
  // On fewer words a formula tells nothing.
  const long = all.filter(([, text]) => text.split(" ").length >= 12);
  expect(long.length).toBeGreaterThan(20);
  expect(long.filter(([, text]) => !isEasy[language]([text]))).toEqual([]);
});

test("the measure knows a hard text", () => {
  expect(fleschKincaidGrade(["Confidentiality notwithstanding, intermediary infrastructure administrators necessarily retain communication metadata."])).toBeGreaterThan(16);
  expect(inflesz(["La confidencialidad de las comunicaciones institucionales requiere necesariamente procedimientos criptográficos especializados."])).toBeLessThan(20);
});

test.for([
  ["phone", 1], ["clinic", 2], ["message", 2], ["erase", 2], ["people", 2], ["closed", 1], ["needed", 2], ["device", 2], ["minute", 2], ["private", 2], ["link", 1],
  ["emergency", 4], ["signed", 1], ["there", 1], ["devices", 3], ["the", 1], ["be", 1], ["times", 1],
] as const)("%s has %i syllables", ([word, count]) => {
  expect(englishSyllables(word)).toBe(count);
});

test.for([
  ["clínica", 3], ["teléfono", 4], ["día", 2], ["quién", 1], ["leído", 3], ["todavía", 4], ["usted", 2], ["emergencia", 4], ["aquí", 2], ["guía", 2], ["muy", 1], ["ya", 1],
  ["ciudad", 2], ["caos", 2], ["leer", 2], ["enviará", 3], ["internet", 3], ["aún", 2], ["y", 1],
] as const)("%s tiene %i sílabas", ([word, count]) => {
  expect(spanishSyllables(word)).toBe(count);
});
