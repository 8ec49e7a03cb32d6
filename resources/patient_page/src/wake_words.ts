/** All that a notification says. Whoever is woken may be told that there may be something new, and no more (docs/protocol.md, 16.19). */
import type { Language } from "./words";

export const WAKE: Readonly<Record<Language, string>> = {
  en: "There may be something new in your secure chat",
  es: "Puede que haya algo nuevo en su chat seguro",
};
