/** What is said of the lock. Apart from words.ts, which the first screen waits for: nobody reads this before the chat. */
import { type Language, language } from "../words";

interface LockWords {
  readonly title: string;
  readonly set: string;
  readonly settings: string;
  readonly lockNow: string;
  readonly what: string;
  /** Both for a device that offers a PIN alone, and for one that offers a passkey too. */
  readonly warning: readonly [pin: string, either: string];
  readonly choosePin: string;
  readonly usePasskey: string;
  readonly passkeyNote: string;
  readonly newPin: string;
  readonly newPinHint: string;
  readonly again: string;
  readonly oldPin: string;
  readonly useWords: string;
  readonly doNotSave: string;
  readonly save: string;
  readonly change: string;
  readonly remove: string;
  readonly removeText: string;
  readonly short: string;
  readonly easy: string;
  readonly different: string;
  readonly wrong: string;
  readonly wait: (seconds: number) => string;
  readonly cancelled: string;
  /** A passkey that was refused, and one that is gone: a browser tells nobody which of them it was. */
  readonly notOpened: string;
  readonly notRemoved: string;
  readonly unfit: string;
  readonly isSet: string;
  readonly isOff: string;
  readonly lockedTitle: string;
  readonly lockedPin: string;
  readonly lockedPasskey: string;
  readonly pin: string;
  readonly unlock: string;
  readonly working: string;
  readonly forgotten: string;
  readonly forgottenText: string;
}

const minutes = (seconds: number): number => Math.ceil(seconds / 60);

