/** The page between its screens and its engine: what the screens show, as signals, and what they may ask for. */
import { signal } from "@preact/signals";
import { type Arrival, isCapable, isInApp, readFragment, takeFragment } from "./arrival";
import { ConfigError, fetchConfig } from "./config";
import type { EventOf } from "./protocol/content";
import { toHex } from "./protocol/encoding";
import { type Sodium, provideSodium } from "./protocol/primitives";
import type { SignedPageConfig } from "./transparency/page_config";
import { Line } from "./line";
import { type View, problemOf } from "./screen";
import { redraw } from "./photo";
import { Unreachable } from "./relay";
import { Vault, becomeWriter, eraseEverything } from "./vault";
import { CONSENT_VERSION, type ProblemWords, words } from "./words";

/** Where the page stands before, or instead of, a line. */
export type Stage =
  | { readonly kind: "opening" }
  | { readonly kind: "ready" }
  | { readonly kind: "in-app" }
  | { readonly kind: "second-tab" }
  | { readonly kind: "erased" }
  | { readonly kind: "problem"; readonly problem: ProblemWords };

/** By the build (build.mjs); "" where it serves any clinic. */
declare const PINNED_CLINIC: string;

const isPinnedElsewhere = (clinic: Uint8Array): boolean =>
  typeof PINNED_CLINIC === "string" && PINNED_CLINIC !== "" && toHex(clinic) !== PINNED_CLINIC;

declare global {
  // Set by the page's second script, sodium.ts.
  var sodiumReady: Promise<Sodium> | undefined;
}

/** Rejects where the script did not come, as on a train, or does not run. */
function sodiumReady(): Promise<Sodium> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (globalThis.sodiumReady !== undefined) resolve(globalThis.sodiumReady);
    };
    const miss = (): void => {
      if (globalThis.sodiumReady === undefined) reject(new Unreachable("a script of the page did not come"));
    };
    globalThis.addEventListener("sodium", look, { once: true });
    look();
    // The event comes when every script has been loaded, or has failed to.
    if (document.readyState === "complete") miss();
    else globalThis.addEventListener("load", miss, { once: true });
  });
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

export class Page {
  readonly stage = signal<Stage>({ kind: "opening" });
  readonly view = signal<View | undefined>(undefined);
  readonly config = signal<SignedPageConfig["config"] | undefined>(undefined);
  /** The button was pressed while libsodium or the configuration was still on its way. */
  readonly pressed = signal(false);
  /** A new link was opened where there is a chat already. */
  readonly hasChat = signal(false);

  readonly #arrival: Arrival;
  readonly #fragment: string;
  #signed: Promise<SignedPageConfig> | undefined;
  #line: Promise<Line> | undefined;

  constructor() {
    this.#fragment = takeFragment();
    this.#arrival = readFragment(this.#fragment);
  }

  /** Reads what lies on this device, and asks for `config.json`; nothing else leaves before the button is pressed. */
  async begin(): Promise<void> {
    // Another link in the same tab changes the fragment alone, and loads nothing.
    globalThis.addEventListener("hashchange", () => location.reload());
    this.#signed = fetchConfig();
    this.#signed.then((signed) => (this.config.value = signed.config)).catch(() => undefined);
    if (!isCapable()) return this.#stop("old-browser");
    if (isInApp(navigator.userAgent) && this.#arrival.kind === "invited") {
      this.stage.value = { kind: "in-app" };
      return;
    }
    await this.#openLine();
  }

