/**
 * One tab writes. The lock is the browser's, given to one tab at a time and freed when that tab is closed; a tab in which
 * the person says "use here" is given it by the one that has it, or takes it from one that is frozen.
 */
const NAME = "sealdesk-writer";
const PATIENCE = 3_000;

export interface WriterEvents {
  /** Another tab has it. */
  readonly waiting: () => void;
  /** Another tab gets it when this resolves, or has taken it: nothing may be written any more. */
  readonly stop: () => Promise<void>;
  /** It was taken away before, and is this tab's again. */
  readonly resume: () => void;
}

export class WriterLock {
  readonly #events: WriterEvents;
  #channel: BroadcastChannel | undefined;
  #queue = new AbortController();
  #impatience: ReturnType<typeof setTimeout> | undefined;
  #release: (() => void) | undefined;
  #steals = false;

  constructor(events: WriterEvents) {
    this.#events = events;
  }

  /** Resolves when this tab is the only one that may write. Throws a DOMException where the browser lets no site keep anything. */
  async acquire(): Promise<void> {
    this.#listen();
    if (await this.#request({ ifAvailable: true })) return;
    this.#events.waiting();
    await this.#wait();
  }

  /** The person wants this tab. */
  takeOver(): void {
    if (this.#release !== undefined) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin
    this.#channel?.postMessage(null);
    clearTimeout(this.#impatience);
    this.#impatience = setTimeout(() => {
      this.#steals = true;
      this.#queue.abort();
    }, PATIENCE);
  }

  /** This tab writes nothing any more, and does not want to. */
  letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #listen(): void {
    this.#channel ??= new BroadcastChannel(NAME);
    this.#channel.addEventListener("message", () => {
      // Whoever else waits goes to the end, behind the tab that is wanted.
      if (this.#release === undefined) this.#queue.abort();
      else void this.#giveUp();
    });
  }

  async #wait(): Promise<void> {
    for (;;) {
      this.#queue = new AbortController();
      const { signal } = this.#queue;
      try {
        await this.#request(this.#steals ? { steal: true } : { signal });
        return;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let held = false;
      const hold = (lock: Lock | null): Promise<void> | undefined => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        held = true;
        this.#steals = false;
        // Else it would take back what the person has meanwhile wanted in another tab.
        clearTimeout(this.#impatience);
        return new Promise((release) => (this.#release = release));
      };
      navigator.locks.request(NAME, options, hold).catch((error: unknown) => {
        if (held) void this.#giveUp();
        else reject(error);
      });
    });
  }

  async #giveUp(): Promise<void> {
    const release = this.#release;
    // Asked twice, or taken while it was being given.
    if (release === undefined) return;
    this.#release = undefined;
    await this.#events.stop();
    release();
    await this.#wait();
    this.#events.resume();
  }
}
