/**
 * Every word that a person reads on the page, in English and Spanish, for a reader of twelve years. A sentence about
 * something that went wrong says what to do next. Those about notifications are in view/notice_words.ts.
 */
import { signal } from "@preact/signals";

export type Language = "en" | "es";

/** Why the page cannot go on, with a sentence each. */
export type ProblemWords = "link-damaged" | "link-cut" | "link-other-clinic" | "link-expired" | "link-used" | "link-invalid" | "config" | "unreachable"
  | "busy" | "intake-closed" | "storage-denied" | "storage-full" | "storage-overtaken" | "storage-unreadable" | "not-erased" | "log.forked" | "log.rolled-back"
  | "log.stale" | "closed" | "elsewhere" | "old-browser" | "fault";

/** What is wrong with a link that was opened where there is a chat already. That chat's own link is none of these. */
export type UnusedLink = "new" | "other-clinic" | "wrong";

interface Sentence {
  readonly title: string;
  readonly text: string;
}

export interface Words {
  readonly name: string;
  readonly otherLanguage: string;
  readonly title: string;
  readonly lead: string;
  readonly start: string;
  readonly gettingReady: string;
  readonly comeBack: string;
  readonly opening: string;
  readonly openingLong: string;
  readonly connecting: string;
  readonly hours: string;
  readonly emergency: string;
  readonly private: string;
  readonly call: (phone: string) => string;
  readonly again: string;
  readonly consentTitle: string;
  readonly consent: string;
  readonly consentTick: string;
  readonly goOn: string;
  readonly checkTitle: string;
  readonly checkText: string;
  readonly code: string;
  readonly codeHint: string;
  readonly birthDate: string;
  readonly birthDateHint: string;
  readonly dateParts: Readonly<Record<"day" | "month" | "year", string>>;
  readonly birthDateWrong: string;
  readonly triesLeft: (count: number) => string;
  readonly checking: string;
  readonly checkingText: string;
  readonly silent: string;
  readonly writeNow: string;
  readonly refusedTitle: string;
  readonly refused: string;
  readonly newLink: string;
  readonly chatWith: (clinic: string) => string;
  readonly yourClinic: string;
  readonly messages: string;
  readonly noMessages: string;
  /** `name` is "" where none is known. */
  readonly typing: (name: string) => string;
  readonly queue: (ahead: number, minutes: number | null) => string;
  readonly unchecked: string;
  readonly levels: readonly [string, string, string];
  readonly offline: string;
  readonly stale: string;
  readonly write: string;
  readonly send: string;
  readonly tooLong: string;
  readonly photo: string;
  readonly loading: string;
  readonly fileDamaged: string;
  readonly photoFetch: string;
  readonly fileFetch: (name: string) => string;
  readonly photoAbsent: string;
  readonly saveFile: (name: string) => string;
  readonly you: string;
  readonly delivery: Readonly<Record<"queued" | "accepted" | "delivered" | "read" | "failed", string>>;
  readonly waiting: string;
  readonly retry: string;
  readonly deleted: string;
  /** `name` is "" where nobody told one. */
  readonly joined: (name: string) => string;
  readonly gap: (count: number) => string;
  readonly forked: string;
  readonly earlierPhone: string;
  readonly copiedElsewhere: string;
  readonly menu: string;
  readonly close: string;
  readonly safetyNumber: string;
  readonly safetyText: string;
  readonly erase: string;
  readonly eraseTitle: string;
  readonly eraseText: string;
  readonly keep: string;
  readonly erasing: string;
  readonly secondTabTitle: string;
  readonly secondTab: string;
  readonly useHere: string;
  readonly sharedDevice: string;
  readonly sharedText: string;
  readonly sharedNotice: string;
  readonly keepNothing: string;
  readonly keepNothingText: string;
  readonly inAppTitle: string;
  readonly inApp: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly notCopied: string;
  readonly stayHere: string;
  readonly hasChat: Readonly<Record<UnusedLink, string>>;
  readonly problems: Readonly<Record<ProblemWords, Sentence>>;
}

/** Raised with every change of the consent's words: what was agreed to is logged by version and hash. */
export const CONSENT_VERSION = 1;

