/** RFC 6962 trees over SHA-256: a log that grows, and proofs that a leaf stands in one or that one continues another. */
import { type Bytes, EMPTY, concat, sameBytes } from "./encoding";
import { ProtocolError } from "./errors";
import { sha256 } from "./primitives";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (leaf: Bytes): Bytes => sha256(concat(LEAF, leaf));
export const nodeHash = (left: Bytes, right: Bytes): Bytes => sha256(concat(NODE, left, right));

/** The perfect subtrees of a tree, from the left, each with the number of its leaves: all that growing needs. */
export interface Frontier {
  readonly size: number;
  readonly subtrees: readonly Bytes[];
}

export const EMPTY_TREE: Frontier = { size: 0, subtrees: [] };

export function grow(tree: Frontier, leaf: Bytes): Frontier {
  const subtrees = [...tree.subtrees];
  let node = leaf;
  for (let rest = tree.size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(subtrees.pop() ?? EMPTY, node);
  return { size: tree.size + 1, subtrees: [...subtrees, node] };
}

/** Of nothing: SHA-256 of nothing. */
export const rootHash = (tree: Frontier): Bytes =>
  tree.size === 0 ? sha256(EMPTY) : tree.subtrees.reduceRight((right, left) => nodeHash(left, right));

export const rootOfLeaves = (leaves: readonly Bytes[]): Bytes => rootHash(leaves.reduce(grow, EMPTY_TREE));

const half = (n: number): number => Math.floor(n / 2);

/** RFC 9162, 2.1.3.2. `leaf` is a leaf hash. Throws `proof.invalid`. */
export function verifyInclusion(root: Bytes, size: number, index: number, leaf: Bytes, path: readonly Bytes[]): void {
  let [at, last, node] = [index, size - 1, leaf];
  const holds = index < size && path.every((sibling) => {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node = nodeHash(node, sibling);
    }
    [at, last] = [half(at), half(last)];
    return true;
  });
  if (!holds || last !== 0 || !sameBytes(node, root)) throw new ProtocolError("proof.invalid", "inclusion");
}
