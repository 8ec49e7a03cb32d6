/** What goes wrong before a patient's eyes: each time one sentence that says what to do, and a conversation that goes on after it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ENGINES, type EngineKind, type Launch, programOf } from "./browser";
import { Phone } from "./phone";
import { type Lie, Wire } from "./wire";
import { Clinic, type Invited } from "../support/clinic";
import { type Bend, isEnvelope } from "../support/frames";
import { Host } from "../support/host";
import { admitted } from "../support/patient";
import { decode, encode } from "../../src/protocol/encoding";
import { formatLink, parseLink } from "../../src/protocol/invitation";
import type { ClinicId } from "../../src/protocol/keys";
import { LOG_PAGE, type LogPage } from "../../src/wire";
import { type ProblemWords, TABLES } from "../../src/words";

const DAY = 86_400_000;
/** Of a link that is to be too old when its turn comes; a busy relay still has to take it. */
const SHORT_LIFE = 5_000;

/** The clock of whoever opens the page with `?ahead=`, in milliseconds. */
const CLOCK = `
  const ahead = Number(new URLSearchParams(location.search).get("ahead"));
  const { Date: Real } = globalThis;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length === 0 ? [Real.now() + ahead] : given)); }
    static now() { return Real.now() + ahead; }
  };`;

/** What a browser says by itself: of every answer that is no success, and of what it does not let a page keep. */
const BY_ITSELF = /^Failed to load resource: the server responded with a status of|^Cross-Origin Request Blocked|NS_ERROR_|^Failed to get service worker registration/;

let host: Host;
let clinic: Clinic;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealdesk-bad-"));
  host = await Host.open();
  clinic = await Clinic.found("Harbour Clinic", ["Ana"], [host.origin]);
  host.folder = clinic.page;
}, 60_000);
afterAll(async () => {
  await clinic.end();
  host.close();
  await rm(folder, { recursive: true });
});

async function invited(life?: number): Promise<Invited> {
  const more = life === undefined ? {} : { life };
  const one = await clinic.ask<Invited>("invite", { desk: "Ana", name: "Pat Doe", birth_date: "1984-02-29", ...more });
  return { ...one, link: host.linkHere(one.link) };
}

/** One patient before one browser, from the start to whatever comes. */
class Visit {
  readonly wire: Wire;
  readonly phone: Phone;
  readonly #kind: EngineKind;
  readonly #told = new Set<ProblemWords>();
  #words = 0;

  private constructor(kind: EngineKind, wire: Wire, phone: Phone) {
    [this.#kind, this.wire, this.phone] = [kind, wire, phone];
  }

  static async begin(kind: EngineKind, program: string, more: Partial<Launch> = {}): Promise<Visit> {
    const wire = await Wire.lay();
    const profile = await mkdtemp(join(folder, "phone-"));
    const browser = await kind.launch(program, { profile, proxy: wire.port, language: kind.speaks, slow: false, prelude: CLOCK, ...more });
    return new Visit(kind, wire, new Phone(browser));
  }

  get speaks(): EngineKind["speaks"] {
    return this.#kind.speaks;
  }

  /** The whole sentence of that problem and no other; the first time in the other language too, and once more after a reload. */
  async isTold(problem: ProblemWords): Promise<void> {
    await this.#reads(problem, this.speaks);
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    await this.phone.press("language");
    await this.#reads(problem, this.speaks === "en" ? "es" : "en");
    await this.phone.press("language");
    await this.phone.browser.reload();
    await this.#reads(problem, this.speaks);
  }

  async #reads(problem: ProblemWords, language: "en" | "es"): Promise<void> {
    await this.phone.sees("problem", "", `:has([data-problem="${problem}"])`);
    const { title, text } = TABLES[language].problems[problem];
    for (const sentence of [title, text]) await this.phone.sees("problem", sentence);
  }

  /** WebKit's driver has no way to set it. */
  get hasClock(): boolean {
    return this.#kind.name !== "WebKit";
  }

  async opens(fragment: string): Promise<void> {
    await this.phone.open(`${host.origin}/#${fragment}`);
  }

  async presses(link: string, problem: ProblemWords): Promise<void> {
    await this.phone.open(link);
    await this.phone.press("start");
    await this.isTold(problem);
  }

  /** Something is said, and the clinic has it; in which conversation. */
  async tells(about: string): Promise<string> {
    const text = `${(this.#words += 1)}, ${about}, from ${this.#kind.name}`;
    await this.phone.say(text);
    await this.phone.reads(text, "delivered");
    return clinic.heard("Ana", text);
  }

