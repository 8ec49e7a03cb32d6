/** Chromium, by Playwright. */
import { type BrowserContext, type Page, chromium } from "playwright";

import type { Browser, Launch } from "./browser";

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** How it tells of a wire that was cut: nothing that the page did. */
const NO_LINE = /^Failed to load resource: net::ERR_(EMPTY_RESPONSE|CONNECTION_\w+|PROXY_CONNECTION_FAILED|INCOMPLETE_CHUNKED_ENCODING)$/;

export class Chromium implements Browser {
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #page: Page;

  private constructor(context: BrowserContext, page: Page) {
    [this.#context, this.#page] = [context, page];
    page.on("console", (line) => line.type() === "error" && !NO_LINE.test(line.text()) && this.complaints.push(line.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }

  static async launch(this: void, executablePath: string, { profile, proxy, language }: Launch): Promise<Browser> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      // Root, as in a container, has no user namespace to sandbox with.
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...QUIET],
      viewport: { width: 390, height: 844 },
      locale: language,
      hasTouch: true,
      isMobile: true,
      proxy: { server: `http://127.0.0.1:${proxy}` },
    });
    return new Chromium(context, context.pages()[0] ?? (await context.newPage()));
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  run<Given extends readonly unknown[], Result>(task: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>> {
    const source = `(${task.toString()})(...${JSON.stringify(given)})`;
    return this.#page.evaluate(source) as Promise<Awaited<Result>>;
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

  photograph(): Promise<Buffer> {
    return this.#page.screenshot();
  }

  end(): Promise<void> {
    return this.#context.close();
  }
}
