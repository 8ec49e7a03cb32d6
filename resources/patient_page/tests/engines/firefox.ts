/** Firefox as the distribution ships it, by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/ */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Browser, Launch } from "./browser";
import { keyboard } from "./keyboard";
import { VIEWPORT } from "./phone";
import { newFile } from "./saved";

/** What an automated Firefox still does by itself, on top of what --remote-debugging-port turns off. */
const QUIET = {
  "app.normandy.enabled": false,
  "browser.newtabpage.activity-stream.asrouter.providers.cfr": "null",
  "media.gmp-manager.updateEnabled": false,
  "media.gmp-provider.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.proxy.allow_hijacking_localhost": true,
  "services.settings.server": "data:,#none/v1",
};

/** By its settings: what sites may keep. */
const KEEPING = { usual: {}, private: { "browser.privatebrowsing.autostart": true }, denied: { "network.cookie.cookieBehavior": 2 } } as const;

/** How it tells of a wire that was cut: nothing that the page did. An answer that CORS forbids has another reason. */
const NO_LINE = /\(Reason: CORS request did not succeed\)\. Status code: \(null\)/;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly level?: string; readonly text?: string };
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

type Remote = { readonly type: string; readonly value?: string; readonly sharedId?: string };

export class Firefox implements Browser {
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #downloads: string;
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #context = "";

  private constructor(process: ChildProcess, socket: WebSocket, downloads: string) {
    [this.#process, this.#socket, this.#downloads] = [process, socket, downloads];
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Answer));
    socket.addEventListener("close", () => {
      for (const answer of this.#asked.values()) answer({ error: "closed", message: "Firefox ended" });
    });
  }

  static async launch(this: void, program: string, { profile, proxy, language, prelude, storage }: Launch): Promise<Browser> {
    const downloads = join(profile, "downloads");
    await mkdir(downloads, { recursive: true });
    const own = { "intl.accept_languages": language, "browser.download.folderList": 2, "browser.download.dir": downloads };
    const lines = Object.entries({ ...QUIET, ...own, ...KEEPING[storage ?? "usual"] }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    await writeFile(join(profile, "user.js"), lines);
    const firefox = spawn(program, ["--headless", "--remote-debugging-port=0", "--no-remote", `--window-size=${VIEWPORT.width},${VIEWPORT.height}`, "--profile", profile], {
      // Without it a released Firefox ignores `services.settings.server`.
      env: { ...process.env, MOZ_REMOTE_SETTINGS_DEVTOOLS: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const socket = new WebSocket(`${await addressOf(firefox)}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("Firefox does not answer")));
    });
    const browser = new Firefox(firefox, socket, downloads);
    await browser.#begin(proxy, prelude);
    return browser;
  }

  async #begin(proxy: number, prelude: string | undefined): Promise<void> {
    const alwaysMatch = { proxy: { proxyType: "manual", httpProxy: `127.0.0.1:${proxy}`, sslProxy: `127.0.0.1:${proxy}`, noProxy: [] } };
    // Whoever leaves a page that asks whether to stay means it.
    await this.#ask("session.new", { capabilities: { alwaysMatch: { ...alwaysMatch, unhandledPromptBehavior: { beforeUnload: "accept" } } } });
    await this.#ask("session.subscribe", { events: ["log.entryAdded"] });
    if (prelude !== undefined) await this.#ask("script.addPreloadScript", { functionDeclaration: `() => { ${prelude} }` });
    await this.useTab((await this.tabs())[0] ?? "");
  }

  #hear(answer: Answer): void {
    if (answer.id !== undefined) this.#asked.get(answer.id)?.(answer);
    else if (answer.method === "log.entryAdded" && answer.params?.level === "error") this.#note(answer.params.text ?? "");
  }

  #note(complaint: string): void {
    if (!NO_LINE.test(complaint)) this.complaints.push(complaint);
  }

  async #ask<Result = unknown>(method: string, params: object): Promise<Result> {
    const id = this.#asked.size + 1;
    const answer = await new Promise<Answer>((resolve) => {
      this.#asked.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error}: ${answer.message ?? ""}`);
    return answer.result as Result;
  }

  async open(url: string): Promise<void> {
    await this.#ask("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async reload(): Promise<void> {
    await this.#ask("browsingContext.reload", { context: this.#context, wait: "complete" });
  }

  async back(): Promise<void> {
    await this.#ask("browsingContext.traverseHistory", { context: this.#context, delta: -1 });
  }

  async #call(functionDeclaration: string): Promise<Remote> {
    const asked = { functionDeclaration, awaitPromise: true, target: { context: this.#context } };
    const { result, exceptionDetails } = await this.#ask<{ readonly result: Remote; readonly exceptionDetails?: { readonly text: string } }>("script.callFunction", asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result;
  }

  async run<Given extends readonly unknown[], Result>(task: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>> {
    const { value } = await this.#call(`async () => JSON.stringify(await (${task.toString()})(...${JSON.stringify(given)}))`);
    return (value === undefined ? undefined : JSON.parse(value)) as Awaited<Result>;
  }

  async #element(selector: string): Promise<{ readonly sharedId: string }> {
    const { sharedId } = await this.#call(`() => document.querySelector(${JSON.stringify(selector)})`);
    if (sharedId === undefined) throw new Error(`${selector} is not there`);
    return { sharedId };
  }

  async press(selector: string): Promise<void> {
    const element = await this.#element(selector);
    await this.#touch({ x: 0, y: 0, origin: { type: "element", element } });
  }

  pressAt(x: number, y: number): Promise<void> {
    return this.#touch({ x, y });
  }

  async #touch(place: object): Promise<void> {
    const actions = [
      { type: "pointerMove", ...place },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    const pointer = { type: "pointer", id: "finger", parameters: { pointerType: "touch" }, actions };
    await this.#ask("input.performActions", { context: this.#context, actions: [pointer] });
  }

  async type(text: string): Promise<void> {
    await this.#ask("input.performActions", { context: this.#context, actions: [keyboard(text)] });
  }

  async attach(selector: string, path: string): Promise<void> {
    await this.#ask("input.setFiles", { context: this.#context, element: await this.#element(selector), files: [path] });
  }

  async photograph(): Promise<Buffer> {
    const { data } = await this.#ask<{ readonly data: string }>("browsingContext.captureScreenshot", { context: this.#context });
    return Buffer.from(data, "base64");
  }

  save(selector: string): Promise<string> {
    return newFile(this.#downloads, () => this.press(selector));
  }

  async tabs(): Promise<readonly string[]> {
    const { contexts } = await this.#ask<{ readonly contexts: readonly { readonly context: string }[] }>("browsingContext.getTree", { maxDepth: 0 });
    return contexts.map(({ context }) => context);
  }

  async openTab(): Promise<string> {
    return (await this.#ask<{ readonly context: string }>("browsingContext.create", { type: "tab" })).context;
  }

  async useTab(tab: string): Promise<void> {
    this.#context = tab;
    await this.#ask("browsingContext.setViewport", { context: tab, viewport: VIEWPORT });
    await this.#ask("browsingContext.activate", { context: tab });
  }

  async closeTab(tab: string): Promise<void> {
    await this.#ask("browsingContext.close", { context: tab });
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    await this.#ask("browser.close", {});
    await ended;
  }
}

function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("Firefox has no voice");
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stderr });
    lines.on("line", (line) => {
      const found = /listening on (ws:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    lines.on("close", () => reject(new Error("Firefox ended before it could be driven")));
  });
}
