/** The patient's journeys, through the page as it is built and served, in every engine: real browsers, a real relay, real desks. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ENGINES, type EngineKind, isEveryEngine, programOf } from "./browser";
import { Journey } from "./journey";
import { LockWalk, type Push } from "./lock";
import { Clinic } from "../support/clinic";
import { Host } from "../support/host";
import { PushService } from "../support/push_service";
import { HOURS_WORDS } from "../../src/view/hours_words";

/** As a relay answers that has no more room. */
const NO_ROOM = { status: 413, body: JSON.stringify({ type: "urn:sealdesk:problem:limit-exceeded" }) };
const OPEN = { days: ["mon-sun 0:00-24:00"], time_zone: "UTC" };

let host: Host;
let pushes: PushService;
let clinic: Clinic;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealdesk-engines-"));
  [host, pushes] = [await Host.open(), await PushService.open()];
  clinic = await Clinic.found("Harbour Clinic", ["Ana", "Ben"], [host.origin, host.namedOrigin], pushes.origin);
  host.folder = clinic.page;
});
afterAll(async () => {
  await clinic.end();
  host.close();
  pushes.close();
  await rm(folder, { recursive: true });
});

/** A clinic's own website, whose policy allows the script of the button and nothing else. */
async function openWebsite(): Promise<Host> {
  const [site, { origin }] = [await Host.open(), clinic.founded];
  site.folder = await mkdtemp(join(folder, "website-"));
  const policy = `default-src 'none'; img-src 'self'; script-src ${origin}/widget.js; require-trusted-types-for 'script'; trusted-types 'none'`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="${policy}">`;
  await writeFile(join(site.folder, "index.html"), `<!doctype html><html lang="en">${head}<title>Harbour Clinic</title><h1>Welcome</h1><script defer src="${origin}/widget.js"></script>`);
  return site;
}

/** Each goes on in the same browser, from nothing that the one before has left. */
function walk(kind: EngineKind, program: string): void {
  let journey: Journey;
  const own = (text: string): string => journey.own(text);

  beforeAll(async () => {
    journey = await Journey.start(clinic, host, kind, program, join(folder, kind.name));
  });
  afterAll(() => journey.end());
  beforeEach(() => journey.beginAnew());
  afterEach(() => {
    expect(journey.askedElsewhere).toEqual([]);
    expect(journey.takeComplaints()).toEqual([]);
  });

  test("from the link to the end", async () => {
    expect(await journey.languages()).toEqual(kind.speaks === "en" ? ["en", "es", "es"] : ["es", "en", "en"]);
    await journey.writeAndRead();
    expect(await journey.screen()).toEqual({ width: kind.width, overflows: false, pushes: kind.pushes });
    expect(await journey.sendPhoto()).toBeGreaterThan(0);
    expect(await journey.comeBack()).toBe(3);
    await journey.lock();
    await journey.passTunnel();
    // By itself the page takes a line for dead after 50 seconds.
    expect(await journey.wakeUp()).toBeLessThan(30_000);
    await journey.meetColleague();
    await journey.goOnAfterTheClose();
    expect(await journey.loseEverything()).toEqual([[], [], 0, 0]);
    expect(await journey.comeAsNew()).toBeGreaterThan(7);
    expect(await journey.erase()).toEqual([[], [], 0, 0]);
    await journey.startAtTheRelay();
    expect(journey.asked.length).toBeGreaterThan(20);
  });
  if (kind.slow) return;
  // In Chromium page.node.test.ts walks these ways with every test, and looks at the disk, the paper and the sound too.
  const isElsewhere = kind.name === "Chromium" && !isEveryEngine();

  test("the chat moves to the tab in which it is wanted, and back, and goes on in the one that is left", async () => {
    const { phone } = journey;
    const { browser } = phone;
    await journey.talk(own("in the first"));
    await phone.write("composer", own("half written"));
    const [first = ""] = await browser.tabs();
    const second = await browser.openTab();
    await browser.useTab(second);
    await phone.open(journey.home);
    await phone.press("use-here");
    await phone.reads(own("in the first"), "delivered");
    expect(await phone.value("composer")).toBe("");
    await journey.tell(own("moved over"));
    await journey.hear(own("an answer"));

    await browser.useTab(first);
    await phone.press("use-here");
    await phone.reads(own("an answer"), "received");
    await phone.press("send");
    await phone.reads(own("half written"), "delivered");
    await browser.useTab(second);
    await phone.sees("use-here");
    await browser.closeTab(first);
    await phone.reads(own("half written"), "delivered");
    await journey.tell(own("alone again"));
    expect(await phone.seen("message")).toHaveLength(5);
  });

  test("a visitor comes by the button on the clinic's own website, with no invitation", async () => {
    const { phone } = journey;
    const { browser } = phone;
    const site = await openWebsite();
    journey.visited.add(site.origin);
    await phone.open(site.origin);
    const before = await browser.tabs();
    await browser.pressAt(...(await journey.placeOfWidget()));
    await expect.poll(() => browser.tabs()).toHaveLength(before.length + 1);
    await browser.useTab((await browser.tabs()).find((tab) => !before.includes(tab)) ?? "");
    await phone.agree();
    expect(await browser.run(() => [location.origin, opener === null, document.referrer, top === self])).toEqual([clinic.founded.origin, true, "", true]);
    await phone.sees("composer");
    // A desk may keep a stranger waiting for "delivered" until somebody has answered.
    const question = own("I saw you on the web");
    await phone.say(question);
    await clinic.ask("send", { desk: "Ana", conversation: await clinic.heard("Ana", question), text: own("welcome") });
    await phone.reads(own("welcome"), "received");
    await phone.reads(question, "delivered");
    site.close();
  });

  test.skipIf(isElsewhere)("on a device that others use too nothing is kept: not in the browser, not for another tab, not behind the back button", async () => {
    const { phone } = journey;
    const { browser } = phone;
    await journey.talk(own("for nobody who comes after me"), true);
    await phone.sees("kept-nowhere");
    await journey.hear(own("an answer to it"));
    expect(await phone.seen("offer")).toEqual([]);
    expect(await phone.kept()).toEqual([[], [], 0, 0]);
    const [first = ""] = await browser.tabs();
    const second = await browser.openTab();
    await browser.useTab(second);
    await phone.open(journey.home);
    await phone.sees("start");
    await browser.useTab(first);
    await browser.closeTab(second);
    await journey.tell(own("still here"));
    // A language that is chosen by hand is remembered, and goes with the rest.
    for (const pressed of ["menu", "language"]) await phone.press(pressed);
    await browser.open("about:blank");
    await browser.back();
    await phone.sees("start");
    expect(await phone.seen("message")).toEqual([]);
    // The database of whoever comes next, with nothing in it: the first screen shows.
    expect((await phone.kept()).slice(1)).toEqual([[], 0, 0]);
  });

  test("while the clinic is closed it says so, and when it opens", async () => {
    const { phone } = journey;
    const w = HOURS_WORDS[kind.speaks];
    const hour = new Date().getUTCHours();
    const later = [hour + 2, hour + 3].map((one) => `${one % 24}:00`);
    const days = [`mon-sun ${later.join("-").replace("-0:00", "-24:00")}`];
    try {
      await clinic.ask("tell_hours", { days, time_zone: "UTC" });
      await journey.talk(own("is anybody there?"));
      await phone.sees("opening", w.closedUntil("|").split("|")[0]);
      await clinic.ask("tell_hours", { days: [], time_zone: "UTC" });
      await phone.sees("opening", w.closed);
    } finally {
      await clinic.ask("tell_hours", OPEN);
    }
    await phone.misses("opening");
    expect(await phone.seen("message")).toHaveLength(1);
  });

  test.skipIf(isElsewhere)("the conversation is saved as a file that shows text as text, photos within, and asks nobody for anything", async () => {
    const { phone } = journey;
    const { browser } = phone;
    const hostile = own(`</p><script>document.title = "run"</script><img src="https://evil.example/x" onerror=alert(1)> & "'`);
    await journey.talk(hostile);
    await journey.sendPhoto();
    for (const pressed of ["menu", "save"]) await phone.press(pressed);
    await phone.sees("save-file");
    const path = await browser.save('[data-test="save-file"]');
    expect(basename(path)).toMatch(/^chat-\d{4}-\d\d-\d\d\.html$/);
    await browser.open(pathToFileURL(path).href);
    const shown = await browser.run(() => ({
      text: document.body.innerText,
      active: document.querySelectorAll("script, iframe, link, form, [onerror]").length,
      photos: [...document.images].map(({ naturalWidth }) => naturalWidth > 0),
    }));
    expect(shown).toEqual({ text: expect.stringContaining(hostile) as string, active: 0, photos: [true] });
  });

  test.skipIf(isElsewhere)("what comes while nobody looks is counted in the title, until somebody does", async () => {
    const { phone } = journey;
    const conversation = await journey.talk(own("will I see it?"));
    await journey.hear(own("here we are"));
    const title = await phone.browser.run(() => document.title);
    const lookBack = await journey.lookAway();
    for (const text of [own("first"), own("second")]) {
      await clinic.ask("send", { desk: "Ana", conversation, text });
      await clinic.ask("delivery", { desk: "Ana", text, wanted: "delivered" });
    }
    expect(await lookBack()).toEqual([`(1) ${title}`, `(2) ${title}`]);
    await expect.poll(() => phone.browser.run(() => document.title)).toBe(title);
  });

  // What is added changes nothing of what each would do: only its integrity stands against it.
  const ADDED = { "shell.js": Buffer.from(" "), "engine.js": Buffer.from(" "), "sodium.wasm": Buffer.of(0, 1, 0) };

  test.skipIf(isElsewhere)("nothing runs that was altered on its way", async () => {
    const { phone, wire } = journey;
    const [{ link }, before] = [await journey.invited(), wire.asked.length];
    const alter = async (file: keyof typeof ADDED): Promise<void> => {
      const body = Buffer.concat([await readFile(join(clinic.page, file)), ADDED[file]]);
      wire.lie = ({ pathname }) => (pathname === `/${file}` ? { status: 200, body } : undefined);
      await phone.open(link);
    };
    for (const file of ["engine.js", "sodium.wasm"] as const) {
      await alter(file);
      await phone.press("start");
      await phone.sees("problem", "", ':has([data-problem="unreachable"])');
    }
    await alter("shell.js");
    const asked = (): readonly string[] => wire.asked.slice(before).map(({ pathname }) => pathname);
    await expect.poll(() => asked().filter((path) => path === "/shell.js")).toHaveLength(3);
    await expect.poll(() => phone.browser.run(() => [document.readyState, document.querySelector("#page")?.childElementCount])).toEqual(["complete", 0]);
    expect(asked().filter((path) => path.startsWith("/v1/"))).toEqual([]);
    journey.takeComplaints();
    wire.lie = undefined;
    await phone.open(link);
    await phone.press("start");
    await phone.sees("consent-tick");
  });

  test("a photo that the relay refuses says so, holds up no word, and goes at a tap", async () => {
    const { phone, wire } = journey;
    await journey.talk(own("look at this"));
    wire.lie = ({ pathname }, method) => (method === "PUT" && pathname.startsWith("/v1/blobs/") ? NO_ROOM : undefined);
    await journey.choosePhoto();
    await phone.sees("message", "", '[data-kind="file"][data-delivery="failed"]');
    await journey.tell(own("can you see it?"));
    wire.lie = undefined;
    // Chromium tells of every answer that is a refusal.
    expect(journey.takeComplaints().filter((line) => !line.includes("413"))).toEqual([]);
    await phone.press("retry");
    await phone.sees("message", "", '[data-kind="file"][data-delivery="delivered"]');
    expect(await phone.seen("retry")).toEqual([]);
    expect(await phone.seen("message")).toHaveLength(3);
  });

  test.skipIf(isElsewhere)("a PIN that is easy to guess is refused, a wrong one opens nothing, the right one does, in every tab, until it is taken off", async () => {
    const { phone } = journey;
    const { browser } = phone;
    const [written, half] = [own("nobody else reads this"), own("half written")];
    await journey.talk(written);
    await phone.write("composer", half);
    await journey.setPin();
    await phone.press("lock-now");
    await phone.sees("locked");
    expect(await browser.run(() => document.documentElement.outerHTML)).not.toMatch(/nobody else|half written|Harbour/);
    await phone.unlock("000001");
    await phone.sees("pin-wrong", (await journey.lockWords()).wrong);
    await journey.unlock(written);
    expect(await phone.value("composer")).toBe(half);

    const [first = ""] = await browser.tabs();
    const second = await browser.openTab();
    await browser.useTab(second);
    await phone.open(journey.home);
    await phone.press("use-here");
    await journey.unlock(written);
    await browser.closeTab(first);
    await journey.removePin();
    await phone.open(journey.home);
    await phone.reads(written, "delivered");
  });
}

