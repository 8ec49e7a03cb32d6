import "../support/sodium";

import fc from "fast-check";
import { expect, test } from "vitest";

import { openFile, padme, sealFile } from "../../src/protocol/attachment";
import { FILE, FILE_CHUNK } from "../../src/protocol/limits";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const sizes = fc.oneof(fc.nat({ max: 3_000 }), fc.integer({ min: FILE_CHUNK - 40, max: FILE_CHUNK + 40 }), fc.constant(2 * FILE_CHUNK));

test("a file is what it was, and with any bit changed it is nothing", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (size, seed, at) => {
      const random = seededRandom(seed);
      const plaintext = random(size);
      const sealed = sealFile(plaintext, random);
      expect(openFile(sealed.bytes, sealed)).toEqual(plaintext);
      const damaged = sealed.bytes.map((byte, i) => (i === at % sealed.bytes.length ? byte ^ 1 : byte));
      expect(answerOf(() => void openFile(damaged, sealed))).toBe("attachment.damaged");
    }),
    { numRuns: 40 },
  );
});

test("padding adds at most an eighth, and never takes anything away", () => {
  fc.assert(
    fc.property(fc.nat({ max: FILE.value + 1 }), (length) => {
      const padded = padme(length);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded).toBeLessThanOrEqual(length * 1.125 + 1);
    }),
  );
});

test("a file over the limit is not sealed", () => {
  expect(answerOf(() => void sealFile(new Uint8Array(FILE.value + 1), seededRandom(1)))).toBe("limit.exceeded");
});
