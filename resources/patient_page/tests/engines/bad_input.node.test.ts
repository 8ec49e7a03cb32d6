/** What goes wrong before a patient's eyes: each time one sentence that says what to do, and a conversation that goes on after it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ENGINES, type EngineKind, type Launch, programOf } from "./browser";
import { Phone } from "./phone";
import { Wire } from "./wire";
import { Clinic, type Invited } from "../support/clinic";
import { Host } from "../support/host";
import { formatLink, parseLink } from "../../src/protocol/invitation";
import type { ClinicId } from "../../src/protocol/keys";
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

/** What a browser says of every answer that is no success: of the network, and not of the page. */
const OF_THE_NETWORK = /^Failed to load resource: the server responded with a status of|CORS request did not succeed|NS_ERROR_/;

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

  /** The whole sentence of that problem and no other, in both languages. */
  async isTold(problem: ProblemWords): Promise<void> {
    await this.phone.sees("problem", "", `:has([data-problem="${problem}"])`);
    const other = this.#kind.speaks === "en" ? "es" : "en";
    for (const language of [this.#kind.speaks, other] as const) {
      const { title, text } = TABLES[language].problems[problem];
      for (const sentence of [title, text]) await this.phone.sees("problem", sentence);
      await this.phone.press("language");
    }
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

/** What the page wrote to the console on the way: nothing that is of the network. */
async function complaints(kind: EngineKind, program: string, walk: (visit: Visit) => Promise<void>, more: Partial<Launch>): Promise<readonly string[]> {
  const visit = await Visit.begin(kind, program, more);
  try {
    await walk(visit);
    return visit.phone.browser.complaints.filter((one) => !OF_THE_NETWORK.test(one));
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
  // Another secret is one that the relay has never heard of: as with one that was used, the clinic has to make a new one.
  await visit.presses(at(formatLink({ secret: secret.map((byte) => byte ^ 1), clinic: founded })), "link-used");
  await visit.presses(at(formatLink({ secret, clinic: founded.map((byte) => byte ^ 1) as ClinicId })), "link-other-clinic");
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, old - Date.now())));
  await visit.presses(late.link, "link-used");
  await visit.presses(host.linkHere(cancelled.link), "link-used");
  await visit.phone.begin(good);
  await visit.tells("all those links");
  await visit.phone.open(good.link);
  await visit.phone.sees("has-chat", TABLES[visit.speaks].hasChat);
  await visit.tells("the same link again");
}

async function hasWrongDate(visit: Visit): Promise<void> {
  const { link, code } = await invited();
  const { hash } = new URL(link);
  // A day behind: before the link is used up, so that it still opens once the date is right.
  await visit.presses(`${host.origin}/?ahead=${-DAY}${hash}`, "log.stale");
  await visit.phone.begin({ link, code });
  const conversation = await visit.tells("with the right date");
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

describe("bad input on the page, in front of the patient", { timeout: 180_000 }, () => {
  for (const kind of ENGINES.filter(({ slow }) => slow !== true)) {
    const program = programOf(kind);
    const on = (name: string, walk: (visit: Visit) => Promise<void>, more: Partial<Launch> = {}): void =>
      test.skipIf(program === undefined)(`${name}, in ${kind.name}`, async () => expect(await complaints(kind, program ?? "", walk, more)).toEqual([]));
    on("links", meetsBadLinks);
    if (kind.name === "WebKit") continue;
    on("a date that is wrong by a day", hasWrongDate);
    on("a private window", isInPrivate, { storage: "private" });
    on("a browser that keeps nothing", keepsNothing, { storage: "denied" });
  }
});
