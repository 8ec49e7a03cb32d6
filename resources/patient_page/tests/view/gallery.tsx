/** The screens for pictures, with what a clinic and a patient would really say: tests/screenshots.mjs. Nothing in it is anybody's. */
import "../support/sodium";

import { render } from "preact";

import { PASSKEY_LOCK, PIN_LOCK, type Scene, draw, message } from "./scenes";
import type { EventOf } from "../../src/protocol/content";
import { FILE } from "../../src/protocol/limits";
import type { RowView } from "../../src/transcript";
import { type Language, type ProblemWords, TABLES, language } from "../../src/words";

interface Shot extends Scene {
  /** Pressed in turn once the scene stands, by the names of the page's parts. */
  readonly press?: readonly string[];
  /** Chosen after that. */
  readonly gives?: "photo" | "file" | "large";
  /** One picture in each language is enough: only its sentences are its own. */
  readonly isBrief?: true;
}

const NOON = Date.UTC(2026, 10, 24, 12, 4);
const AMARA = "Amara Diallo";
const SAID = {
  en: ["Good morning. My cough is no better since Tuesday, and I have no inhaler left.", "Good morning! Dr. Okonkwo can see you today at half past four.", "Here is the one I had.", "Thank you, I see it. Please bring it with you.", "I will. Thank you!"],
  es: ["Buenos días. La tos no mejora desde el martes y ya no me queda inhalador.", "¡Buenos días! La doctora Okonkwo puede verle hoy a las cuatro y media.", "Este es el que tenía.", "Gracias, lo veo. Tráigalo, por favor.", "Lo llevo. ¡Gracias!"],
} as const;

const at = (minute: number): number => NOON + minute * 60_000;

function conversation(spoken: Language): readonly RowView[] {
  const [question, answer, here, seen, thanks] = SAID[spoken];
  const file = { kind: "file", name: "photo.jpg", mediaType: "image/jpeg", size: 9, caption: here } as unknown as EventOf<"file">;
  const theirs = { mine: false, author: AMARA, delivery: "received" } as const;
  return [
    message("1", { time: at(0), text: question, delivery: "read" }),
    message("2", { ...theirs, time: at(2), text: answer }),
    message("3", { time: at(3), kind: "file", file, text: here, delivery: "read" }),
    message("4", { ...theirs, time: at(4), text: seen }),
    message("5", { time: at(5), text: thanks, delivery: "delivered" }),
  ];
}

function shots(spoken: Language): Readonly<Record<string, Shot>> {
  const rows = conversation(spoken);
  const [first, second, photo, fourth, last] = rows as readonly [RowView, RowView, RowView, RowView, RowView];
  const chat = { clinic: "Harbour Street Clinic", phone: "555 0100", level: 2, rows } as const;
  const scene = (view: Shot["view"], ...press: readonly string[]): Shot => ({ name: "", view: { ...chat, ...view }, press });
  return {
    start: scene({ screen: "start" }),
    "start-shared": scene({ screen: "start" }, "shared"),
    "in-app": { name: "", stage: { kind: "in-app" } },
    consent: scene({ screen: "consent" }, "consent-tick"),
    check: scene({ screen: "check" }),
    "check-again": scene({ screen: "check", triesLeft: 3 }),
    silent: scene({ screen: "checking", silent: true }),
    refused: scene({ screen: "refused" }),
    "chat-empty": scene({ rows: [] }),
    "chat-queue": scene({ rows: [message("1", { time: at(0), text: SAID[spoken][0], delivery: "delivered" })], place: { ahead: 2, minutes: 4 } }),
    chat: scene({ typing: AMARA }),
    "chat-off-hours": scene({ rows: [first], opening: { kind: "closed", today: 20_811, opens: { day: 20_812, minute: 480 } } }),
    "chat-offer": scene({ rows: [first, second], notices: { sound: false, push: "unasked" } }),
    "chat-joined": scene({ rows: [first, { kind: "joined", key: "joined", author: AMARA, time: at(1) }, second] }),
    "chat-new-phone": scene({ rows: [first, second, { kind: "mark", key: "earlier", mark: "earlier" }, fourth, last] }),
    "chat-offline": scene({ connection: "offline", rows: [first, second, message("6", { time: at(6), text: SAID[spoken][4], delivery: "queued" })] }),
    "chat-trouble": scene({ rows: [first, { kind: "gap", key: "gap", count: 2 }, photo, message("6", { time: at(6), text: SAID[spoken][4], delivery: "failed" })] }),
    attach: scene({}, "attach"),
    "attach-look": { ...scene({}, "attach"), gives: "photo" },
    "attach-file": { ...scene({}, "attach"), gives: "file" },
    "attach-large": { ...scene({}, "attach"), gives: "large" },
    menu: scene({}, "menu"),
    "safety-number": scene({ safetyNumber: ["28734", "90512", "66381", "04479", "71950", "33826", "18207"] }, "menu", "safety-number"),
    save: scene({}, "menu", "save"),
    erase: scene({}, "menu", "erase"),
    lock: scene({}, "menu", "lock"),
    "lock-pin": scene({}, "menu", "lock", "lock-pin"),
    "menu-with-lock": { ...scene({}, "menu"), lock: PIN_LOCK },
    "lock-settings": { ...scene({}, "menu", "lock"), lock: PIN_LOCK },
    "lock-remove": { ...scene({}, "menu", "lock", "lock-remove"), lock: PIN_LOCK },
    locked: { name: "", stage: { kind: "locked", lock: PIN_LOCK } },
    "locked-passkey": { name: "", stage: { kind: "locked", lock: PASSKEY_LOCK } },
    "locked-forgotten": { name: "", stage: { kind: "locked", lock: PIN_LOCK }, press: ["cannot-open"] },
    erased: scene({ screen: "erased", told: true }),
    "erased-untold": { name: "", stage: { kind: "erased" } },
    "second-tab": { name: "", stage: { kind: "second-tab" } },
    "link-used": { name: "", stage: { kind: "problem", problem: "link-used" } },
    closed: scene({ screen: "problem", problem: "closed" }),
    joining: { ...scene({ screen: "joining" }), isBrief: true },
    ...Object.fromEntries((Object.keys(TABLES.en.problems) as ProblemWords[]).map((problem) => [`problem-${problem.replace(".", "-")}`, { name: "", stage: { kind: "problem", problem }, isBrief: true }])),
  };
}