  async hears(conversation: string, about: string): Promise<void> {
    const text = `${(this.#words += 1)}, ${about}, for ${this.#kind.name}`;
    await clinic.ask("send", { desk: "Ana", conversation, text });
    await this.phone.reads(text, "received");
  }

  async end(): Promise<void> {
    await this.phone.browser.end();
    this.wire.end();
  }
}

/** What the page wrote to the console on the way: nothing that the browser says by itself. */
async function complaints(kind: EngineKind, program: string, walk: (visit: Visit) => Promise<void>, more: Partial<Launch>): Promise<readonly string[]> {
  const visit = await Visit.begin(kind, program, more);
  try {
    await walk(visit);
    return visit.phone.browser.complaints.filter((one) => !BY_ITSELF.test(one));
  } finally {
    await visit.end();
  }
}

const fragmentOf = ({ link }: Invited): string => new URL(link).hash.slice(1);

async function meetsBadLinks(visit: Visit): Promise<void> {
  const [good, late, cancelled] = [await invited(), await invited(SHORT_LIFE), await clinic.ask<Invited & { readonly invitation: string }>("invite", { desk: "Ana", name: "Pat Doe", birth_date: "1984-02-29" })];
  await clinic.ask("cancel", { desk: "Ana", invitation: cancelled.invitation });
  const old = Date.now() + SHORT_LIFE;
  const whole = fragmentOf(good);
  const { secret, clinic: founded } = parseLink(whole);
  const at = (fragment: string): string => `${host.origin}/#${fragment}`;
  for (const cut of [whole.slice(0, -1), whole.slice(0, 20), whole.slice(0, 1)]) await visit.opens(cut).then(() => visit.isTold("link-cut"));
  const damaged = [whole + whole, `${whole}#${whole}`, whole + good.link, `${whole}.`, `${whole.slice(0, 30)}%20${whole.slice(31)}`, `B${whole.slice(1)}`, "💊".repeat(40)];
  for (const one of damaged) await visit.opens(one).then(() => visit.isTold("link-damaged"));
  // On one phone it is a chat already.
  const used = await invited();
  await (await admitted(clinic, used)).line.close();
  await visit.presses(used.link, "link-used");
  // Another secret is one that the relay has never heard of: as with one that was used, the clinic has to make a new one.
  await visit.presses(at(formatLink({ secret: secret.map((byte) => byte ^ 1), clinic: founded })), "link-used");
  await visit.presses(at(formatLink({ secret, clinic: founded.map((byte) => byte ^ 1) as ClinicId })), "link-other-clinic");
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, old - Date.now())));
  await visit.presses(late.link, "link-used");
  await visit.presses(host.linkHere(cancelled.link), "link-used");
}

/** A day behind: told before the link is used up, so that it still opens once the date is right. */
const isBehindWith = (visit: Visit, { link }: Invited): Promise<void> => visit.presses(`${host.origin}/?ahead=${-DAY}${new URL(link).hash}`, "log.stale");

async function hasWrongDate(visit: Visit, conversation: string): Promise<void> {
  await visit.phone.open(`${host.origin}/?ahead=${DAY}`);
  await visit.tells("a day ahead");
  await visit.hears(conversation, "also a day ahead");
  await visit.phone.open(`${host.origin}/?ahead=${-DAY}`);
  await visit.isTold("log.stale");
  await visit.phone.open(host.origin);
  await visit.tells("right again");
}

/** Nothing can be kept: the person is told so, goes on all the same, and is told what becomes of the chat. */
async function keepsNothing(visit: Visit): Promise<void> {
  const { phone } = visit;
  const one = await invited();
  await visit.opens("cut");
  await visit.isTold("link-cut");
  await phone.open(one.link);
  await visit.isTold("storage-denied");
  await phone.sees("problem", TABLES[visit.speaks].keepNothingText);
  await phone.press("keep-nothing");
  await phone.sees("kept-nowhere", TABLES[visit.speaks].sharedNotice);
  await phone.admit(one.code);
  const conversation = await visit.tells("kept nowhere");
  await visit.hears(conversation, "to somebody who keeps nothing");
  await phone.sees("kept-nowhere", TABLES[visit.speaks].sharedNotice);
  await phone.open(host.origin);
  await visit.isTold("storage-denied");
}