const en: Words = {
  name: "English",
  otherLanguage: "Español",
  title: "Secure chat",
  lead: "Write to your clinic in private.",
  start: "Start secure chat",
  gettingReady: "Getting ready…",
  comeBack: "Did you write to us before? Ask the clinic for a new link. With it your earlier messages can come back.",
  opening: "Opening your chat…",
  openingLong: "This takes long. Try again. If that does not help, close your browser, and then open this page once more. Nothing is lost.",
  connecting: "Connecting to the clinic…",
  hours: "Open",
  emergency: "Not for emergencies. In an emergency call your local emergency number.",
  private: "Only you and the clinic can read this.",
  call: (phone) => `Call us: ${phone}`,
  again: "Try again",
  consentTitle: "Before we start",
  consent:
    "This chat is private: only you and the clinic can read it. What you write may become part of your health record. " +
    "Each message is signed, so both sides can show what was said. Do not use it in an emergency. " +
    "You can end and erase it on this phone at any time.",
  consentTick: "I understand and agree",
  goOn: "Continue",
  checkTitle: "Is it you?",
  checkText: "Two questions keep your chat safe.",
  code: "Code from the clinic",
  codeHint: "The clinic told you this code.",
  birthDate: "Your date of birth",
  birthDateHint: "If you write for someone else: theirs.",
  dateParts: { day: "Day", month: "Month", year: "Year" },
  birthDateWrong: "There is no such day. Look at the day, the month and all four numbers of the year.",
  triesLeft: (count) => `That did not match. You have ${count === 1 ? "1 try" : `${count} tries`} left.`,
  checking: "Checking…",
  checkingText: "Your answers are on their way to the clinic. This takes a few seconds.",
  silent: "Nobody at the clinic has answered yet. Wait here, or write now. They will check who you are when they are back.",
  writeNow: "Write now",
  refusedTitle: "Please call us",
  refused: "We could not check that it is you. Call the clinic and ask for a new link.",
  newLink: "Ask the clinic for a new link.",
  chatWith: (clinic) => `Chat with ${clinic}`,
  yourClinic: "your clinic",
  messages: "Messages",
  noMessages: "Write your first message below.",
  typing: (name) => `${name === "" ? "The clinic" : name} is typing…`,
  queue: (ahead, minutes) => {
    const place = ahead === 0 ? "You are next" : `${ahead} ${ahead === 1 ? "person" : "people"} ahead`;
    return minutes === null ? place : `${place}, about ${minutes} min`;
  },
  unchecked: "The clinic has not checked yet who you are.",
  levels: ["Not checked yet", "Came by the clinic’s link", "Your code was right"],
  offline: "No connection to the clinic. Your messages will be sent when it is back.",
  stale: "The clinic has not confirmed its list of devices for three days. You can go on, or call to ask.",
  write: "Write a message",
  send: "Send",
  tooLong: "This message is too long. Send it in two parts.",
  photo: "Photo",
  loading: "Loading…",
  fileDamaged: "This file is damaged. Ask the clinic to send it again.",
  photoFetch: "Show photo",
  fileFetch: (name) => `Load ${name}`,
  photoAbsent: "It could not be loaded. Check that you are online and try again. If that does not help, ask the clinic to send it again.",
  saveFile: (name) => `Save ${name}`,
  you: "You",
  delivery: { queued: "Waiting", accepted: "Sent", delivered: "Delivered", read: "Read", failed: "Not sent" },
  waiting: "Not sent yet.",
  retry: "Tap to retry",
  deleted: "This message was deleted.",
  joined: (name) => (name === "" ? "Somebody else at the clinic answers from now on." : `${name} answers from now on.`),
  gap: (count) => (count === 1 ? "One message is missing here. Please call the clinic." : `${count} messages are missing here. Please call the clinic.`),
  forked: "There are two versions of this message. Please call the clinic.",
  earlierPhone: "Above: from your earlier phone",
  copiedElsewhere: "The clinic sent a copy of this chat to another phone. If that phone is not yours, call the clinic now.",
  menu: "Menu",
  close: "Close",
  safetyNumber: "Safety number",
  safetyText: "Call the clinic and ask them to read out the number they see. If it is the same as this one, nobody can listen in.",
  erase: "End and erase",
  eraseTitle: "End and erase this chat?",
  eraseText: "Your messages and keys are erased from this phone. You cannot undo this. The clinic keeps its own copy.",
  keep: "Keep my chat",
  erasing: "Erasing…",
  secondTabTitle: "Your chat is open in another tab",
  secondTab: "Go on in the other tab, or bring your chat here. Nothing is lost.",
  useHere: "Use here",
  sharedDevice: "Somebody else uses this device too",
  sharedText:
    "Then nothing of your chat is kept here. When you close or load this page again, it is gone. To go on after that, ask the clinic for a new link. The browser may still list that you were here.",
  sharedNotice: "This chat is not kept on this device. It is gone when you close this page or load it again. Files that you save stay.",
  keepNothing: "Go on without keeping it",
  keepNothingText: "You can also go on here. When you close this tab or load it again, your chat is gone from this phone. To go on after that, ask the clinic for a new link.",
  inAppTitle: "Open this link in your browser",
  inApp: "You are inside another app, which may lose your chat. Copy the link, open Safari or Chrome, and paste it there.",
  copyLink: "Copy the link",
  copied: "Copied. Now open Safari or Chrome.",
  notCopied: "This app does not let us copy. Go back to the clinic’s message and hold the link down to copy it.",
  stayHere: "Go on here anyway",
  hasChat: {
    new: "You already have a chat on this phone. To use a new link, first end and erase this one in the menu.",
    "other-clinic": "The link you opened is for another clinic. Open it again from that clinic’s message, or call them. Your chat here goes on.",
    wrong: "Some of the link you opened is missing or wrong. You do not need it for this chat.",
  },
  problems: {
    "link-damaged": { title: "This link is damaged", text: "Some of it is wrong. Open it again from the clinic’s message, or ask the clinic for a new link." },
    "link-cut": { title: "Part of the link is missing", text: "It was cut on its way. Copy the whole link, or ask the clinic for a new one." },
    "link-other-clinic": { title: "This link is for another clinic", text: "Look at the clinic’s message and open its link again, or call the clinic." },
    "link-expired": { title: "This link is too old", text: "Links work for three days. Ask the clinic for a new one." },
    "link-used": { title: "This link no longer works", text: "It was used before, is too old, or was cancelled. Ask the clinic for a new one." },
    "link-invalid": { title: "This link is not right", text: "The clinic did not make it. Do not use it again. Call the clinic and ask for a new one." },
    config: { title: "This page is not set up right", text: "Please call the clinic and tell them." },
    unreachable: { title: "No connection", text: "Check that you are online, then try again." },
    busy: { title: "Too many people at once", text: "Wait a minute, then try again." },
    "intake-closed": {
      title: "This clinic takes no new chats from its website now",
      text: "Call the clinic, or ask it for an invitation.",
    },
    "storage-denied": { title: "This browser cannot keep your chat", text: "It may be a private window, or it may keep nothing for any site. Open the clinic’s link in a normal window, or in another browser." },
    "storage-full": { title: "This phone is full", text: "There is no room for your chat. Free some space, then try again. What you wrote before is still there." },
    "storage-overtaken": { title: "Your chat changed in another tab", text: "Close the other tab and load this page again." },
    "storage-unreadable": { title: "Your chat cannot be opened", text: "Load this page again. If that does not help, erase it here and call the clinic for a new link." },
    "not-erased": { title: "Not everything was erased", text: "Close all tabs of this page, open it again, and erase once more. Or clear this site’s data in your browser." },
    "log.forked": { title: "Stop here and call the clinic", text: "The clinic’s list of devices does not fit the one seen before. Do not write anything until you have called." },
    "log.rolled-back": { title: "Stop here and call the clinic", text: "The clinic’s list of devices is older than the one seen before. Do not write anything until you have called." },
    "log.stale": { title: "Please call the clinic", text: "The clinic has not confirmed its list of devices for a long time, or the date on this phone is wrong. Check the date and try again. Nothing is sent until then." },
    closed: { title: "This chat is closed", text: "The clinic no longer takes messages from this phone. Call the clinic if you need it." },
    elsewhere: { title: "Your chat is open in another place", text: "Close it there, then load this page again." },
    "old-browser": { title: "This browser is too old", text: "It cannot keep your chat safe. Update it, use another one, or call the clinic." },
    fault: { title: "Something went wrong here", text: "Load this page again. If that does not help, call the clinic." },
  },
};

