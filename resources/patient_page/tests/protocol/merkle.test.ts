import "../support/sodium";

import fc from "fast-check";
import { expect, test } from "vitest";

import { leafHash, nodeHash, rootOfLeaves, verifyInclusion } from "../../src/protocol/merkle";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

/** The recursive definition of RFC 6962, section 2.1. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first !== undefined && leaves.length === 1) return first;
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

function pathOf(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (leaves.length === 1) return [];
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - middle), rootOf(left)];
}

const tree = fc.integer({ min: 1, max: 40 }).chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 }), fc.nat()));

test("grown leaf by leaf, a tree has the root of the definition, and each leaf its path to it", () => {
  fc.assert(
    fc.property(tree, ([size, index, seed]) => {
      const random = seededRandom(seed);
      const leaves = Array.from({ length: size }, () => leafHash(random(8)));
      const [root, leaf, path] = [rootOf(leaves), leaves[index] ?? random(1), pathOf(leaves, index)];
      expect(rootOfLeaves(leaves)).toEqual(root);
      verifyInclusion(root, size, index, leaf, path);
      const wrong = [
        () => verifyInclusion(root, size, (index + 1) % (size + 1), leaf, path),
        () => verifyInclusion(root, size, index, leaf, [...path, random(32)]),
        () => verifyInclusion(root, size, index, random(32), path),
      ];
      expect(wrong.map((attempt) => answerOf(attempt))).toEqual(wrong.map(() => "proof.invalid"));
    }),
  );
});

test("a path that ends below the root proves nothing, though the hashes agree", () => {
  const leaf = leafHash(Uint8Array.of(1));
  expect(answerOf(() => verifyInclusion(leaf, 2, 0, leaf, []))).toBe("proof.invalid");
});
