import "../support/sodium";

import fc from "fast-check";
import { expect, test } from "vitest";

import {
  type DoubleRatchet,
  type Encrypted,
  initiatorRatchet,
  ratchetDecrypt,
  ratchetEncrypt,
  ratchetShape,
  responderRatchet,
} from "../../src/protocol/double_ratchet";
import { decode, encode, toHex } from "../../src/protocol/encoding";
import type { SessionId, Transcript } from "../../src/protocol/keys";
import { SKIPPED_KEYS } from "../../src/protocol/limits";
import { agreementPair } from "../../src/protocol/primitives";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

type Side = "initiator" | "responder";
const NOW = 1_790_000_000_000;

function begin(seed: number) {
  const random = seededRandom(seed);
  const transcript = random(32) as Transcript;
  const shared = { transcript, rootKey: random(32), headerKey: random(32), nextHeaderKey: random(32) };
  const responder = agreementPair(random(32));
  const binding = { transcript, session: random(16) as SessionId };
  const states: Record<Side, DoubleRatchet> = {
    initiator: initiatorRatchet(shared, responder.public, random),
    responder: responderRatchet(shared, responder),
  };
  return { random, binding, states };
}

interface Message extends Encrypted {
  readonly to: Side;
  readonly text: string;
}

const other = (side: Side): Side => (side === "initiator" ? "responder" : "initiator");
const restart = (ratchet: DoubleRatchet): DoubleRatchet => decode(ratchetShape, encode(ratchetShape, ratchet));

test("every message is read once, in whatever order, and its key is gone then", () => {
  const turn = fc.record({ by: fc.constantFrom<Side>("initiator", "responder"), burst: fc.integer({ min: 1, max: 4 }), read: fc.nat({ max: 5 }), pick: fc.nat() });
  fc.assert(
    fc.property(fc.nat(), fc.array(turn, { maxLength: 15 }), (seed, turns) => {
      const { random, binding, states } = begin(seed);
      const underWay: Message[] = [];
      const read: Message[] = [];
      const deliver = (at: number): void => {
        const [message] = underWay.splice(at, 1);
        if (message === undefined) return;
        const { ratchet, plaintext } = ratchetDecrypt(restart(states[message.to]), binding, message, random, NOW);
        states[message.to] = ratchet;
        expect(new TextDecoder().decode(plaintext)).toBe(message.text);
        read.push(message);
      };
      for (const { by, burst, read: count, pick } of turns) {
        for (let i = 0; i < burst && states[by].sendingChain !== null; i += 1) {
          const text = `${by} ${read.length} ${i}`;
          const { ratchet, ...encrypted } = ratchetEncrypt(restart(states[by]), binding, new TextEncoder().encode(text), random);
          states[by] = ratchet;
          underWay.push({ ...encrypted, to: other(by), text });
        }
        for (let i = 0; i < count && underWay.length > 0; i += 1) deliver(pick % underWay.length);
      }
      while (underWay.length > 0) deliver(underWay.length - 1);
      for (const message of read) {
        const before = toHex(encode(ratchetShape, states[message.to]));
        expect(answerOf(() => void ratchetDecrypt(states[message.to], binding, message, random, NOW))).toBe("message.undecryptable");
        expect(toHex(encode(ratchetShape, states[message.to]))).toBe(before);
      }
      expect([states.initiator.skipped, states.responder.skipped]).toEqual([[], []]);
    }),
    { numRuns: 60 },
  );
});

test("never more than 1,000 keys are kept, whatever is lost", () => {
  const { random, binding, states } = begin(1);
  for (let round = 0; round < 4; round += 1) {
    let last: Encrypted | undefined;
    for (let i = 0; i <= 400; i += 1) {
      const { ratchet, ...encrypted } = ratchetEncrypt(states.initiator, binding, new Uint8Array(1), random);
      states.initiator = ratchet;
      last = encrypted;
    }
    if (last === undefined) throw new Error("nothing was sent");
    states.responder = ratchetDecrypt(states.responder, binding, last, random, NOW + round).ratchet;
    expect(states.responder.skipped.length).toBe(Math.min(SKIPPED_KEYS, 400 * (round + 1)));
  }
  expect(states.responder.skipped.filter(({ time }) => time === NOW)).toHaveLength(0);
});