// One after another: three browsers at once starve one another on a small machine, and what waits too long looks broken.
for (const kind of ENGINES) {
  const program = programOf(kind);
  describe.skipIf(program === undefined)(`in ${kind.name}, every address on the way and every complaint`, () => {
    walk(kind, program ?? "");
  });
}

// By tools that Chromium alone has: an authenticator for tests, and a hand that gives a push to the service worker.
describe("the lock, in Chromium", { timeout: 60_000 }, () => {
  const [SAID, NEWS] = ["planted: my knee hurts", "planted: the letter is here"];
  const TOLD = ["There may be something new in your secure chat||sealdesk|null"];

  // Real: relay, its request to a push service on loopback, service worker, notification. Made up: the subscription and that
  // service's word to the browser, which only Google could give, and the finger.
  async function isPushedWhileLocked(lock: LockWalk, push: Push, conversation: string): Promise<void> {
    await lock.hide(true);
    await clinic.ask("send", { desk: "Ana", conversation, text: NEWS });
    await expect.poll(() => pushes.asked.length, { timeout: 15_000 }).toBe(1);
    expect(pushes.asked[0]).toMatchObject({ path: "/wake/locked", body: "", headers: { "content-length": "0" } });
    // A busy browser drops a push that its tools hand it.
    const delivered = async (): Promise<readonly string[]> => {
      await push.deliver();
      return lock.shown();
    };
    await expect.poll(delivered, { timeout: 15_000 }).toEqual(TOLD);
    await lock.hide(false);
    // Nobody has seen yet what it promised, and the page knows nothing that it could count.
    expect([await lock.shown(), await lock.title()]).toEqual([TOLD, "Secure chat"]);
    expect(await push.tap()).toEqual([`${lock.home}/`]);
    expect(await lock.shown()).toEqual([]);
    await lock.phone.sees("locked");
    expect(await lock.document()).not.toContain("planted");
    await expect.poll(delivered, { timeout: 15_000 }).toEqual(TOLD);
  }

  test("opens by a passkey alone, also after a push that says one sentence, and says what to do once the passkey is deleted", async () => {
    const [program] = ENGINES.filter(({ name }) => name === "Chromium").map(programOf);
    const lock = await LockWalk.start(clinic, host, pushes, program ?? "", join(folder, "lock"));
    const { phone } = lock;
    try {
      const [passkey, push] = [await lock.plugIn(), await lock.subscribable()];
      const conversation = await lock.talk(SAID);
      await clinic.ask("send", { desk: "Ana", conversation, text: "planted: good morning" });
      await lock.press("offer-yes");
      await phone.misses("offer");
      await lock.press("menu", "lock");
      await phone.sees("lock-warning", "delete the passkey");
      await lock.press("lock-passkey");
      await phone.sees("lock-done", "The lock is on.");
      await lock.press("lock-back", "lock-now");
      await phone.sees("locked", "face, finger or screen lock");
      await lock.cancelNext();
      await lock.press("unlock");
      await phone.sees("pin-wrong", "It did not open. Try again.");
      expect(await lock.document()).not.toContain("planted");
      await isPushedWhileLocked(lock, push, conversation);
      await lock.press("unlock");
      await phone.reads(NEWS, "received");
      await expect.poll(() => lock.shown()).toEqual([]);
      // The link that this page came by is the one of this chat.
      expect(await phone.seen("has-chat")).toEqual([]);

      await phone.open(lock.home);
      await lock.press("unlock");
      await phone.reads(SAID, "delivered");
      await passkey.refuse();
      await lock.press("menu", "lock", "lock-remove", "lock-save");
      await phone.sees("lock-wrong", "save your conversation");
      await passkey.forget();
      await lock.press("menu-close", "menu", "lock-now", "unlock");
      await phone.sees("pin-wrong", "press “I cannot open it” below");
      await lock.press("cannot-open");
      await phone.sees("cannot-open-text", "call the clinic");
      await lock.press("erase", "erase-confirm");
      await phone.sees("untold", "The clinic does not know it yet.");
      expect(await phone.browser.run(async () => [await indexedDB.databases(), (await navigator.serviceWorker.getRegistrations()).length])).toEqual([[], 0]);
      expect(lock.complaints).toEqual([]);
    } finally {
      await lock.end();
    }
  });
});
