/** What a hostile sender makes of bytes that were once right: changed bytes, and changed MessagePack, which gets further. */
import { decode as readAnything, encode as writeAnything } from "@msgpack/msgpack";
import fc from "fast-check";

type Change = (part: unknown) => unknown;

/** Not so deep that a walk through it, or the library that writes it, gives up. */
const isShallow = (value: unknown, left = 20): boolean => !Array.isArray(value) || (left > 0 && value.every((part) => isShallow(part, left - 1)));

/** The array in a binary field: what is signed travels inside one. */
function arrayIn(value: unknown): readonly unknown[] | undefined {
  if (!(value instanceof Uint8Array) || value.length === 0) return undefined;
  const [type = 0] = value;
  if (!((type >= 0x90 && type <= 0x9f) || type === 0xdc || type === 0xdd)) return undefined;
  try {
    const read = readAnything(value, { maxArrayLength: 10_000 });
    return Array.isArray(read) && isShallow(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function partsOf(value: unknown): number {
  const inner: readonly unknown[] | undefined = Array.isArray(value) ? value : arrayIn(value);
  return inner === undefined ? 1 : 1 + inner.reduce<number>((sum, part) => sum + partsOf(part), 0);
}

/** The value with its part number `place`, counted from the outside inwards, changed. */
function changedAt(value: unknown, place: number, change: Change): unknown {
  if (place === 0) return change(value);
  const inner = Array.isArray(value) ? value : arrayIn(value);
  if (inner === undefined) return value;
  let left = place - 1;
  const parts = inner.map((part: unknown) => {
    const [here, size] = [left, partsOf(part)];
    left -= size;
    return here >= 0 && here < size ? changedAt(part, here, change) : part;
  });
  return Array.isArray(value) ? parts : writeAnything(parts, { useBigInt64: true });
}

const SUBSTITUTES: readonly unknown[] = [
  0, 1, -1, 1.5, 2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 64n - 1n, true, null, "", "SD1", "x".repeat(300), "\u202e", "\u0000",
  new Uint8Array(0), new Uint8Array(31), new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(5_000), [], [[]], {}, [0, 0],
];

const ofBytes = (bytes: Uint8Array, at: number, kind: number): Uint8Array => {
  const changed = bytes.slice();
  const place = at % (bytes.length + 1);
  if (kind === 0) return bytes.slice(0, place);
  if (kind === 1) return Uint8Array.of(...bytes.subarray(0, place), at & 0xff, ...bytes.subarray(place));
  if (place < bytes.length) changed[place] = (changed[place] ?? 0) ^ (1 << kind % 8);
  return changed;
};

function ofPart(part: unknown, at: number, kind: number): unknown {
  if (kind % 3 === 0) return SUBSTITUTES[at % SUBSTITUTES.length];
  if (part instanceof Uint8Array) return ofBytes(part, at, kind % 5);
  if (Array.isArray(part)) return [part.slice(0, -1), [...part, ...part], part.toReversed()][kind % 3];
  if (typeof part === "number") return Math.max(0, part + (kind % 2 === 0 ? 1 : -1));
  return typeof part === "string" ? part.slice(0, at % (part.length + 1)) : SUBSTITUTES[at % SUBSTITUTES.length];
}

/** The bytes with one to three changes. */
export const mutationOf = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.nat(), fc.nat({ max: 30 })), { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((before, [raw, place, at, kind]) => {
      const tree = raw ? undefined : arrayIn(before);
      if (tree === undefined) return ofBytes(before, at, kind);
      return writeAnything(changedAt(tree, place % partsOf(tree), (part) => ofPart(part, at, kind)), { useBigInt64: true });
    }, bytes),
  );
