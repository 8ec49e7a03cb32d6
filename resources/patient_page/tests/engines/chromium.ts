/** Chromium, by Playwright. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type BrowserContext, type CDPSession, type Page, chromium } from "playwright";

import type { Browser, Launch } from "./browser";
import { VIEWPORT } from "./phone";
import { SLOW_NETWORK } from "../bench/slow.mjs";

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** How it tells of a wire that was cut: nothing that the page did. */
const NO_LINE = /^Failed to load resource: net::ERR_(EMPTY_RESPONSE|CONNECTION_\w+|PROXY_CONNECTION_FAILED|INCOMPLETE_CHUNKED_ENCODING)$/;

export class Chromium implements Browser {
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #profile: string;
  readonly #tabs = new Map<string, Page>();
  #page: Page;
  /** What is limited is limited for as long as this lasts. */
  #devtools: CDPSession | undefined;

  private constructor(context: BrowserContext, page: Page, profile: string) {
    [this.#context, this.#page, this.#profile] = [context, page, profile];
    context.on("console", (line) => line.type() === "error" && !NO_LINE.test(line.text()) && this.complaints.push(line.text()));
    context.on("weberror", (error) => this.complaints.push(error.error().message));
    this.#note(page);
    context.on("page", (tab) => this.#note(tab));
  }

  #note(page: Page): void {
    const name = `tab ${this.#tabs.size}`;
    this.#tabs.set(name, page);
    // Whoever leaves a page that asks whether to stay means it.
    page.on("dialog", (dialog) => void dialog.accept());
  }

  static async launch(this: void, executablePath: string, { profile, proxy, language, slow, prelude, storage }: Launch): Promise<Chromium> {
    // Root, as in a container, has no user namespace to sandbox with.
    const program = { executablePath, args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...QUIET] };
    const window = {
      viewport: VIEWPORT,
      locale: language,
      hasTouch: true,
      isMobile: true,
      proxy: { server: `http://127.0.0.1:${proxy}` },
    };
    if (storage === "denied") await denyStorage(profile);
    const context = storage === "private" ? await (await chromium.launch(program)).newContext(window) : await chromium.launchPersistentContext(profile, { ...program, ...window });
    if (prelude !== undefined) await context.addInitScript(prelude);
    const page = context.pages()[0] ?? (await context.newPage());
    if (slow) await slowDown(await context.newCDPSession(page));
    return new Chromium(context, page, profile);
  }

  get context(): BrowserContext {
    return this.#context;
  }

  /** The browser's own tools, at the tab that is in use. */
  devtools(): Promise<CDPSession> {
    return this.#context.newCDPSession(this.#page);
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async back(): Promise<void> {
    await this.#page.goBack();
  }

  async run<Given extends readonly unknown[], Result>(task: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>> {
    const source = `(${task.toString()})(...${JSON.stringify(given)})`;
    try {
      return (await this.#page.evaluate(source)) as Awaited<Result>;
    } catch (error) {
      // The page was loaded anew meanwhile: what is asked is asked of the next one.
      if (!String(error).includes("context was destroyed")) throw error;
      await this.#page.waitForLoadState();
      return this.run(task, ...given);
    }
  }

  press(selector: string): Promise<void> {
    return this.#page.locator(selector).tap();
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  attach(selector: string, path: string): Promise<void> {
    return this.#page.locator(selector).setInputFiles(path);
  }

  pressAt(x: number, y: number): Promise<void> {
    return this.#page.touchscreen.tap(x, y);
  }

  photograph(): Promise<Buffer> {
    return this.#page.screenshot();
  }

  async save(selector: string): Promise<string> {
    const [saved] = await Promise.all([this.#page.waitForEvent("download"), this.press(selector)]);
    const path = join(this.#profile, saved.suggestedFilename());
    await saved.saveAs(path);
    return path;
  }

  async tabs(): Promise<readonly string[]> {
    return Promise.resolve([...this.#tabs].filter(([, page]) => !page.isClosed()).map(([name]) => name));
  }

  async openTab(): Promise<string> {
    const page = await this.#context.newPage();
    return [...this.#tabs].find(([, one]) => one === page)?.[0] ?? "";
  }

  async useTab(tab: string): Promise<void> {
    this.#page = this.#tabs.get(tab) ?? this.#page;
    await this.#page.bringToFront();
  }

  async closeTab(tab: string): Promise<void> {
    await this.#tabs.get(tab)?.close();
  }

  async limitStorage(origin: string, quotaSize: number): Promise<void> {
    this.#devtools ??= await this.#context.newCDPSession(this.#page);
    await this.#devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  }

  async end(): Promise<void> {
    await this.#context.close();
    await this.#context.browser()?.close();
  }
}

/** As in the settings: no site may keep anything. */
async function denyStorage(profile: string): Promise<void> {
  await mkdir(join(profile, "Default"), { recursive: true });
  await writeFile(join(profile, "Default/Preferences"), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
}

async function slowDown(devtools: CDPSession): Promise<void> {
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", SLOW_NETWORK);
}
