/** Tells of something new while nobody looks: a count in the title, and a tone for whoever wants one. */
import { Unread, showBadge } from "./badge";
import { INITIAL, type View } from "./screen";
import { Tone } from "./tone";
import { closeNotifications } from "./worker";

export class Attention {
  readonly #unread = new Unread();
  readonly #tone = new Tone();
  #view: View | undefined;
  #count = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      this.#look();
      this.#keepPromise();
    });
    const gesture = (): void => {
      if (this.#view?.notices.sound === true) this.#tone.allow();
    };
    for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, gesture);
  }

  see(view: View): void {
    const wasAway = this.#view === undefined;
    this.#view = view;
    this.#look();
    if (wasAway) this.#keepPromise();
  }

  /** The chat is locked: the title counts no more, and nothing that was said is held here. */
  lookAway(): void {
    this.see(INITIAL);
    this.#view = undefined;
  }

  /** Once, so that whoever switched it on knows it. Within that gesture. */
  async sample(): Promise<void> {
    this.#tone.allow();
    await this.#tone.play();
  }

  /** What a notification promised is before their eyes now; in front of a locked chat it is not. */
  #keepPromise(): void {
    if (!document.hidden && this.#view !== undefined) void closeNotifications().catch(() => undefined);
  }

  #look(): void {
    if (this.#view === undefined) return;
    const count = this.#unread.count(this.#view.rows, document.hidden);
    if (count > this.#count && this.#view.notices.sound) void this.#tone.play().catch(() => undefined);
    if (count !== this.#count) showBadge(count);
    this.#count = count;
  }
}
