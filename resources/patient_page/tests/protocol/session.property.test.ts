/** Sessions under loss, reordering, duplication, tampering, crossed handshakes and restarts between any two steps. */
import "../support/sodium";

import fc from "fast-check";
import { expect, test } from "vitest";

import { sameBytes, toHex } from "../../src/protocol/encoding";
import { SESSION_LIFE } from "../../src/protocol/limits";
import { sendingSession } from "../../src/protocol/session";
import { NOW, Pair, type Sent, type Who, otherOf } from "../support/pair";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const who = fc.constantFrom<Who>("a", "b");
const pick = fc.nat({ max: 99 });

interface OnWire {
  readonly do: "deliver" | "repeat" | "lose" | "tamper";
  readonly by: Who;
  readonly pick: number;
}

type Step = OnWire | { readonly do: "send" | "restart" | "begin"; readonly by: Who };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("send" as const), by: who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver" as const), by: who, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("restart" as const), by: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repeat" as const), by: who, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), by: who, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tamper" as const), by: who, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("begin" as const), by: who }) },
);

/** One side begins at most twice, so that no session is old enough to be dropped while something is under way in it. */
const MOST_BEGUN = 2;

class Schedule {
  readonly pair: Pair;
  readonly #begun: Record<Who, number> = { a: 0, b: 0 };
  readonly #underWay: Record<Who, Sent[]> = { a: [], b: [] };
  readonly #read: Record<Who, Sent[]> = { a: [], b: [] };

  constructor(seed: number) {
    this.pair = new Pair(seededRandom(seed));
  }

  run(next: Step): void {
    if ("pick" in next) this.#onWire(next);
    else if (next.do === "send") this.#underWay[otherOf(next.by)].push(this.pair.send(next.by));
    else if (next.do === "restart") this.pair.restart(next.by);
    else this.#begin(next.by);
  }

  /** Whatever is still under way arrives after all, the latest first. */
  drain(): void {
    for (const by of ["a", "b"] as const) {
      for (const sent of this.#underWay[by].splice(0).toReversed()) this.#deliver(by, sent);
    }
  }

  #begin(by: Who): void {
    if (this.#begun[by] === MOST_BEGUN) return;
    this.#begun[by] += 1;
    this.pair.begin(by);
  }

  #onWire(next: OnWire): void {
    const from = next.do === "repeat" ? this.#read[next.by] : this.#underWay[next.by];
    const at = from.length === 0 ? -1 : next.pick % from.length;
    const sent = from[at];
    if (sent === undefined) return;
    if (next.do === "deliver" || next.do === "lose") from.splice(at, 1);
    if (next.do === "deliver") this.#deliver(next.by, sent);
    if (next.do === "repeat") this.#refuse(next.by, sent.slot);
    if (next.do === "tamper") this.#refuse(next.by, flipped(sent.slot, next.pick));
  }

  #deliver(by: Who, sent: Sent): void {
    if (this.pair.receive(by, sent.slot) !== sent.number) throw new Error("another message's content");
    this.#read[by].push(sent);
  }

  #refuse(by: Who, slot: Uint8Array): void {
    const before = this.pair.state(by);
    const answer = answerOf(() => void this.pair.receive(by, slot));
    if (answer === "ok" || !sameBytes(this.pair.state(by), before)) throw new Error("it was read, or it left a trace");
  }
}

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const changed = bytes.slice();
  const at = changed.length - 1 - (place % changed.length);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

test("what is delivered is read once and truly, in whatever order; what is refused leaves no trace", () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
      const schedule = new Schedule(seed);
      for (const next of steps) schedule.run(next);
      schedule.drain();
      for (const by of ["a", "b", "a"] as const) {
        const sent = schedule.pair.send(by);
        expect(schedule.pair.receive(otherOf(by), sent.slot)).toBe(sent.number);
      }
    }),
    { numRuns: 100 },
  );
});

const HOUR = 3_600_000;
const turn = fc.record({ hours: fc.nat({ max: 24 }), lost: fc.boolean() });

test("sessions renew each other for weeks, and never more than six are kept", () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(turn, { minLength: 60, maxLength: 60 }), (seed, turns) => {
      const pair = new Pair(seededRandom(seed));
      const used = new Set<string>();
      for (const [i, { hours, lost }] of turns.entries()) {
        const by: Who = i % 2 === 0 ? "b" : "a";
        pair.now += hours * HOUR;
        const sent = pair.send(by);
        used.add(toHex(sendingSession(pair.peer(by))?.id ?? new Uint8Array(0)));
        // Every third message of each side arrives: an unanswered handshake has to arrive before its prekeys expire.
        const read = lost && i % 6 > 1 ? sent.number : pair.receive(otherOf(by), sent.slot);
        pair.restart(by);
        expect([read, pair.peer(by).sessions.length <= 6]).toEqual([sent.number, true]);
      }
      expect(used.size).toBeGreaterThan(Math.floor((pair.now - NOW) / (2 * SESSION_LIFE)));
    }),
    { numRuns: 15 },
  );
});