/** A private window that keeps things while it is open: the chat is there after a reload, and nobody is told otherwise. */
async function isInPrivate(visit: Visit): Promise<void> {
  await visit.phone.begin(await invited());
  const conversation = await visit.tells("from a private window");
  await visit.phone.open(host.origin);
  await visit.phone.sees("message", "from a private window");
  await visit.hears(conversation, "to a private window");
}

const [SMALL, PLENTY] = [3_000_000, 1_000_000_000];

/** Until nothing more goes in, as whatever else lies on a phone does. */
async function fill(): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opened = indexedDB.open("filler");
    opened.addEventListener("upgradeneeded", () => opened.result.createObjectStore("filler", { autoIncrement: true }));
    opened.addEventListener("success", () => resolve(opened.result));
    opened.addEventListener("error", () => reject(new Error("no filler")));
  });
  const fits = (size: number): Promise<boolean> =>
    new Promise((resolve) => {
      const transaction = database.transaction("filler", "readwrite");
      transaction.objectStore("filler").put(crypto.getRandomValues(new Uint8Array(size)));
      transaction.addEventListener("complete", () => resolve(true));
      transaction.addEventListener("abort", () => resolve(false));
    });
  for (const size of [65_536, 8_192, 1_024, 128]) while (await fits(size));
  database.close();
}

/** Before anything is kept, and in the middle of a conversation. */
async function hasFullPhone(visit: Visit): Promise<void> {
  const { phone } = visit;
  const limit = async (bytes: number): Promise<void> => phone.browser.limitStorage?.(host.origin, bytes);
  await limit(1);
  const [first, second] = [await invited(), await invited()];
  await phone.open(first.link);
  await visit.isTold("storage-full");
  await phone.press("keep-nothing");
  await phone.admit(first.code);
  await visit.tells("without room");
  await limit(SMALL);
  await phone.begin(second);
  const conversation = await visit.tells("with room");
  // What comes by itself would find no room either, and be told before anything can be written.
  visit.wire.cut();
  await phone.browser.run(fill);
  await phone.say("no room for this");
  await phone.sees("chat", TABLES[visit.speaks].problems["storage-full"].text, " .wrong");
  visit.wire.mend();
  await clinic.ask("send", { desk: "Ana", conversation, text: "nor for this" });
  await visit.isTold("storage-full");
  await limit(PLENTY);
  await phone.press("again");
  await phone.reads("nor for this", "received");
  // The link that this page came by is this chat's own.
  expect(await phone.seen("has-chat")).toEqual([]);
  await visit.tells("with room again");
}

const LONG = "W".repeat(4_000);
const HOSTILE_TEXTS = [
  "\u202Eypoc a dnes tnemyap ruoy\u202D \u2066\u2067",
  `z${"\u0301\u0322".repeat(2_000)}algo`,
  `<img src=x onerror="document.title='run'"><script>document.title = "run"</script>`,
  LONG,
  `javascript:alert(1) https://evil.example/${"a".repeat(300)} <a href="https://evil.example">x</a>`,
  "bell \u0007 escape \u001b[31m nul \u0000 end",
];
const HTML = Buffer.from("<script>document.title = 'run'</script>");

/** A name as its file is offered under it. */
const OFFERED: Readonly<Record<string, string>> = {
  "../../etc/passwd": "_.._etc_passwd",
  "C:\\Windows\\x.dll": "C__Windows_x.dll",
  "invoice\u202Egpj.exe": "invoice_gpj.exe",
  "a\u0000b\u0007\n.txt": "a_b__.txt",
  '"><img src=x onerror=alert(1)>.html': "___img src=x onerror=alert(1)_.html",
  // As long as the protocol allows.
  [`${"x".repeat(196)}.pdf`]: `${"x".repeat(67)}…${"x".repeat(8)}.pdf`,
};

