/**
 * The page between its screens and its engine: what the screens show, as signals, and what they may ask for. It is of the
 * first script, which takes from the engine types and nothing else (engine_script.ts brings it).
 */
import { effect, signal } from "@preact/signals";
import { type Arrival, type Left, isCapable, isInApp, leave, readFragment, takeFragment } from "./arrival";
import type { Chosen } from "./chosen";
import { ConfigError, fetchConfig } from "./config";
import type { EventOf } from "./protocol/content";
import { toHex } from "./protocol/encoding";
import type { SignedPageConfig } from "./transparency/page_config";
import type { Engine } from "./engine";
import { EngineMissing } from "./engine_script";
import { HeldLine, Locked } from "./held_line";
import type { Line } from "./line";
import type { View } from "./screen";
import { watchAbsence } from "./absence";
import type { Lock } from "./lock";
import { VaultError, clearStorages, isEmpty } from "./storage";
import type { Vault } from "./vault";
import { CONSENT_VERSION, type ProblemWords, type UnusedLink, words } from "./words";
import { WriterLock } from "./writer_lock";

/** Where the page stands before, or instead of, a line. */
export type Stage =
  | { readonly kind: "opening" }
  | { readonly kind: "ready" }
  | { readonly kind: "in-app" }
  | { readonly kind: "second-tab" }
  | { readonly kind: "locked"; readonly lock: Lock }
  | { readonly kind: "erased" }
  | { readonly kind: "problem"; readonly problem: ProblemWords };

/** By the build (build.mjs); "" where it serves any clinic. */
declare const PINNED_CLINIC: string;

const isPinnedElsewhere = (clinic: Uint8Array): boolean =>
  typeof PINNED_CLINIC === "string" && PINNED_CLINIC !== "" && toHex(clinic) !== PINNED_CLINIC;

const isSeen = (): boolean => document.visibilityState === "visible";

/** Screens on which the button has led nowhere yet. */
const BEFORE: ReadonlySet<View["screen"]> = new Set(["start", "problem"]);

export class Page {
  readonly stage = signal<Stage>({ kind: "opening" });
  readonly config = signal<SignedPageConfig["config"] | undefined>(undefined);
  /** The clinic's name, proven by its charter; "" before that is here. */
  readonly clinic = signal("");
  /** The button was pressed while the engine or the configuration was still on its way. */
  readonly pressed = signal(false);
  /** Why the link that was opened is not the one of the chat that is here already. */
  readonly hasChat = signal<UnusedLink | null>(null);
  /** Nothing lies here yet, and so it can still be chosen. */
  readonly canShare = signal(false);

