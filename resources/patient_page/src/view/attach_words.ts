/** What is said of photos and files that are sent. Apart from words.ts, which the first screen waits for. */
import type { Unsendable } from "../chosen";
import { type Language, language } from "../words";

interface AttachWords {
  readonly add: string;
  readonly camera: string;
  readonly photo: string;
  readonly file: string;
  readonly making: string;
  readonly look: string;
  readonly photoNote: string;
  readonly fileNote: string;
  readonly send: string;
  readonly drop: string;
  /** `most`: how large one may be. */
  readonly wrong: Readonly<Record<Unsendable["why"], (most: string) => string>>;
}

export const ATTACH_WORDS: Readonly<Record<Language, AttachWords>> = {
  en: {
    add: "Send a photo or file",
    camera: "Take a photo",
    photo: "Choose a photo",
    file: "Choose a file",
    making: "One moment…",
    look: "Do you want to send this?",
    photoNote: "The photo does not tell where or when it was taken.",
    fileNote: "The clinic gets this file as it is, with its name and all that is in it.",
    send: "Send it",
    drop: "Do not send it",
    wrong: {
      unreadable: () => "This cannot be read. Choose another one.",
      large: (most) => `This file is too large. It may have ${most} at most. Call the clinic and ask how else you can give it to them.`,
      empty: () => "There is nothing in this file. Choose another one.",
    },
  },
  es: {
    add: "Enviar una foto o un archivo",
    camera: "Hacer una foto",
    photo: "Elegir una foto",
    file: "Elegir un archivo",
    making: "Un momento…",
    look: "¿Quiere enviar esto?",
    photoNote: "La foto no dice dónde ni cuándo se hizo.",
    fileNote: "La clínica recibe este archivo tal como es, con su nombre y todo lo que lleva.",
    send: "Enviarlo",
    drop: "No enviarlo",
    wrong: {
      unreadable: () => "Esto no se puede leer. Elija otro.",
      large: (most) => `Este archivo es muy grande. Puede tener ${most} como mucho. Llame a la clínica y pregunte cómo dárselo.`,
      empty: () => "En este archivo no hay nada. Elija otro.",
    },
  },
};

export const attachWords = (): AttachWords => ATTACH_WORDS[language.value];