/** A desk that writes what nobody should, from its real engine, and a device that lies about its files. */
async function meetsHostileDesk(visit: Visit, conversation: string): Promise<void> {
  const { phone } = visit;
  const desk = "Ana";
  for (const text of HOSTILE_TEXTS) {
    await clinic.ask("send", { desk, conversation, text });
    await phone.sees("message", text.slice(1, 5), '[data-delivery="received"]');
  }
  for (const name of Object.keys(OFFERED)) await clinic.ask("misbehave", { desk, conversation, name, media_type: "image/png", content: HTML.toString("hex") });
  await phone.sees("message", "passwd", ' a[download]');
  // As long as a disk allows, by the desk's own hand.
  const path = join(folder, `${visit.speaks}${"y".repeat(249)}.pdf`);
  await writeFile(path, HTML);
  await clinic.ask("send_file", { desk, conversation, path });
  await phone.sees("message", `${visit.speaks}yyyy`, ' a[download$=".pdf"]');
  // Longer than that is no message: it is missed, and holds up no other.
  await clinic.ask("misbehave", { desk, conversation, name: "z".repeat(201), media_type: "image/png", content: HTML.toString("hex") });
  await visit.hears(conversation, "after a name without end");
  expect((await phone.seen("message")).filter((shown) => shown.includes("zzz"))).toEqual([]);
  expect(await phone.seen("gap")).toEqual([TABLES[visit.speaks].gap(1)]);
  await clinic.ask("misbehave", { desk, conversation, name: "shorter.pdf", media_type: "application/pdf", size: 3, content: HTML.toString("hex") });
  await phone.sees("message", TABLES[visit.speaks].fileDamaged);
  const seen = await phone.browser.run(() => ({
    title: document.title,
    offered: [...document.querySelectorAll<HTMLAnchorElement>("a[download]")].map(({ download }) => download.replace(/^(en|es)[y…]+/, "y")),
    spilling: [...document.querySelectorAll(".words, .attachment, .author")].filter((shown) => getComputedStyle(shown).overflow !== "clip").length,
    strange: [...document.querySelectorAll("main :is(img, script, iframe, a:not([download], [href^='tel:']))")].map(({ outerHTML }) => outerHTML),
    isWider: document.documentElement.scrollWidth > innerWidth,
  }));
  expect(seen).toEqual({ title: TABLES[visit.speaks].title, offered: [...Object.values(OFFERED), "y.pdf"], spilling: 0, strange: [], isWider: false });
  await visit.hears(conversation, "after all that");
  await visit.tells("after all that");
}

/** What a relay may answer to whoever presses the button, and what they are told. The same press works once it answers as it should. */
const ANSWERS: readonly (readonly [Lie, ProblemWords])[] = [
  [{ status: 503, retryAfter: 1 }, "busy"],
  [{ status: 500, body: "<h1>Internal Server Error</h1>" }, "busy"],
  [{ status: 429 }, "busy"],
  [{ status: 413 }, "config"],
  [{ status: 404, body: "{" }, "config"],
  [{ status: 200, body: "" }, "unreachable"],
  [{ status: 200, body: "<html>Welcome to the hotel’s network</html>" }, "unreachable"],
  [{ status: 200, body: new Uint8Array(100_000).fill(0x91) }, "unreachable"],
  ["closes", "unreachable"],
];

const toRelay = ({ pathname }: URL): boolean => pathname.startsWith("/v1/");

async function joinsPastLies(visit: Visit, { link, code }: Invited): Promise<void> {
  const { phone, wire } = visit;
  await phone.open(link);
  await phone.sees("start");
  for (const [lie, problem] of ANSWERS) {
    wire.lie = (asked) => (toRelay(asked) ? lie : undefined);
    await phone.press((await phone.seen("start")).length > 0 ? "start" : "again");
    await visit.isTold(problem);
  }
  wire.lie = undefined;
  await phone.press("again");
  await phone.consent();
  await phone.answer(code);
}

/** Envelopes that are longer than a place in the queue, which may come at any moment. */
const isLong = (frame: Uint8Array): boolean => isEnvelope(frame) && frame.length > 1_800;
const long = (text: string): string => `${text} ${"and on ".repeat(220)}`;

