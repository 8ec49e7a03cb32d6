/** The patient's way from the link to the end, as it is built and served, in every engine: real browsers, real relay, real desks. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ENGINES, programOf } from "./browser";
import { Journey } from "./journey";
import { LockWalk, type Push } from "./lock";
import { Clinic } from "../support/clinic";
import { Host } from "../support/host";
import { PushService } from "../support/push_service";

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

// One after another: three browsers at once starve one another on a small machine, and what waits too long looks broken.
describe("from the link to the end, every address on the way and every complaint", () => {
  for (const kind of ENGINES) {
    const program = programOf(kind);
    test.skipIf(program === undefined)(`in ${kind.name}`, async () => {
      const journey = await Journey.start(clinic, host, kind, program ?? "", join(folder, kind.name));
      try {
        expect(await journey.languages()).toEqual(kind.speaks === "en" ? ["en", "es", "es"] : ["es", "en", "en"]);
        await journey.writeAndRead();
        expect(await journey.sendPhoto()).toBeGreaterThan(0);
        expect(await journey.comeBack()).toBe(3);
        await journey.lock();
        await journey.passTunnel();
        await journey.meetColleague();
        await journey.goOnAfterTheClose();
        expect(await journey.loseEverything()).toEqual([[], [], 0, 0]);
        expect(await journey.comeAsNew()).toBeGreaterThan(7);
        expect(await journey.erase()).toEqual([[], [], 0, 0]);
        await journey.startAtTheRelay();
        expect(journey.asked.length).toBeGreaterThan(20);
        expect(journey.askedElsewhere).toEqual([]);
        expect(journey.complaints).toEqual([]);
      } finally {
        await journey.end();
      }
    });
  }
});

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
      await phone.sees("lock-warning", "do not delete the passkey");
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