/** A picture that needs no file: an inhaler on a table. */
async function picture(): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(640, 480);
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no canvas");
  const shapes = [["#9fc5e8", 0, 0, 640, 480], ["#e8e2d0", 250, 120, 140, 260], ["#c2492f", 270, 320, 180, 70]] as const;
  for (const [colour, x, y, width, height] of shapes) {
    pen.fillStyle = colour;
    pen.fillRect(x, y, width, height);
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
}

async function given(kind: NonNullable<Shot["gives"]>): Promise<File> {
  if (kind === "photo") return new File([(await picture()) as Uint8Array<ArrayBuffer>], "photo.png", { type: "image/png" });
  return new File([new Uint8Array(kind === "large" ? FILE.value + 1 : 348_000)], "Harbour Health Insurance, card 2026.pdf", { type: "application/pdf" });
}

async function give(root: HTMLElement, kind: NonNullable<Shot["gives"]>): Promise<void> {
  const [chosen, input] = [new DataTransfer(), root.querySelector<HTMLInputElement>(`[data-test="${kind === "photo" ? "photo" : "file"}"]`)];
  if (input === null) throw new Error("nothing to give it to");
  chosen.items.add(await given(kind));
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const shown = { photo: "chosen-photo", file: "chosen", large: "attach-wrong" }[kind];
  while (root.querySelector(`[data-test="${shown}"]:not(p:empty)`) === null) await new Promise((resolve) => setTimeout(resolve, 20));
}

Object.assign(globalThis, {
  shotNames: Object.keys(shots("en")),
  briefShots: Object.entries(shots("en")).flatMap(([name, { isBrief }]) => (isBrief ? [name] : [])),
  show: async (name: string, spoken: Language): Promise<void> => {
    const root = document.querySelector<HTMLElement>("#page");
    const shot = shots(spoken)[name];
    if (root === null || shot === undefined) throw new Error(`no ${name}`);
    render(null, root);
    language.value = spoken;
    document.documentElement.lang = spoken;
    const page = draw(shot, root);
    page.clinic.value = "Harbour Street Clinic";
    const said = page.config.value;
    // As the clinic wrote it: in one language or in both.
    if (said !== undefined && spoken === "es") page.config.value = { ...said, openingHours: "De lunes a viernes, de 8:00 a 18:00" };
    page.file = picture;
    for (const pressed of shot.press ?? []) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      root.querySelector<HTMLElement>(`[data-test="${pressed}"]`)?.click();
    }
    if (shot.gives !== undefined) await give(root, shot.gives);
  },
});
