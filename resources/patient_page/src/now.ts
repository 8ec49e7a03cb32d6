/** What is true only for the moment (docs/protocol.md, section 22): who types, and how many wait before us. In memory only. */
import { toHex } from "./protocol/encoding";
import type { DeviceId } from "./protocol/keys";
import { type Hint, type Signal, endOf } from "./protocol/signal";

export type Place = { readonly ahead: number; readonly minutes: number | null };

const TYPING_EVERY = 10_000;
export const SILENCE = 15_000;

export class Now {
  readonly #newest = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  #typist: DeviceId | undefined;
  #place: Place | undefined;
  #toldTyping = Number.NEGATIVE_INFINITY;

  /** How long to believe it; undefined where something newer was heard before. */
  heard(signal: Signal, sender: DeviceId, now: number): number | undefined {
    const { hint, time } = signal;
    const kind = `${hint.kind} ${toHex(sender)}`;
    if (time <= (this.#newest.get(kind) ?? 0)) return undefined;
    this.#newest.set(kind, time);
    this.#ends.set(hint.kind, endOf(signal, now));
    if (hint.kind === "typing") this.#typist = hint.on ? sender : undefined;
    if (hint.kind === "queue") this.#place = hint.ahead === null ? undefined : { ahead: hint.ahead, minutes: hint.minutes };
    return endOf(signal, now) - now;
  }

  typist(now: number): DeviceId | undefined {
    return this.#holds("typing", now) ? this.#typist : undefined;
  }

  place(now: number): Place | undefined {
    return this.#holds("queue", now) ? this.#place : undefined;
  }

  /** Whether to say that this person types, or types no more: at most every ten seconds. */
  isNews(on: boolean, now: number): boolean {
    const told = now - this.#toldTyping < SILENCE;
    if (on ? now - this.#toldTyping < TYPING_EVERY : !told) return false;
    this.#toldTyping = on ? now : Number.NEGATIVE_INFINITY;
    return true;
  }

  #holds(kind: Hint["kind"], now: number): boolean {
    return now < (this.#ends.get(kind) ?? 0);
  }
}
