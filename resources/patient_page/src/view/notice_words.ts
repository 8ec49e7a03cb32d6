/** What is said of notifications. Apart from words.ts, which the first screen waits for: nobody reads this before the chat. */
import { type Language, language } from "../words";

interface NoticeWords {
  readonly push: string;
  readonly yes: string;
  readonly no: string;
  readonly sound: string;
  readonly blocked: string;
  readonly unfit: string;
}

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = {
  en: {
    push: "Tell me when there is something new",
    yes: "Yes",
    no: "No",
    sound: "Sound when there is something new",
    blocked: "Your browser did not allow it. Allow notifications for this page in its settings, then try again.",
    unfit: "This browser cannot do it here. Your chat works as before. Open it now and then to look.",
  },
  es: {
    push: "Avíseme cuando haya algo nuevo",
    yes: "Sí",
    no: "No",
    sound: "Sonido cuando haya algo nuevo",
    blocked: "Su navegador dijo que no. Deje en sus ajustes que esta página le avise e inténtelo otra vez.",
    unfit: "Este navegador no puede hacerlo aquí. Su chat funciona como antes. Ábralo de vez en cuando para mirar.",
  },
};

export const noticeWords = (): NoticeWords => NOTICE_WORDS[language.value];