export const LOCK_WORDS: Readonly<Record<Language, LockWords>> = {
  en: {
    title: "Lock for this chat",
    set: "Lock this chat",
    settings: "Change or remove the lock",
    lockNow: "Lock now",
    what: "With a lock, nobody reads this chat here without opening it first. It locks when you close the page, and when you have been away for two minutes.",
    warning: [
      "Do not forget the PIN. Nobody can open this chat here without it, not even the clinic. You would have to erase it on this device and ask the clinic for a new link. The clinic can then send you your earlier messages.",
      "If you forget the PIN or delete the passkey, nobody can open this chat here, not even the clinic. You would have to erase it on this device and ask the clinic for a new link. The clinic can then send you your earlier messages.",
    ],
    choosePin: "Choose a PIN",
    usePasskey: "Use face, finger or screen lock",
    passkeyNote: "Your device keeps a passkey for it, named “Secure chat”. Whoever can unlock the device can then open this chat too.",
    newPin: "New PIN",
    newPinHint: "6 numbers or more. A few words are safer.",
    again: "The same once more",
    oldPin: "Your PIN now",
    useWords: "Use words, not just numbers",
    doNotSave: "If your browser offers to save it, say no.",
    save: "Lock with this PIN",
    change: "Change the PIN",
    remove: "Remove the lock",
    removeText: "Without a lock, whoever holds this device can open your chat.",
    short: "This is too short. Use 6 numbers or more, or words with 8 letters or more.",
    easy: "This is easy to guess. Choose another one.",
    different: "The two are not the same. Write the second one again.",
    wrong: "That PIN is not right. Try again.",
    wait: (seconds) => `That PIN is not right. Wait ${seconds < 60 ? `${seconds} seconds` : minutes(seconds) === 1 ? "1 minute" : `${minutes(seconds)} minutes`}, then try again.`,
    cancelled: "It was not done. Try again.",
    notOpened: "It did not open. Try again. If this device has no passkey for this chat any more, press “I cannot open it” below.",
    notRemoved: "The lock stays on. Try again. If this device has no passkey for this chat any more, go to the menu and save your conversation. Then erase the chat and ask the clinic for a new link.",
    unfit: "This device cannot do it. Choose a PIN.",
    isSet: "The lock is on.",
    isOff: "The lock is off.",
    lockedTitle: "Your chat is locked",
    lockedPin: "Write your PIN to open it.",
    lockedPasskey: "Open it with your face, finger or screen lock.",
    pin: "PIN",
    unlock: "Open my chat",
    working: "One moment…",
    forgotten: "I cannot open it",
    forgottenText: "Nobody can open this chat here without its lock, not even the clinic. Erase it on this device. Then call the clinic, for this page cannot tell them. Ask for a new link, and they can send you your earlier messages. What was not sent yet is lost.",
  },
  es: {
    title: "Bloqueo de este chat",
    set: "Bloquear este chat",
    settings: "Cambiar o quitar el bloqueo",
    lockNow: "Bloquear ahora",
    what: "Con un bloqueo, nadie lee este chat aquí sin abrirlo antes. Se bloquea al cerrar la página y cuando lleva dos minutos fuera.",
    warning: [
      "No olvide el PIN. Sin él nadie puede abrir este chat aquí, tampoco la clínica. Tendría que borrarlo en este equipo y pedir a la clínica un enlace nuevo. La clínica puede enviarle después sus mensajes de antes.",
      "Si olvida el PIN o borra la llave, nadie puede abrir este chat aquí, tampoco la clínica. Tendría que borrarlo en este equipo y pedir a la clínica un enlace nuevo. La clínica puede enviarle después sus mensajes de antes.",
    ],
    choosePin: "Elegir un PIN",
    usePasskey: "Usar cara, dedo o bloqueo de pantalla",
    passkeyNote: "Su equipo guarda para ello una llave de nombre «Chat seguro». Quien pueda desbloquear el equipo podrá abrir también este chat.",
    newPin: "PIN nuevo",
    newPinHint: "6 números o más. Unas palabras son más seguras.",
    again: "Lo mismo otra vez",
    oldPin: "Su PIN de ahora",
    useWords: "Usar palabras, no solo números",
    doNotSave: "Si su navegador ofrece guardarlo, diga que no.",
    save: "Bloquear con este PIN",
    change: "Cambiar el PIN",
    remove: "Quitar el bloqueo",
    removeText: "Sin bloqueo, quien tenga este equipo puede abrir su chat.",
    short: "Es muy corto. Use 6 números o más, o palabras con 8 letras o más.",
    easy: "Es fácil de adivinar. Elija otro.",
    different: "Los dos no son iguales. Escriba otra vez el segundo.",
    wrong: "Ese PIN no es correcto. Inténtelo otra vez.",
    wait: (seconds) => `Ese PIN no es correcto. Espere ${seconds < 60 ? `${seconds} segundos` : minutes(seconds) === 1 ? "1 minuto" : `${minutes(seconds)} minutos`} e inténtelo otra vez.`,
    cancelled: "No se hizo. Inténtelo otra vez.",
    notOpened: "No se abrió. Inténtelo otra vez. Si este equipo ya no tiene la llave de este chat, pulse abajo «No puedo abrirlo».",
    notRemoved: "El bloqueo sigue puesto. Inténtelo otra vez. Si este equipo ya no tiene la llave de este chat, vaya al menú y guarde su conversación. Después borre el chat y pida a la clínica un enlace nuevo.",
    unfit: "Este equipo no puede hacerlo. Elija un PIN.",
    isSet: "El bloqueo está puesto.",
    isOff: "El bloqueo está quitado.",
    lockedTitle: "Su chat está bloqueado",
    lockedPin: "Escriba su PIN para abrirlo.",
    lockedPasskey: "Ábralo con su cara, su dedo o el bloqueo de pantalla.",
    pin: "PIN",
    unlock: "Abrir mi chat",
    working: "Un momento…",
    forgotten: "No puedo abrirlo",
    forgottenText: "Sin su bloqueo nadie puede abrir este chat aquí, tampoco la clínica. Bórrelo en este equipo. Después llame a la clínica, pues esta página no puede avisarles. Pida un enlace nuevo y podrán enviarle sus mensajes de antes. Lo que aún no se envió se pierde.",
  },
};

export const lockWords = (): LockWords => LOCK_WORDS[language.value];
