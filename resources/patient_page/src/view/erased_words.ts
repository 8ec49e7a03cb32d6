/** What is said once all is erased. Apart from words.ts, which the first screen waits for. */
import { type Language, language } from "../words";

interface ErasedWords {
  readonly title: string;
  readonly erased: string;
  readonly told: string;
  readonly untold: string;
}

export const ERASED_WORDS: Readonly<Record<Language, ErasedWords>> = {
  en: {
    title: "Your chat is erased",
    erased: "Your messages and keys are gone from this phone. If you came by a link, your browser may still list it. It opens nothing now. You can close this page.",
    told: "We sent the clinic word that you ended the chat.",
    untold: "The clinic does not know it yet. Call them, so that nobody writes to you here. If you want to go on, ask for a new link. What they wrote and you have not seen stays locked on the server, and is deleted there in time.",
  },
  es: {
    title: "Su chat está borrado",
    erased: "Sus mensajes y claves ya no están en este teléfono. Si llegó por un enlace, su navegador puede recordarlo, pero ya no abre nada. Puede cerrar esta página.",
    told: "Avisamos a la clínica de que usted terminó el chat.",
    untold: "La clínica aún no lo sabe. Llame, para que nadie le escriba aquí. Si quiere seguir, pida un enlace nuevo. Lo que le escribieron y usted no vio queda cerrado en el servidor, y allí se borra con el tiempo.",
  },
};

export const erasedWords = (): ErasedWords => ERASED_WORDS[language.value];
