/** What is said of a saved conversation, on the page and in the file. Apart from words.ts, which the first screen waits for. */
import { type Language, language } from "../words";

interface SavedWords {
  readonly save: string;
  readonly text: string;
  readonly print: string;
  readonly making: string;
  readonly failed: string;
  readonly missing: (count: number) => string;
  readonly savedAt: (time: string) => string;
  readonly keepSafe: string;
  readonly notHere: (name: string) => string;
}

export const SAVED_WORDS: Readonly<Record<Language, SavedWords>> = {
  en: {
    save: "Save my conversation",
    text: "Your messages and photos go into one file on this device. The file has no lock: anybody who gets it can read it.",
    print: "For a PDF or for paper, open the file and print it.",
    making: "Collecting your messages and photos…",
    failed: "The file could not be made. Free some space, close this menu and try again.",
    missing: (count) => `${count === 1 ? "One photo or file" : `${count} photos or files`} could not be loaded and will not be in it. For a full copy, go online and try again.`,
    savedAt: (time) => `Saved by the patient on ${time}. Ticks are as they were then.`,
    keepSafe: "Anybody who has this file can read it. Keep it in a safe place.",
    notHere: (name) => `${name}: could not be loaded when this was saved.`,
  },
  es: {
    save: "Guardar mi conversación",
    text: "Sus mensajes y fotos van a un solo archivo en este equipo. El archivo no lleva llave: quien lo tenga puede leerlo.",
    print: "Para un PDF o en papel, abra el archivo e imprímalo.",
    making: "Reuniendo sus mensajes y fotos…",
    failed: "No se pudo hacer el archivo. Libere espacio, cierre este menú e inténtelo otra vez.",
    missing: (count) => `${count === 1 ? "Una foto o archivo no se pudo cargar y no estará" : `${count} fotos o archivos no se pudieron cargar y no estarán`} en la copia. Para tenerla toda, conéctese e inténtelo otra vez.`,
    savedAt: (time) => `Guardado por el paciente el ${time}. Las marcas son las de ese momento.`,
    keepSafe: "Quien tenga este archivo puede leerlo. Guárdelo en un lugar seguro.",
    notHere: (name) => `${name}: no se pudo cargar al guardar esto.`,
  },
};

export const savedWords = (): SavedWords => SAVED_WORDS[language.value];
