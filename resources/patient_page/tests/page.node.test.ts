/** The page as it is built and served, in a browser of its own, against a real relay and real desks. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type BrowserContext, type Locator, type Page, type Route, chromium } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { buildPage } from "../build.mjs";
import { BIRTH_DATE, BORN, Clinic, type Invited } from "./support/clinic";
import { CONSENT_VERSION, TABLES } from "../src/words";

const PLANTED = "planted: my knee hurts since Tuesday";
const PIN = "402718";
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

let clinic: Clinic;
let profile: string;
let context: BrowserContext;
let page: Page;
let requests: URL[];
let complaints: string[];
/** What was agreed to, as it stood on the screen. */
let consented: string;

async function launch(): Promise<void> {
  const executablePath = BROWSERS.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error(`Chromium is at none of ${BROWSERS.join(", ")}`);
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...root, "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    viewport: { width: 390, height: 844 },
    locale: "en-GB",
  });
  context.setDefaultTimeout(60_000);
  page = watched(context.pages()[0] ?? (await context.newPage()));
}

function watched(tab: Page): Page {
  tab.on("request", (request) => requests.push(new URL(request.url())));
  tab.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  return tab;
}

const at = (name: string, tab: Page = page): Locator => tab.locator(`[data-test="${name}"]`);