  readonly #arrival: Arrival;
  readonly #left: Left;
  #signed: Promise<SignedPageConfig> | undefined;
  readonly #writer = new WriterLock({
    waiting: () => (this.stage.value = { kind: "second-tab" }),
    stop: () => this.#leave(),
    resume: () => void this.#comeBack(),
  });
  readonly #held = new HeldLine({ mayWrite: () => this.#writer.acquire(), opened: (line, engine) => this.#arrive(line, engine) });
  readonly view = this.#held.view;
  readonly engine = this.#held.engine;
  readonly vault = this.#held.vault;
  readonly draft = this.#held.draft;
  readonly isShared = this.#held.isShared;
  readonly keepsNothing = this.#held.keepsNothing;
  /** The link that this page came by has led somewhere, and is no new one. */
  #isBegun = false;
  #wasPressed: boolean;

  constructor() {
    this.#left = takeFragment();
    this.#arrival = readFragment(this.#left.fragment);
    this.#wasPressed = this.#left.pressed;
  }

  /** Came by no link. */
  get isVisitor(): boolean {
    return this.#arrival.kind === "visitor";
  }

  /** Reads what lies on this device, and asks for `config.json`; nothing else leaves before the button is pressed. */
  async begin(): Promise<void> {
    // Another link in the same tab changes the fragment alone, and loads nothing.
    globalThis.addEventListener("hashchange", () => location.reload());
    effect(() => this.#rememberLink());
    this.#signed = fetchConfig();
    this.#signed.then((signed) => (this.config.value = signed.config)).catch(() => undefined);
    if (!isCapable()) return this.#stop("old-browser");
    this.#listen();
    if (await this.#isMisplaced()) this.stage.value = { kind: "in-app" };
    else await (this.#left.pressed ? this.again() : this.#open());
  }

  /** The whole link again, for another browser. It goes to the clipboard and nowhere else. */
  async copyLink(): Promise<void> {
    await navigator.clipboard.writeText(location.origin + location.pathname + this.#left.fragment);
  }

  async stayHere(): Promise<void> {
    this.stage.value = { kind: "opening" };
    await this.#open();
  }

  async start(): Promise<void> {
    this.pressed.value = true;
    this.#wasPressed = true;
    try {
      const signed = await (this.#signed ??= fetchConfig("no-cache"));
      if (isPinnedElsewhere(signed.config.clinic)) return this.#stop("link-other-clinic");
      const link = this.#arrival.kind === "invited" ? this.#arrival.link : null;
      if (this.isShared.value && !this.keepsNothing.value) await this.#leaveNothing();
      this.canShare.value = false;
      const line = await this.#held.open();
      await line.start(link, signed);
      this.#isBegun = line.view.problem === null;
    } catch (error) {
      // The next press asks again.
      this.#signed = undefined;
      this.#fail(error);
    } finally {
      this.pressed.value = false;
    }
  }

  /** From a problem's screen, where nothing can be kept. What may lie on the disk all the same, out of reach, is left alone. */
  async goOnWithoutKeeping(): Promise<void> {
    this.stage.value = { kind: "opening" };
    [this.isShared.value, this.canShare.value] = [false, false];
    await this.#held.drop();
    this.#keepNothing();
    await this.#comeBack();
    this.#writer.letGo();
  }

  /** From a problem's screen, or from one that was left by a reload: the same press again. */
  async again(): Promise<void> {
    const opens = await this.#held.line?.then(() => true, () => false);
    // A line that did not open opens no better by a second press.
    if (opens === false) return this.reload();
    this.pressed.value = true;
    this.stage.value = { kind: opens === true ? "ready" : "opening" };
    if (opens === undefined) await this.#open();
    if (this.stage.value.kind === "ready" && (this.view.value === undefined || BEFORE.has(this.view.value.screen))) await this.start();
    else this.pressed.value = false;
  }

  reload(): void {
    // Where nothing has opened yet, the link is in this page's memory alone.
    if (this.stage.value.kind === "opening") leave(this.#left);
    location.reload();
  }

  /** The chat is open in another tab, and is wanted in this one. */
  useHere(): void {
    this.stage.value = { kind: "opening" };
    this.#writer.takeOver();
  }

  /** Nothing of the chat stays on the screen or in this page's hands until it is unlocked. Does nothing where there is no lock. */
  lock(): void {
    if (this.vault.value?.lock === undefined || this.stage.value.kind !== "ready") return;
    this.stage.value = { kind: "opening" };
    void this.#held.drop().then(() => (this.stage.value.kind === "opening" ? this.#comeBack() : undefined));
  }

  /** From the lock's screen. The chat may have gone to another tab meanwhile. */
  async unlocked(vault: Vault): Promise<void> {
    if (this.stage.value.kind !== "locked") return vault.close();
    await this.#comeBack(vault);
  }

  async consent(): Promise<void> {
    await (await this.#held.line)?.consent(CONSENT_VERSION, words().consent);
  }

  async answer(code: string, birthDate: string): Promise<void> {
    await (await this.#held.line)?.answer(code, birthDate);
  }

  async talkAnyway(): Promise<void> {
    (await this.#held.line)?.talkAnyway();
  }

  async send(text: string): Promise<void> {
    await (await this.#held.line)?.send(text);
  }

  async typing(on: boolean): Promise<void> {
    (await this.#held.line)?.typing(on);
  }

  async sendFile({ bytes, name, mediaType }: Chosen): Promise<void> {
    await (await this.#held.open()).sendFile(bytes, name, mediaType, "");
  }

  async file(file: EventOf<"file">): Promise<Uint8Array | undefined> {
    return (await this.#held.line)?.file(file);
  }

  async retry(key: string): Promise<void> {
    await (await this.#held.line)?.retry(key);
  }

  async markRead(): Promise<void> {
    if (isSeen()) (await this.#held.line)?.markRead(isSeen);
  }

  /** Within the person's gesture. Throws what `switchPush` does. */
  async notify(kind: "sound" | "push", on: boolean): Promise<void> {
    const line = await this.#held.line;
    if (line !== undefined) await this.engine.value?.notify(line, kind, on);
  }

  async renewPush(): Promise<void> {
    const line = await this.#held.line;
    if (line !== undefined) await this.engine.value?.renewPush(line).catch(() => undefined);
  }

  /** Also where the line does not open: what cannot be read can be erased. */
  async endAndErase(): Promise<void> {
    const line = await this.#held.line?.catch(() => undefined);
    if (line !== undefined) return line.endAndErase();
    try {
      await (await this.#held.loadEngine()).eraseEverything();
      this.stage.value = { kind: "erased" };
    } catch (error) {
      this.#fail(error);
    }
  }

  #problemOf(error: unknown): ProblemWords {
    if (error instanceof EngineMissing) return "unreachable";
    if (error instanceof ConfigError) return navigator.onLine ? "config" : "unreachable";
    if (error instanceof VaultError) return error.fault === "full" ? "storage-full" : "storage-denied";
    return this.engine.value?.problemOf(error) ?? "fault";
  }

  #fail(error: unknown): void {
    if (error instanceof Locked) this.stage.value = { kind: "locked", lock: error.lock };
    else this.#stop(this.#problemOf(error));
  }

  #stop(problem: ProblemWords): void {
    this.stage.value = { kind: "problem", problem };
  }

  /** Inside another app, with something to begin. Whoever has a chat there goes on with it, and whose link is wrong is told that. */
  async #isMisplaced(): Promise<boolean> {
    if (!isInApp(navigator.userAgent, "standalone" in navigator && navigator.standalone === true)) return false;
    return this.#arrival.kind === "invited" || (this.#arrival.kind === "visitor" && (await isEmpty().catch(() => true)));
  }

  async #open(): Promise<void> {
    try {
      const wrong = this.#arrival.kind === "wrong";
      // Whose link is wrong is told that first, wherever it was opened.
      const empty = await isEmpty().catch((error: unknown) => wrong || Promise.reject(error as Error));
      if (empty && this.#arrival.kind === "wrong") return this.#stop(this.#arrival.problem);
      // Whoever comes for the first time sees the button at once; the engine loads while they read.
      if (empty) this.stage.value = { kind: "ready" };
      this.canShare.value = empty;
      await this.#held.open();
      // A press while it opened may have been told of a problem, which stands.
      if (this.stage.value.kind !== "problem") this.stage.value = { kind: "ready" };
    } catch (error) {
      // Whoever still reads the first screen is told when they press, if it does not come then either.
      const waits = error instanceof EngineMissing && this.stage.value.kind === "ready" && !this.pressed.value;
      if (!waits) this.#fail(error);
    }
  }

  /** What the line is told of how this person came. */
  #arrive(line: Line, engine: Engine): void {
    const unused = this.#isBegun ? null : this.#unusedBy(line);
    this.hasChat.value = line.view.screen === "chat" ? unused : null;
    if (unused === "new" && line.view.screen === "refused") line.beginAnew();
    this.#signed?.then((signed) => line.trust(signed)).catch(() => undefined);
    if (line.view.screen === "start") void this.#tellName(engine);
  }

  #unusedBy(line: Line): UnusedLink | null {
    if (this.#arrival.kind !== "invited") return this.#arrival.kind === "wrong" ? "wrong" : null;
    const relation = line.relationTo(this.#arrival.link);
    return relation === "own" ? null : relation;
  }

  /** Whoever loads the page anew at a problem's screen is to meet the same one, or get past it; not to be a stranger without a link. */
  #rememberLink(): void {
    const { kind } = this.stage.value;
    const screen = this.view.value?.screen;
    if (kind === "opening" || this.pressed.value) return;
    const isStopped = kind === "problem" || (kind === "ready" && screen === "problem");
    // What somebody wants kept nowhere begins by their own press, each time.
    const pressed = this.#wasPressed && !this.isShared.value && !this.keepsNothing.value;
    leave(isStopped && !this.#isBegun ? { fragment: this.#left.fragment, pressed } : undefined);
  }

  /** Others use this device too: what has been put on it is taken away. */
  async #leaveNothing(): Promise<void> {
    await this.#held.open();
    await this.#held.drop();
    this.#keepNothing();
    await this.#held.open();
    // What is in this tab's memory is no other tab's: those may write to the disk.
    this.#writer.letGo();
  }

  /** From here on all is in this page's memory, and goes with it: also when somebody presses "back" to it. */
  #keepNothing(): void {
    this.keepsNothing.value = true;
    globalThis.addEventListener("beforeunload", (event) => this.view.value?.screen !== "erased" && event.preventDefault());
    globalThis.addEventListener("pagehide", () => {
      void this.#held.line?.then((line) => line.close());
      clearStorages();
      document.body.replaceChildren();
    });
    globalThis.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  /** Another tab goes on: what this one has begun is finished, and nothing more is written. */
  async #leave(): Promise<void> {
    this.stage.value = { kind: "second-tab" };
    await this.#held.drop();
  }

  async #comeBack(unlocked?: Vault): Promise<void> {
    const opening = this.#held.open(unlocked);
    try {
      await opening;
      // Another tab may have taken it meanwhile.
      if (this.#held.line === opening) this.stage.value = { kind: "ready" };
    } catch (error) {
      this.#fail(error);
    }
  }

  async #tellName({ clinicName }: Engine): Promise<void> {
    const linked = this.#arrival.kind === "invited" ? this.#arrival.link.clinic : undefined;
    const clinic = linked ?? (await this.#signed?.catch(() => undefined))?.config.clinic;
    if (clinic !== undefined) this.clinic.value = await clinicName(clinic);
  }

  /** iOS kills what is open in the background: whatever brings the page back asks for what was missed. */
  #listen(): void {
    const wake = (): void => {
      if (isSeen()) void this.#held.line?.then((line) => line.wake(), () => undefined);
    };
    document.addEventListener("visibilitychange", wake);
    watchAbsence(() => this.vault.value?.lock !== undefined, () => this.lock());
    for (const event of ["pageshow", "focus", "online"]) globalThis.addEventListener(event, wake);
  }
}