/** What becomes of the relay's stream from now on: of the next one, then. */
async function bends({ wire }: Visit, bend: Bend | undefined): Promise<void> {
  const streams = (): number => wire.asked.filter(({ pathname, searchParams }) => pathname === "/v1/envelopes" && searchParams.has("after")).length;
  const before = streams();
  wire.bend = bend;
  wire.cut();
  wire.mend();
  while (streams() === before) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function meetsLyingRelay(visit: Visit, conversation: string, earlier: LogPage): Promise<void> {
  const { phone, wire } = visit;
  const send = (text: string): Promise<null> => clinic.ask("send", { desk: "Ana", conversation, text: long(text) });
  const inOrder = async (): Promise<readonly string[]> => (await phone.seen("message")).flatMap((shown) => /\b(first|second|third|fourth|fifth)\b/.exec(shown)?.[0] ?? []);
  const held: Uint8Array[] = [];
  const gaps = await phone.seen("gap");
  // Two envelopes the wrong way round, and each of them twice.
  await bends(visit, (frame) => {
    if (!isLong(frame)) return [frame];
    held.push(frame);
    return held.length === 2 ? held.toReversed().flatMap((one) => [one, one]) : [];
  });
  await send("first");
  await send("second");
  for (const text of ["first", "second"]) await phone.sees("message", text);
  expect(await inOrder()).toEqual(["first", "second"]);
  expect(await phone.seen("gap")).toEqual(gaps);
  let withheld = 0;
  await bends(visit, (frame) => (isLong(frame) && (withheld += 1) === 1 ? [] : [frame]));
  await send("third");
  await send("fourth");
  await phone.sees("message", "fourth");
  await expect.poll(() => phone.seen("gap")).toEqual([...gaps, TABLES[visit.speaks].gap(1)]);
  await bends(visit, undefined);
  for (const lie of [{ status: 413 }, "closes"] as const) {
    const text = `through ${JSON.stringify(lie)}`;
    wire.lie = ({ pathname }, method) => (pathname === "/v1/envelopes" && method === "POST" ? lie : undefined);
    await phone.say(text);
    await phone.reads(text, "queued");
    await phone.sees("offline", TABLES[visit.speaks].offline);
    wire.lie = undefined;
    // It may leave by itself before the finger is there.
    await phone.browser.run(() => document.querySelector<HTMLElement>('[data-test="retry"]')?.click());
    await phone.reads(text, "delivered");
    await phone.misses("offline");
  }
  wire.lie = ({ pathname }) => (pathname.endsWith("/log") ? { status: 200, body: encode(LOG_PAGE, { ...earlier, statements: [] }) } : undefined);
  await phone.open(host.origin);
  await visit.isTold("log.rolled-back");
  wire.lie = undefined;
  await phone.open(host.origin);
  await visit.isTold("log.rolled-back");
  await clinic.ask("clear_alarms");
  await phone.open(host.origin);
  await visit.tells("after the alarm");
  await visit.hears(conversation, "after the alarm");
}

/** Whoever has a chat keeps it, whatever link they open, and is told what that link is. Its own is nothing to be told of. */
async function meetsLinksInChat({ phone, speaks }: Visit, own: Invited): Promise<void> {
  const [another, whole] = [await invited(), fragmentOf(own)];
  const foreign = formatLink({ ...parseLink(whole), clinic: parseLink(whole).clinic.map((byte) => byte ^ 1) as ClinicId });
  for (const [link, kind] of [[another.link, "new"], [`${host.origin}/#${foreign}`, "other-clinic"], [own.link.slice(0, -1), "wrong"]] as const) {
    await phone.open(link);
    await phone.sees("has-chat", TABLES[speaks].hasChat[kind]);
    await phone.sees("message", "after all those links");
  }
  await phone.open(own.link);
  await phone.sees("message", "after all those links");
  expect(await phone.seen("has-chat")).toEqual([]);
}

async function meetsAll(visit: Visit): Promise<void> {
  const { origin, clinic: id } = clinic.founded;
  const earlier = decode(LOG_PAGE, new Uint8Array(await (await fetch(`${origin}/v1/clinics/${id}/log?from=0`)).arrayBuffer()));
  await clinic.ask("clear_alarms");
  await meetsBadLinks(visit);
  const one = await invited();
  if (visit.hasClock) await isBehindWith(visit, one);
  await joinsPastLies(visit, one);
  const conversation = await visit.tells("after all those links");
  await meetsLinksInChat(visit, one);
  if (visit.hasClock) await hasWrongDate(visit, conversation);
  await meetsHostileDesk(visit, conversation);
  await meetsLyingRelay(visit, conversation, earlier);
}

describe("bad input on the page, in front of the patient", { timeout: 180_000 }, () => {
  for (const kind of ENGINES.filter(({ slow }) => slow !== true)) {
    const program = programOf(kind);
    const on = (name: string, walk: (visit: Visit) => Promise<void>, more: Partial<Launch> = {}): void =>
      test.skipIf(program === undefined)(`${name}, in ${kind.name}`, async () => expect(await complaints(kind, program ?? "", walk, more)).toEqual([]));
    on("links, a date, a relay and a desk that are not what they should be", meetsAll);
    if (kind.name === "WebKit") continue;
    on("a private window", isInPrivate, { storage: "private" });
    if (kind.name === "Chromium") on("a full phone", hasFullPhone);
    on("a browser that keeps nothing", keepsNothing, { storage: "denied" });
  }
});
