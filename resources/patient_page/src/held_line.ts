/**
 * The conversation's line in this page's hands: opened once, let go of for a lock or another tab, and opened anew. Of the
 * first script, as page.ts is.
 */
import { signal } from "@preact/signals";
import type { Engine } from "./engine";
import { EngineMissing, loadEngine } from "./engine_script";
import type { Line } from "./line";
import type { Lock } from "./lock";
import type { View } from "./screen";
import { denied } from "./storage";
import type { Vault } from "./vault";

/** What lies here opens by a PIN or passkey alone. */
export class Locked extends Error {
  override readonly name = "Locked";
  constructor(readonly lock: Lock) {
    super("locked");
  }
}

export interface LineEvents {
  /** Resolves when this tab is the only one that may write. Asked once. */
  readonly mayWrite: () => Promise<void>;
  /** Before anybody else is given the line. */
  readonly opened: (line: Line, engine: Engine) => void;
}

export class HeldLine {
  readonly view = signal<View | undefined>(undefined);
  readonly engine = signal<Engine | undefined>(undefined);
  /** Where the chat is kept; undefined on a device that keeps nothing. */
  readonly vault = signal<Vault | undefined>(undefined);
  /** What is written and not sent. It outlives the screen on which it stands, and no more. */
  readonly draft = signal("");
  /** Others use this device too: nothing is to be kept on it. */
  readonly isShared = signal(false);
  /** All of the chat is in this page's memory, and goes with it: as somebody chose it, or because the browser keeps nothing. */
  readonly keepsNothing = signal(false);

  readonly #events: LineEvents;
  #loaded: Promise<Engine> | undefined;
  #writes: Promise<void> | undefined;
  #line: Promise<Line> | undefined;
  /** How often a line was opened here: what one says that was left is not shown. */
  #opened = 0;
  /** What was half written when the page was locked, sealed as the chat is. */
  #sealedDraft: Uint8Array | undefined;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  /** The one that is open, or opens; undefined where none is held. */
  get line(): Promise<Line> | undefined {
    return this.#line;
  }

  /** Asked for once, and once more where it did not come. */
  loadEngine(): Promise<Engine> {
    this.#loaded ??= loadEngine().then(
      (engine) => (this.engine.value = engine),
      (error: unknown) => {
        this.#loaded = undefined;
        throw error;
      },
    );
    return this.#loaded;
  }

  /** Opened once; an engine that did not come is asked for again. Throws `Locked`. */
  open(unlocked?: Vault): Promise<Line> {
    this.#line ??= this.#make(unlocked).catch((error: unknown) => {
      if (error instanceof EngineMissing || error instanceof Locked) this.#line = undefined;
      throw error;
    });
    return this.#line;
  }

  /** Lets go of the line and of its keys. A script cannot overwrite what it lets go of: the browser clears that up in its own time. */
  async drop(): Promise<void> {
    const [line, vault] = [this.#line, this.vault.value];
    this.#line = undefined;
    if (vault?.lock !== undefined) {
      this.#opened += 1;
      [this.view.value, this.vault.value] = [undefined, undefined];
      this.engine.value?.lookAway();
      const text = this.draft.value;
      this.draft.value = "";
      if (text !== "") this.#sealedDraft = await vault.sealText(text);
    }
    await (await line?.catch(() => undefined))?.close();
    if (vault?.lock !== undefined) vault.close();
  }

  async #make(unlocked?: Vault): Promise<Line> {
    const loaded = this.loadEngine();
    const keeps = !this.keepsNothing.value;
    const writes = keeps ? (this.#writes ??= denied(this.#events.mayWrite())) : undefined;
    const [engine] = await Promise.all([loaded, writes]);
    const opened = (this.#opened += 1);
    const vault = keeps ? (unlocked ?? (await this.#openVault(engine))) : undefined;
    const changed = (view: View): boolean => {
      const isShown = opened === this.#opened;
      if (isShown) this.view.value = view;
      return isShown;
    };
    const line = await engine.openLine(changed, vault ?? (this.isShared.value ? await engine.openNothing() : engine.openMemory()));
    this.vault.value = vault;
    if (vault !== undefined) await this.#openDraft(vault);
    this.#events.opened(line, engine);
    return line;
  }

  async #openVault(engine: Engine): Promise<Vault> {
    const lock = await engine.findLock();
    if (lock !== undefined) {
      // What opens it is derived by libsodium.
      await engine.sodiumReady;
      throw new Locked(lock);
    }
    return engine.openVault();
  }

  /** Another tab may have changed the lock meanwhile: what was half written is then lost. */
  async #openDraft(vault: Vault): Promise<void> {
    const sealed = this.#sealedDraft;
    this.#sealedDraft = undefined;
    if (sealed !== undefined) this.draft.value = await vault.openText(sealed).catch(() => "");
  }
}
