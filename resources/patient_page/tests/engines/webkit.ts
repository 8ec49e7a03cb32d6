/** WebKit, the engine of every browser on an iPhone, as WebKitGTK, by WebDriver: https://www.w3.org/TR/webdriver2/ */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Browser, Launch } from "./browser";
import { keyboard } from "./keyboard";
import { VIEWPORT } from "./phone";
import { newFile } from "./saved";

/** The name under which WebDriver hands out an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class WebKit implements Browser {
  readonly complaints: string[] = [];
  readonly #processes: readonly ChildProcess[];
  readonly #address: string;
  readonly #downloads: string;
  #session = "";

  private constructor(processes: readonly ChildProcess[], port: number, downloads: string) {
    [this.#processes, this.#downloads] = [processes, downloads];
    this.#address = `http://127.0.0.1:${port}/session`;
  }

  static async launch(this: void, binary: string, { proxy, profile }: Launch): Promise<Browser> {
    const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1000x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
    const display = await new Promise((resolve) => screen.stdout.once("data", resolve));
    const port = await freePort();
    const downloads = join(profile, "downloads");
    await mkdir(downloads, { recursive: true });
    // Where a desktop keeps what was saved.
    await writeFile(join(profile, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    const environment = { ...process.env, XDG_CONFIG_HOME: profile, DISPLAY: `:${String(display).trim()}`, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    const browser = new WebKit([driver, screen], port, downloads);
    createInterface({ input: driver.stdout }).on("line", (line) => {
      if (/^CONSOLE .*ERROR/.test(line)) browser.complaints.push(line);
    });
    await browser.#begin(binary, proxy);
    return browser;
  }

  async #begin(binary: string, proxy: number): Promise<void> {
    const options = { binary, args: ["--automation", "--enable-write-console-messages-to-stdout=true"] };
    const alwaysMatch = { "webkitgtk:browserOptions": options, proxy: { proxyType: "manual", httpProxy: `127.0.0.1:${proxy}`, sslProxy: `127.0.0.1:${proxy}` } };
    const { sessionId } = await this.#ask<{ readonly sessionId: string }>("POST", "", { capabilities: { alwaysMatch } });
    this.#session = `/${sessionId}`;
    // No narrower than its tool bar: 447 pixels.
    await this.#ask("POST", "/window/rect", VIEWPORT);
  }

  async #ask<Result = unknown>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Result> {
    const asked = (): Promise<Response> => fetch(`${this.#address}${this.#session}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const response = await patiently(asked);
    const { value } = (await response.json()) as { readonly value: Result & { readonly error?: string; readonly message?: string } };
    if (!response.ok) throw new Error(`${path}: ${value.error ?? response.status}: ${value.message ?? ""}`);
    return value;
  }

  async open(url: string): Promise<void> {
    await this.#ask("POST", "/url", { url });
  }

  async reload(): Promise<void> {
    await this.#ask("POST", "/refresh", {});
  }

  async back(): Promise<void> {
    await this.#ask("POST", "/back", {});
  }

  async run<Given extends readonly unknown[], Result>(task: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>> {
    const script = `const done = arguments[0];
      Promise.resolve((${task.toString()})(...${JSON.stringify(given)})).then((value) => done(JSON.stringify({ value })), (error) => done(JSON.stringify({ error: String(error) })))`;
    const { value, error } = JSON.parse(await this.#ask<string>("POST", "/execute/async", { script, args: [] })) as { readonly value: Awaited<Result>; readonly error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async #element(using: string, value: string): Promise<string> {
    const found = await this.#ask<Readonly<Record<string, string>>>("POST", "/element", { using, value });
    return `/element/${found[ELEMENT] ?? ""}`;
  }

  async press(selector: string): Promise<void> {
    await this.#ask("POST", `${await this.#element("css selector", selector)}/click`, {});
  }

  async type(text: string): Promise<void> {
    await this.#ask("POST", "/actions", { actions: [keyboard(text)] });
  }

  async attach(selector: string, path: string): Promise<void> {
    await this.#ask("POST", `${await this.#element("css selector", selector)}/value`, { text: path });
  }

  async pressAt(x: number, y: number): Promise<void> {
    const actions = [
      { type: "pointerMove", x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.#ask("POST", "/actions", { actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }] });
  }

  async photograph(): Promise<Buffer> {
    return Buffer.from(await this.#ask<string>("GET", "/screenshot"), "base64");
  }

  save(selector: string): Promise<string> {
    return newFile(this.#downloads, () => this.press(selector));
  }

  tabs(): Promise<readonly string[]> {
    return this.#ask("GET", "/window/handles");
  }

  async openTab(): Promise<string> {
    return (await this.#ask<{ readonly handle: string }>("POST", "/window/new", { type: "tab" })).handle;
  }

  async useTab(tab: string): Promise<void> {
    await this.#ask("POST", "/window", { handle: tab });
  }

  async closeTab(tab: string): Promise<void> {
    const here = await this.#ask<string>("GET", "/window");
    await this.useTab(tab);
    const [left] = await this.#ask<readonly string[]>("DELETE", "/window");
    await this.useTab(here === tab ? (left ?? "") : here);
  }

  async end(): Promise<void> {
    if (this.#session !== "") await this.#ask("DELETE", "");
    for (const started of this.#processes) {
      const ended = new Promise((resolve) => started.once("exit", resolve));
      if (started.kill()) await ended;
    }
  }
}

/** The driver listens a moment after it was started. */
async function patiently(ask: () => Promise<Response>): Promise<Response> {
  for (let left = 100; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