const es: Words = {
  name: "Español",
  otherLanguage: "English",
  title: "Chat seguro",
  lead: "Escriba a su clínica en privado.",
  start: "Empezar el chat seguro",
  gettingReady: "Preparando…",
  comeBack: "¿Ya nos escribió antes? Pida a la clínica un enlace nuevo. Con él pueden volver sus mensajes de antes.",
  opening: "Abriendo su chat…",
  openingLong: "Esto tarda mucho. Intente otra vez. Si no sirve, cierre su navegador y luego abra esta página de nuevo. No se pierde nada.",
  connecting: "Conectando con la clínica…",
  hours: "Abierto",
  emergency: "No es para emergencias. En una emergencia llame al número local de emergencias.",
  private: "Solo usted y la clínica pueden leer esto.",
  call: (phone) => `Llámenos: ${phone}`,
  again: "Intentar otra vez",
  consentTitle: "Antes de empezar",
  consent:
    "Este chat es privado: solo usted y la clínica pueden leerlo. Lo que escriba puede formar parte de su historia clínica. " +
    "Cada mensaje va firmado, para que ambos puedan mostrar lo que se dijo. No lo use en una emergencia. " +
    "Puede terminarlo y borrarlo de este teléfono cuando quiera.",
  consentTick: "Entiendo y acepto",
  goOn: "Continuar",
  checkTitle: "¿Es usted?",
  checkText: "Dos preguntas mantienen seguro su chat.",
  code: "Código de la clínica",
  codeHint: "La clínica le dijo este código.",
  birthDate: "Su fecha de nacimiento",
  birthDateHint: "Si escribe por otra persona: la de ella.",
  dateParts: { day: "Día", month: "Mes", year: "Año" },
  birthDateWrong: "Ese día no existe. Mire el día, el mes y los cuatro números del año.",
  triesLeft: (count) => `No coincide. Le ${count === 1 ? "queda 1 intento" : `quedan ${count} intentos`}.`,
  checking: "Comprobando…",
  checkingText: "Sus respuestas van de camino a la clínica. Tarda unos segundos.",
  silent: "Nadie de la clínica ha contestado todavía. Espere aquí o escriba ya. Comprobarán quién es usted cuando vuelvan.",
  writeNow: "Escribir ya",
  refusedTitle: "Llámenos, por favor",
  refused: "No pudimos comprobar que es usted. Llame a la clínica y pida un enlace nuevo.",
  newLink: "Pida a la clínica un enlace nuevo.",
  chatWith: (clinic) => `Chat con ${clinic}`,
  yourClinic: "su clínica",
  messages: "Mensajes",
  noMessages: "Escriba abajo su primer mensaje.",
  typing: (name) => `${name === "" ? "La clínica" : name} está escribiendo…`,
  queue: (ahead, minutes) => {
    const place = ahead === 0 ? "Su turno es el siguiente" : `${ahead} ${ahead === 1 ? "persona" : "personas"} antes que usted`;
    return minutes === null ? place : `${place}, unos ${minutes} min`;
  },
  unchecked: "La clínica aún no ha comprobado quién es usted.",
  levels: ["Sin comprobar", "Llegó por el enlace de la clínica", "Su código es correcto"],
  offline: "Sin conexión con la clínica. Sus mensajes se enviarán cuando vuelva.",
  stale: "La clínica no ha confirmado su lista de equipos desde hace tres días. Puede seguir, o llamar para preguntar.",
  write: "Escriba un mensaje",
  send: "Enviar",
  tooLong: "Este mensaje es demasiado largo. Envíelo en dos partes.",
  photo: "Foto",
  loading: "Cargando…",
  fileDamaged: "Este archivo está dañado. Pida a la clínica que lo envíe otra vez.",
  photoFetch: "Ver la foto",
  fileFetch: (name) => `Cargar ${name}`,
  photoAbsent: "No se pudo cargar. Compruebe que tiene internet e inténtelo otra vez. Si no ayuda, pida a la clínica que lo envíe otra vez.",
  saveFile: (name) => `Guardar ${name}`,
  you: "Usted",
  delivery: { queued: "En espera", accepted: "Enviado", delivered: "Entregado", read: "Leído", failed: "No enviado" },
  waiting: "Todavía no se ha enviado.",
  retry: "Toque para reintentar",
  deleted: "Este mensaje se borró.",
  joined: (name) => (name === "" ? "Desde ahora le responde otra persona de la clínica." : `Desde ahora le responde ${name}.`),
  gap: (count) => (count === 1 ? "Aquí falta un mensaje. Llame a la clínica, por favor." : `Aquí faltan ${count} mensajes. Llame a la clínica, por favor.`),
  forked: "Hay dos versiones de este mensaje. Llame a la clínica, por favor.",
  earlierPhone: "Arriba: de su teléfono anterior",
  copiedElsewhere: "La clínica envió una copia de este chat a otro teléfono. Si ese teléfono no es suyo, llame ahora a la clínica.",
  menu: "Menú",
  close: "Cerrar",
  safetyNumber: "Número de seguridad",
  safetyText: "Llame a la clínica y pida que le lean el número que ven. Si es igual a este, nadie puede escuchar.",
  erase: "Terminar y borrar",
  eraseTitle: "¿Terminar y borrar este chat?",
  eraseText: "Sus mensajes y claves se borran de este teléfono. No se puede deshacer. La clínica guarda su propia copia.",
  keep: "Conservar mi chat",
  erasing: "Borrando…",
  secondTabTitle: "Su chat está abierto en otra pestaña",
  secondTab: "Siga en la otra pestaña o traiga su chat aquí. No se pierde nada.",
  useHere: "Usar aquí",
  sharedDevice: "Otra persona también usa este equipo",
  sharedText:
    "Entonces aquí no se guarda nada de su chat. Al cerrar esta página o cargarla otra vez, desaparece. Para seguir después, pida a la clínica un enlace nuevo. El navegador puede mostrar que usted estuvo aquí.",
  sharedNotice: "Este chat no se guarda en este equipo. Desaparece al cerrar esta página o cargarla otra vez. Los archivos que guarde se quedan.",
  keepNothing: "Seguir sin guardarlo",
  keepNothingText: "También puede seguir aquí. Al cerrar esta pestaña o cargarla otra vez, su chat desaparece de este teléfono. Para seguir después, pida a la clínica un enlace nuevo.",
  inAppTitle: "Abra este enlace en su navegador",
  inApp: "Está dentro de otra aplicación, que puede perder su chat. Copie el enlace, abra Safari o Chrome y péguelo allí.",
  copyLink: "Copiar el enlace",
  copied: "Copiado. Ahora abra Safari o Chrome.",
  notCopied: "Esta aplicación no nos deja copiar. Vuelva al mensaje de la clínica y mantenga pulsado el enlace para copiarlo.",
  stayHere: "Seguir aquí de todos modos",
  hasChat: {
    new: "Ya tiene un chat en este teléfono. Para usar un enlace nuevo, primero termine y borre este en el menú.",
    "other-clinic": "El enlace que abrió es de otra clínica. Ábralo otra vez desde el mensaje de esa clínica, o llámela. Su chat de aquí sigue.",
    wrong: "Al enlace que abrió le falta algo o algo no es correcto. Para este chat no lo necesita.",
  },
  problems: {
    "link-damaged": { title: "Este enlace está dañado", text: "Algo en él no es correcto. Ábralo otra vez desde el mensaje de la clínica, o pida uno nuevo." },
    "link-cut": { title: "Falta una parte del enlace", text: "Se cortó en el camino. Copie el enlace entero, o pida uno nuevo a la clínica." },
    "link-other-clinic": { title: "Este enlace es de otra clínica", text: "Busque el mensaje de la clínica y abra su enlace otra vez, o llame a la clínica." },
    "link-expired": { title: "Este enlace es demasiado viejo", text: "Los enlaces sirven tres días. Pida a la clínica uno nuevo." },
    "link-used": { title: "Este enlace ya no sirve", text: "Ya se usó, es demasiado viejo o se canceló. Pida a la clínica uno nuevo." },
    "link-invalid": { title: "Este enlace no es correcto", text: "La clínica no lo hizo. No lo use más. Llame a la clínica y pida uno nuevo." },
    config: { title: "Esta página no está bien preparada", text: "Llame a la clínica y dígaselo, por favor." },
    unreachable: { title: "Sin conexión", text: "Compruebe que tiene internet e inténtelo otra vez." },
    busy: { title: "Demasiadas personas a la vez", text: "Espere un minuto e inténtelo otra vez." },
    "intake-closed": {
      title: "Esta clínica no admite ahora chats nuevos desde su web",
      text: "Llame a la clínica o pídale una invitación.",
    },
    "storage-denied": { title: "Este navegador no puede guardar su chat", text: "Quizá es una ventana privada, o no guarda nada de ninguna web. Abra el enlace de la clínica en una ventana normal o en otro navegador." },
    "storage-full": { title: "Este teléfono está lleno", text: "No hay sitio para su chat. Libere espacio e inténtelo otra vez. Lo que escribió antes sigue ahí." },
    "storage-overtaken": { title: "Su chat cambió en otra pestaña", text: "Cierre la otra pestaña y cargue esta página otra vez." },
    "storage-unreadable": { title: "Su chat no se puede abrir", text: "Cargue esta página otra vez. Si no ayuda, bórrelo aquí y pida a la clínica un enlace nuevo." },
    "not-erased": { title: "No se borró todo", text: "Cierre todas las pestañas de esta página, ábrala y borre otra vez. O borre los datos de este sitio en su navegador." },
    "log.forked": { title: "Pare aquí y llame a la clínica", text: "La lista de equipos de la clínica no coincide con la anterior. No escriba nada hasta haber llamado." },
    "log.rolled-back": { title: "Pare aquí y llame a la clínica", text: "La lista de equipos de la clínica es más antigua que la anterior. No escriba nada hasta haber llamado." },
    "log.stale": { title: "Llame a la clínica, por favor", text: "La clínica no ha confirmado su lista de equipos desde hace mucho, o la fecha de este teléfono no es correcta. Compruebe la fecha e inténtelo otra vez. Hasta entonces no se envía nada." },
    closed: { title: "Este chat está cerrado", text: "La clínica ya no recibe mensajes de este teléfono. Llámela si la necesita." },
    elsewhere: { title: "Su chat está abierto en otro lugar", text: "Ciérrelo allí y cargue esta página otra vez." },
    "old-browser": { title: "Este navegador es demasiado antiguo", text: "No puede proteger su chat. Actualícelo, use otro o llame a la clínica." },
    fault: { title: "Algo salió mal aquí", text: "Cargue esta página otra vez. Si no ayuda, llame a la clínica." },
  },
};

export const TABLES: Readonly<Record<Language, Words>> = { en, es };

const REMEMBERED = "sealdesk-language";

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    // Storage is denied: then the browser's own choice stands.
    return null;
  }
}

const spoken = (tag: string): Language | undefined => {
  const [language] = tag.toLowerCase().split("-");
  return language === "en" || language === "es" ? language : undefined;
};

export function preferredLanguage(tags: readonly string[]): Language {
  return tags.map(spoken).find((one) => one !== undefined) ?? "en";
}

export const language = signal<Language>("en");
/** How the person writes dates, where the browser speaks the page's language at all. */
export const locale = (): string => navigator.languages.find((tag) => spoken(tag) === language.value) ?? language.value;

export const words = (): Words => TABLES[language.value];

export function chooseLanguage(tags: readonly string[]): void {
  const kept = remembered();
  speak(preferredLanguage(kept === null ? tags : [kept]));
}

function speak(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
  document.title = words().title;
}

export function switchLanguage(): void {
  speak(language.value === "en" ? "es" : "en");
  try {
    localStorage.setItem(REMEMBERED, language.value);
  } catch {
    // It then has to be chosen anew next time.
  }
}
