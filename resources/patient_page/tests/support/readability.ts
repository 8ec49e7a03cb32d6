/** How hard a text is to read, by formulas that were measured on readers, in the language that they were made for. */

interface Measure {
  readonly words: number;
  readonly sentences: number;
  readonly syllables: number;
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}’]+/gu) ?? [];

function measure(texts: readonly string[], syllablesOf: (word: string) => number): Measure {
  // A date and an ellipsis end nothing.
  const sentences = texts.flatMap((text) => text.split(/[.!?:;]+(?=\s|$)/u)).filter((sentence) => wordsOf(sentence).length > 0);
  const words = sentences.flatMap(wordsOf);
  return { words: words.length, sentences: sentences.length, syllables: words.reduce((sum, word) => sum + syllablesOf(word), 0) };
}

/** Groups of vowels, without the mute e of "make" and "closed", with the one of "people" and "needed". */
export function englishSyllables(word: string): number {
  const heard = word.replace(/’s?/u, "").replace(/(?<=[^aeiouyl]|[aeiouy]l)e(?:s(?<![sxzcg]h?es))?$|(?<=[^aeiouytd])ed$/u, "");
  return Math.max(1, heard.match(/[aeiouy]+/gu)?.length ?? 1);
}

/** Vowels that are heard: one syllable for each, and one for a weak vowel beside another. */
export function spanishSyllables(word: string): number {
  const heard = word.replaceAll(/qu|(?<=g)u(?=[eiéí])/gu, "q").replace(/y$/u, "i").replaceAll("y", "ll");
  return Math.max(1, heard.match(/[iuü]?[aeoáéó](?![íú])[iuü]?|[íú]|[iuü]{1,2}|[aeoáéó]/gu)?.length ?? 1);
}

/**
 * The years of school that a reader needs. Kincaid, Fishburne, Rogers and Chissom: Derivation of new readability formulas for
 * Navy enlisted personnel. Research Branch Report 8-75, 1975.
 */
export function fleschKincaidGrade(texts: readonly string[]): number {
  const { words, sentences, syllables } = measure(texts, englishSyllables);
  return 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59;
}

/**
 * INFLESZ: from 65 "bastante fácil", from 80 "muy fácil". The formula is Szigriszt Pazos's (Sistemas predictivos de legibilidad
 * del mensaje escrito, 1993); the scale is of Barrio-Cantalejo and others: Validación de la Escala INFLESZ para evaluar la
 * legibilidad de los textos dirigidos a pacientes. An. Sist. Sanit. Navar. 2008, 31 (2), 135-152.
 */
export function inflesz(texts: readonly string[]): number {
  const { words, sentences, syllables } = measure(texts, spanishSyllables);
  return 206.835 - 62.3 * (syllables / words) - words / sentences;
}