beforeAll(async () => {
  clinic = await Clinic.found("Harbour Clinic", ["Ana"]);
});
afterAll(() => clinic.end());
beforeEach(async () => {
  [requests, complaints] = [[], []];
  profile = await mkdtemp(join(tmpdir(), "sealdesk-phone-"));
  await launch();
});
afterEach(async () => {
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

async function talk(invited: Invited, isShared = false): Promise<void> {
  await page.goto(invited.link);
  if (isShared) await at("shared").check();
  await at("start").click();
  consented = (await at("consent-text").textContent()) ?? "";
  await at("consent-tick").check();
  await at("consent-continue").click();
  await at("code").fill(invited.code);
  for (const [part, number] of Object.entries(BORN)) await at(`birth-${part}`).pressSequentially(number);
  await at("check-continue").click();
  await at("composer").waitFor();
}

/** Through the look that everybody takes before it leaves. */
async function give(input: "photo" | "file", file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }): Promise<void> {
  await at("attach").click();
  await at(input).setInputFiles(file);
  await at("chosen-send").click();
}

async function say(text: string): Promise<void> {
  await at("composer").fill(text);
  await at("send").click();
  await at("message").filter({ hasText: text }).and(page.locator('[data-delivery="delivered"]')).waitFor();
}

/** Talks until the clinic has answered. A desk finds the conversation by what was asked in it. */
async function answered(question: string): Promise<string> {
  await talk(await clinic.invite("Ana"));
  await say(question);
  const conversation = await clinic.heard("Ana", question);
  expect(await at("offer").count()).toBe(0);
  await clinic.ask("send", { desk: "Ana", conversation, text: "here we are" });
  await at("offer").waitFor();
  return conversation;
}

async function unlock(): Promise<void> {
  await at("pin").fill(PIN);
  await at("unlock").click();
}

const hide = (hidden: boolean): Promise<void> =>
  page.evaluate((now) => {
    // A browser without a window shows every tab at once.
    Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);

const workers = (): Promise<number> => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

/** Every byte that the browser left on the disk. */
async function leftOnDisk(): Promise<ReadonlyMap<string, Buffer>> {
  const files = (await readdir(profile, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  return new Map(await Promise.all(files.map(async (file) => [file.name, await readFile(join(file.parentPath, file.name))] as const)));
}

describe("the page, served", () => {
  test("opening a link fetches the page's own files and nothing else, and leaves no secret to be seen", async () => {
    const invited = await clinic.invite("Ana");
    await page.goto(invited.link);
    await at("start").waitFor();
    await expect.poll(() => at("hours").textContent()).toContain("Monday");
    expect(await at("come-back").count()).toBe(0);
    await expect.poll(() => at("clinic").textContent()).toBe("Harbour Clinic");
    const files = new Set(["/", "/shell.js", "/engine.js", "/sodium.wasm", "/page.css", "/icon.svg", "/config.json", "/charter.bin"]);
    await expect.poll(() => new Set(requests.map(({ pathname }) => pathname))).toEqual(files);
    await page.waitForLoadState("networkidle");
    expect(new Set(requests.map(({ pathname }) => pathname))).toEqual(files);
    expect(requests.map(({ pathname }) => pathname).filter((path) => path !== "/icon.svg")).toHaveLength(7);
    expect(page.url()).toBe(`${clinic.founded.origin}/`);
    const secret = new URL(invited.link).hash.slice(1);
    expect(await page.evaluate(() => JSON.stringify([document.documentElement.outerHTML, history.state, Object.entries(localStorage), Object.entries(sessionStorage)]))).not.toContain(secret);
    expect(complaints).toEqual([]);
  });

  test("carries a conversation under its strict policy, with one relay and nobody else", async () => {
    await talk(await clinic.invite("Ana"));
    await say("hello");
    const conversation = await clinic.heard("Ana", "hello");
    const hash = createHash("sha256").update(consented).digest("hex");
    expect(await clinic.ask("consent", { desk: "Ana", conversation })).toEqual({ version: CONSENT_VERSION, hash });
    await clinic.ask("send", { desk: "Ana", conversation, text: "<img src=x onerror=alert(1)>" });
    await at("message").filter({ hasText: "<img src=x" }).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(requests.filter(({ origin }) => origin !== clinic.founded.origin)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.locator("[style]").count()).toBe(0);
    const policy = (await (await fetch(clinic.founded.origin)).text()).match(/Content-Security-Policy" content="([^"]*)"/)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-inline");
  });

  test("the conversation is saved as a file that shows itself to nobody else, with hostile text as text and photos within", async () => {
    const hostile = `</p><script>document.title = "run"</script><img src="https://evil.example/x" onerror=alert(1)> & "'`;
    await talk(await clinic.invite("Ana"));
    await say(hostile);
    await give("photo", { name: "home.png", mimeType: "image/png", buffer: await page.screenshot() });
    await page.locator('[data-kind="file"][data-delivery="delivered"] [data-test="photo-shown"]').waitFor();
    await at("menu").click();
    await at("save").click();
    const [download] = await Promise.all([page.waitForEvent("download"), at("save-file").click()]);
    expect(download.suggestedFilename()).toMatch(/^chat-\d{4}-\d\d-\d\d\.html$/);
    expect(await at("save-missing").count()).toBe(0);
    const saved = join(profile, download.suggestedFilename());
    await download.saveAs(saved);
    const reader = await context.newPage();
    const asked: string[] = [];
    reader.on("request", (request) => asked.push(request.url()));
    reader.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    await reader.goto(`file://${saved}`);
    await reader.getByText(hostile).waitFor();
    expect(await reader.title()).toBe("Chat with Harbour Clinic");
    expect(await reader.locator("script, iframe, link, form, [onerror]").count()).toBe(0);
    expect(await reader.locator("img").evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth > 0))).toEqual([true]);
    expect(asked).toEqual([`file://${saved}`]);
    await reader.emulateMedia({ media: "print" });
    expect((await reader.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
    expect(complaints).toEqual([]);
  });

  test("runs no script that was altered on its way", async () => {
    await page.route("**/shell.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()};` });
    });
    await page.goto((await clinic.invite("Ana")).link);
    await expect.poll(() => complaints.some((line) => line.includes("integrity"))).toBe(true);
    expect(await at("start").count()).toBe(0);
  });

  test.for(["engine.js", "sodium.wasm"])("goes on with no %s that was altered on its way", async (file) => {
    await page.route(`**/${file}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from(" ")]) });
    });
    await page.goto((await clinic.invite("Ana")).link);
    await at("start").click();
    await page.locator('[data-problem="unreachable"]').waitFor();
    await expect.poll(() => complaints.some((line) => line.includes("integrity"))).toBe(true);
    expect(requests.some(({ pathname }) => pathname.startsWith("/v1/"))).toBe(false);
  });

  test("comes back after the browser's restart, and leaves nothing readable on the disk", async () => {
    const invited = await clinic.invite("Ana");
    await talk(invited);
    await say(PLANTED);
    await context.close();
    const disk = await leftOnDisk();
    expect(disk.size).toBeGreaterThan(20);
    // The link itself is in the browser's own history, which no page can clear; it is used up, and opens nothing.
    for (const planted of [PLANTED, BIRTH_DATE, `"${invited.code}"`]) {
      const holds = (bytes: Buffer): boolean => bytes.includes(planted) || bytes.includes(Buffer.from(planted, "utf16le"));
      expect([...disk].filter(([, bytes]) => holds(bytes)).map(([name]) => `${planted} in ${name}`)).toEqual([]);
    }
    await launch();
    await page.goto(clinic.founded.origin);
    await at("message").filter({ hasText: PLANTED }).waitFor();
    await say("still here");
  });

  test("on a device that others use too nothing is kept: not in the browser, not on the disk, not behind the back button", async () => {
    const written = "a word for nobody who comes after me";
    await talk(await clinic.invite("Ana"), true);
    await say(written);
    await at("kept-nowhere").waitFor();
    const conversation = await clinic.heard("Ana", written);
    await clinic.ask("send", { desk: "Ana", conversation, text: "an answer to all of it" });
    await at("message").filter({ hasText: "an answer to all of it" }).waitFor();
    const kept = (): Promise<unknown> =>
      page.evaluate(async () => [await indexedDB.databases(), await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length, localStorage.length, sessionStorage.length]);
    expect(await at("offer").count()).toBe(0);
    expect(await kept()).toEqual([[], [], 0, 0, 0]);
    // Whoever else opens the page finds its first screen, and no way to this chat.
    const second = watched(await context.newPage());
    await second.goto(clinic.founded.origin);
    await at("start", second).waitFor();
    await second.close();
    await say("still here");
    // A language that is chosen by hand is remembered, and goes with the rest.
    await at("menu").click();
    await at("language").click();
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.goto("about:blank");
    expect(asked).toEqual(["beforeunload"]);
    await page.goBack();
    await at("start").waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await at("message").count()).toBe(0);
    await context.close();
    const holds = (bytes: Buffer): boolean => bytes.includes(written) || bytes.includes(Buffer.from(written, "utf16le"));
    expect([...(await leftOnDisk())].filter(([, bytes]) => holds(bytes)).map(([name]) => name)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a PIN locks the chat: at once, for who was away, in every tab, and what is half written waits", async () => {
    await talk(await clinic.invite("Ana"));
    await say(PLANTED);
    await at("menu").click();
    await at("lock").click();
    expect(await at("lock-warning").textContent()).toContain("not even the clinic");
    await at("lock-pin").click();
    await at("pin-new").fill("123456");
    await at("lock-save").click();
    await expect.poll(() => at("lock-wrong").textContent()).toContain("easy to guess");
    await at("pin-new").fill(PIN);
    await at("pin-again").fill(PIN);
    await at("pin-again").press("Enter");
    await at("lock-back").click();
    await at("menu-close").click();
    await say("after the PIN");
    await at("composer").fill("half written");
    await at("menu").click();
    await at("lock-now").click();
    await at("pin").waitFor();
    expect(await page.content()).not.toMatch(/planted|half written|after the PIN|Harbour/);
    await at("pin").fill("000001");
    await at("unlock").click();
    await expect.poll(() => at("pin-wrong").textContent()).toContain("not right");
    await unlock();
    await at("message").filter({ hasText: PLANTED }).waitFor();
    expect(await at("composer").inputValue()).toBe("half written");

    await hide(true);
    expect(await page.locator("body").evaluate((body) => getComputedStyle(body).visibility)).toBe("hidden");
    await hide(false);
    expect(await at("message").count()).toBe(2);
    await hide(true);
    // The tab was frozen with its timers: only the clock has gone on.
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 121_000;
    });
    await hide(false);
    await at("pin").waitFor();
    expect(await at("message").count()).toBe(0);

    const first = page;
    page = watched(await context.newPage());
    await page.goto(clinic.founded.origin);
    await at("use-here").click();
    await unlock();
    await at("message").filter({ hasText: PLANTED }).waitFor();
    await at("second-tab", first).waitFor();
    await page.close();
    page = first;
    await at("pin").waitFor();
    await page.reload();
    await at("cannot-open").click();
    await at("erase").click();
    await at("erase-confirm").click();
    // Nothing can be signed for the clinic with keys that stayed shut.
    await at("untold").waitFor();
    expect(await page.evaluate(async () => await indexedDB.databases())).toEqual([]);
    await page.goto(clinic.founded.origin);
    await at("start").waitFor();
    expect(complaints).toEqual([]);
  });

  test("what was erased is gone, and the page begins anew", async () => {
    await talk(await clinic.invite("Ana"));
    await say("forget me");
    await at("menu").click();
    await at("erase").click();
    await at("erase-confirm").click();
    await at("told").waitFor();
    expect(await page.evaluate(async () => [await indexedDB.databases(), await caches.keys(), localStorage.length, sessionStorage.length])).toEqual([[], [], 0, 0]);
    await page.goto(clinic.founded.origin);
    await at("start").waitFor();
  });

  test("where no push service can be reached, the offer says what to do, and nothing stays behind", async () => {
    await context.grantPermissions(["notifications"], { origin: clinic.founded.origin });
    await answered("who can reach me?");
    await page.clock.install();
    await at("offer-yes").click();
    await expect
      .poll(async () => {
        // Chromium goes on trying for minutes; the page gives up before.
        await page.clock.runFor(5_000);
        return at("offer-wrong").textContent();
      })
      .toContain("try again");
    expect(await workers()).toBe(0);
    await say("the chat goes on");
    await at("offer-no").click();
    await at("offer").waitFor({ state: "detached" });
    await page.reload();
    await at("message").filter({ hasText: "here we are" }).waitFor();
    expect(await at("offer").count()).toBe(0);
  });

  test("who wants it is told by one fixed sentence, until it is switched off or erased", async () => {
    await context.grantPermissions(["notifications"], { origin: clinic.founded.origin });
    // No push service can be reached from a test: its answer is made up, everything else is real.
    await context.addInitScript(() => {
      const endpoint = "https://fcm.googleapis.com/fcm/send/made-up";
      PushManager.prototype.subscribe = async () => ({ endpoint }) as PushSubscription;
    });
    await answered("will you tell me?");
    const asked: string[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith("/v1/push")) asked.push(`${response.request().method()} ${response.status()}`);
    });
    const cdp = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations: [one] }) => one !== undefined && resolve(one.registrationId));
    });
    await cdp.send("ServiceWorker.enable");
    await at("offer-yes").click();
    await at("offer").waitFor({ state: "detached" });
    await expect.poll(() => asked).toEqual(expect.arrayContaining(["GET 200", "PUT 204"]));
    // A worker that is still being activated is given no push, and nobody is told.
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === "activated");
    // A busy browser drops a push that its tools hand it: it is handed over until it is shown, and shown once.
    const shown = async (): Promise<readonly string[]> => {
      await cdp.send("ServiceWorker.deliverPushMessage", { origin: clinic.founded.origin, registrationId: await registered, data: "planted" });
      return page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => `${title}|${body}|${tag}`));
    };
    await expect.poll(shown).toEqual(["There may be something new in your secure chat||sealdesk"]);

    await at("menu").click();
    await at("notices-push").click();
    await at("notices-push").and(page.locator(":not(:checked):enabled")).waitFor();
    await expect.poll(() => asked.at(-1)).toBe("DELETE 204");
    expect(await workers()).toBe(0);

    await at("notices-push").click();
    await at("notices-push").and(page.locator(":checked:enabled")).waitFor();
    expect(await workers()).toBe(1);
    await at("erase").click();
    await at("erase-confirm").click();
    await at("erased").waitFor();
    await expect.poll(() => asked.at(-1)).toBe("DELETE 204");
    expect(await workers()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("counts in the title what comes while another tab is looked at, and sounds for whoever wants that", async () => {
    await context.addInitScript(() => {
      let notes = 0;
      globalThis.OscillatorNode = class extends OscillatorNode {
        override start(when?: number): void {
          if (this.context.state === "running") notes += 1;
          super.start(when);
        }
      };
      Object.defineProperty(globalThis, "notes", { get: () => notes });
    });
    const notes = (): Promise<unknown> => page.evaluate(() => (globalThis as { readonly notes?: number }).notes);
    const conversation = await answered("will I see it?");
    expect(await page.title()).toBe("Secure chat");
    const send = (text: string): Promise<null> => clinic.ask("send", { desk: "Ana", conversation, text });
    await hide(true);
    for (const text of ["first", "second"]) await send(text);
    await expect.poll(() => page.title()).toBe("(2) Secure chat");
    await hide(false);
    expect(await page.title()).toBe("Secure chat");
    expect(await notes()).toBe(0);

    await at("menu").click();
    await at("notices-sound").click();
    await at("notices-sound").and(page.locator(":checked:enabled")).waitFor();
    await expect.poll(notes).toBe(2);
    await at("menu-close").click();
    await send("seen at once");
    await at("message").filter({ hasText: "seen at once" }).waitFor();
    expect(await notes()).toBe(2);
    await hide(true);
    await send("third");
    await expect.poll(() => page.title()).toBe("(1) Secure chat");
    await expect.poll(notes).toBe(4);
    await page.reload();
    await at("menu").click();
    await at("notices-sound").and(page.locator(":checked")).waitFor();
    expect(complaints).toEqual([]);
  });

  test.for([
    ["link-cut", (hash: string) => hash.slice(0, 30)],
    ["link-damaged", (hash: string) => `${hash}${hash}`],
  ] as const)("a bad link is told as %s, and asks nothing of the relay", async ([problem, bend]) => {
    const link = new URL((await clinic.invite("Ana")).link);
    await page.goto(`${link.origin}${link.pathname}${bend(link.hash)}`);
    await page.locator(`[data-problem="${problem}"]`).waitFor();
    expect(requests.some(({ pathname }) => pathname.startsWith("/v1/"))).toBe(false);
  });

  test("a build that is pinned to one clinic opens no other, whatever the configuration says", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sealdesk-pinned-"));
    await buildPage(folder, "ab".repeat(32));
    await page.route("**/*.{js,html}", async (route) => route.fulfill({ path: join(folder, new URL(route.request().url()).pathname) }));
    await page.route("**/", async (route) => route.fulfill({ path: join(folder, "index.html") }));
    await page.goto((await clinic.invite("Ana")).link);
    await at("start").click();
    await page.locator('[data-problem="link-other-clinic"]').waitFor();
    expect(requests.some(({ pathname }) => pathname.startsWith("/v1/"))).toBe(false);
    await rm(folder, { recursive: true });
  });

  test.for(["engine.js", "sodium.wasm"])("where %s does not come the first screen stands, the press is told, and the next one works", async (file) => {
    let lost = true;
    await page.route(`**/${file}`, (route) => (lost ? route.abort() : route.continue()));
    await page.goto((await clinic.invite("Ana")).link);
    await at("start").click();
    await page.locator('[data-problem="unreachable"]').waitFor();
    lost = false;
    await at("again").click();
    await at("consent-tick").waitFor();
    expect(page.url()).toBe(`${clinic.founded.origin}/`);
  });

  test("inside another app it says so before anything else, to visitors too, and gives the whole link; whoever stays goes on", async () => {
    const { origin } = clinic.founded;
    const { link } = await clinic.invite("Ana");
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
    const userAgent = "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0]";
    await (await context.newCDPSession(page)).send("Emulation.setUserAgentOverride", { userAgent });
    for (const address of [`${origin}/`, link]) {
      await page.goto("about:blank");
      await page.goto(address);
      await at("copy-link").click();
      await page.getByText(TABLES.en.copied).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
      expect([await at("start").count(), page.url()]).toEqual([0, `${origin}/`]);
    }
    expect(requests.some(({ pathname }) => pathname.startsWith("/v1/"))).toBe(false);
    await at("stay-here").click();
    await at("start").click();
    await at("consent-tick").waitFor();
    await page.goto("about:blank");
    await page.goto(origin);
    await at("consent-tick").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a press before the engine is there waits for it, and says so", async () => {
    const held: Route[] = [];
    await page.route("**/engine.js", (route) => void held.push(route));
    await page.goto((await clinic.invite("Ana")).link);
    await at("start").click();
    await at("start").and(page.locator(":disabled")).waitFor();
    expect(await at("start").textContent()).toBe("Getting ready…");
    await held[0]?.continue();
    await at("consent-tick").waitFor();
  });

  test("what cannot be read any more can be erased, and a new link begins anew", async () => {
    await talk(await clinic.invite("Ana"));
    // The page itself is gone by then: it would write over that what comes meanwhile.
    await page.goto(`${clinic.founded.origin}/icon.svg`);
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open("sealdesk");
          request.addEventListener("success", () => {
            const change = request.result.transaction("records", "readwrite");
            change.objectStore("records").put(new Uint8Array(40), "line");
            change.addEventListener("complete", () => resolve());
          });
        }),
    );
    await page.goto(clinic.founded.origin);
    await page.locator('[data-problem="storage-unreadable"]').waitFor();
    await at("erase").click();
    await at("erase-confirm").click();
    await at("erased").waitFor();
    await page.goto("about:blank");
    await talk(await clinic.invite("Ana"));
    expect(await at("message").count()).toBe(0);
  });

  test("a file leaves as it is, under a name that fits, once it was looked at and sent", async () => {
    await talk(await clinic.invite("Ana"));
    await say("these are my results");
    const conversation = await clinic.heard("Ana", "these are my results");
    const buffer = Buffer.from("%PDF-1.7 planted");
    const name = `${"Ergebnisse für 日本 ".repeat(12)}.pdf`;
    await at("attach").click();
    await at("file").setInputFiles({ name, mimeType: "application/pdf", buffer });
    await at("chosen").waitFor();
    expect(await at("chosen").textContent()).toMatch(/^Ergebnisse .*….*\.pdf, 1 kB$/);
    await at("chosen-drop").click();
    await at("attach-close").click();
    expect(requests.some(({ pathname }) => pathname.startsWith("/v1/blobs"))).toBe(false);
    await give("file", { name, mimeType: "application/pdf", buffer });
    await page.locator('[data-kind="file"][data-delivery="delivered"]').getByText(/^Save Ergebnisse .*\.pdf \(1 kB\)$/).waitFor();
    const heard = await clinic.ask<{ readonly name: string; readonly type: string; readonly content: string }>("heard_file", { desk: "Ana", conversation });
    expect(heard.name).toMatch(/^Ergebnisse für 日本 .*….*\.pdf$/);
    expect([heard.type, Buffer.from(heard.content, "hex")]).toEqual(["application/pdf", buffer]);
    expect(complaints).toEqual([]);
  });

  test("a photo leaves without the place where it was taken", async () => {
    await talk(await clinic.invite("Ana"));
    await say("this is how it looks");
    const conversation = await clinic.heard("Ana", "this is how it looks");
    const png = await page.screenshot();
    const place = Buffer.from("tEXtplace\0N 52.52 E 13.40");
    const chunk = Buffer.alloc(8 + place.length - 4 + 4);
    chunk.writeUInt32BE(place.length - 4);
    place.copy(chunk, 4);
    // A chunk with a wrong checksum is skipped by every reader, and would still tell.
    const taken = Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
    await give("photo", { name: "home.png", mimeType: "image/png", buffer: taken });
    await page.locator('[data-kind="file"][data-delivery="delivered"] [data-test="photo-shown"]').waitFor();
    const heard = await clinic.ask<{ readonly type: string; readonly content: string }>("heard_file", { desk: "Ana", conversation });
    const content = Buffer.from(heard.content, "hex");
    expect(heard.type).toBe("image/jpeg");
    expect(content.subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff));
    expect(content.includes("N 52.52")).toBe(false);
    expect(complaints).toEqual([]);
  });
});
