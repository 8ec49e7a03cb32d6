/** Tells of something new while nobody looks: a count in the title, and a tone for whoever wants one. */
import { Unread, showBadge } from "./badge";
import type { View } from "./screen";
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
      // What a notification promised is before their eyes now.
      if (!document.hidden) void closeNotifications().catch(() => undefined);
    });
    const gesture = (): void => {
      if (this.#view?.notices.sound === true) this.#tone.allow();
    };
    for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, gesture);
  }

  see(view: View): void {
    this.#view = view;
    this.#look();
  }

  /** Once, so that whoever switched it on knows it. Within that gesture. */
  async sample(): Promise<void> {
    this.#tone.allow();
    await this.#tone.play();
  }

  #look(): void {
    if (this.#view === undefined) return;
    const count = this.#unread.count(this.#view.rows, document.hidden);
    if (count > this.#count && this.#view.notices.sound) void this.#tone.play().catch(() => undefined);
    if (count !== this.#count) showBadge(count);
    this.#count = count;
  }
}