  /** The whole link again, for another browser. It goes to the clipboard and nowhere else. */
  async copyLink(): Promise<void> {
    await navigator.clipboard.writeText(location.origin + location.pathname + this.#fragment);
  }

  async stayHere(): Promise<void> {
    this.stage.value = { kind: "opening" };
    await this.#openLine();
  }

  async start(): Promise<void> {
    this.pressed.value = true;
    try {
      const signed = await (this.#signed ??= fetchConfig());
      if (isPinnedElsewhere(signed.config.clinic)) return this.#stop("link-other-clinic");
      const link = this.#arrival.kind === "invited" ? this.#arrival.link : null;
      await (await this.#line)?.start(link, signed);
    } catch (error) {
      // The next press asks again.
      this.#signed = undefined;
      if (!(error instanceof ConfigError)) this.#stop(problemOf(error));
      else this.#stop(navigator.onLine ? "config" : "unreachable");
    } finally {
      this.pressed.value = false;
    }
  }

  /** From a problem's screen: the same press again. */
  async again(): Promise<void> {
    // A line that never opened opens no better by a second press.
    if (await this.#line?.then(() => false, () => true)) return this.reload();
    if (this.stage.value.kind === "problem") this.stage.value = { kind: "ready" };
    await this.start();
  }

  /** Loads the page anew, by the link that it was opened with: that is gone from the address bar, and may not be stored yet. */
  reload(): void {
    if (this.#arrival.kind === "invited") history.replaceState(null, "", location.pathname + location.search + this.#fragment);
    location.reload();
  }

  async consent(): Promise<void> {
    await (await this.#line)?.consent(CONSENT_VERSION, words().consent);
  }

  async answer(code: string, birthDate: string): Promise<void> {
    await (await this.#line)?.answer(code, birthDate);
  }

  async talkAnyway(): Promise<void> {
    (await this.#line)?.talkAnyway();
  }

  async send(text: string): Promise<void> {
    await (await this.#line)?.send(text);
  }

  /** Throws PhotoUnreadable. */
  async sendPhoto(file: Blob): Promise<void> {
    const { bytes, mediaType } = await redraw(file);
    await (await this.#line)?.sendFile(bytes, "photo.jpg", mediaType, "");
  }

  async file(file: EventOf<"file">): Promise<Uint8Array | undefined> {
    return (await this.#line)?.file(file);
  }

  async retry(key: string): Promise<void> {
    await (await this.#line)?.retry(key);
  }

  async markRead(): Promise<void> {
    if (document.visibilityState === "visible") (await this.#line)?.markRead();
  }

  /** Also where the line does not open: what cannot be read can be erased. */
  async endAndErase(): Promise<void> {
    const line = await this.#line?.catch(() => undefined);
    if (line !== undefined) return line.endAndErase();
    try {
      await eraseEverything();
      this.stage.value = { kind: "erased" };
    } catch (error) {
      this.#stop(problemOf(error));
    }
  }

  #stop(problem: ProblemWords): void {
    this.stage.value = { kind: "problem", problem };
  }

  async #openLine(): Promise<void> {
    try {
      const empty = await Vault.isEmpty();
      const { kind } = this.#arrival;
      if (empty && kind === "wrong") return this.#stop(this.#arrival.problem);
      // Whoever comes for the first time sees the button at once; libsodium loads while they read.
      if (empty) this.stage.value = { kind: "ready" };
      this.#line = this.#makeLine();
      const line = await this.#line;
      this.hasChat.value = kind !== "visitor" && line.view.screen === "chat";
      if (kind === "invited" && line.view.screen === "refused") line.beginAnew();
      this.#signed?.then((signed) => line.trust(signed)).catch(() => undefined);
      this.stage.value = { kind: "ready" };
    } catch (error) {
      this.#stop(problemOf(error));
    }
  }

  async #makeLine(): Promise<Line> {
    await becomeWriter(() => (this.stage.value = { kind: "second-tab" }));
    const [store, sodium] = await Promise.all([Vault.open(), sodiumReady()]);
    provideSodium(sodium);
    const changed = (view: View): void => {
      this.view.value = view;
    };
    const line = await Line.open({ store, random, now: Date.now, changed });
    this.#listen(line);
    return line;
  }

  /** iOS kills what is open in the background: whatever brings the page back asks for what was missed. */
  #listen(line: Line): void {
    const wake = (): void => {
      if (document.visibilityState === "visible") line.wake();
    };
    document.addEventListener("visibilitychange", wake);
    for (const event of ["pageshow", "focus", "online"]) globalThis.addEventListener(event, wake);
  }
}
