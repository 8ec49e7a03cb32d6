/** Randomness that a test decides. */

/** Hands out `bytes` from the front; more than there is, or less than all of it, is an error. */
export function fixedRandom(bytes: Uint8Array): { readonly random: (count: number) => Uint8Array; readonly left: () => number } {
  let at = 0;
  const random = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new RangeError("more randomness than the vector holds");
    at += count;
    return bytes.slice(at - count, at);
  };
  return { random, left: () => bytes.length - at };
}

/** Reproducible bytes for tests that need many; no secret of anybody. */
export function seededRandom(seed: number): (count: number) => Uint8Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (count) => Uint8Array.from({ length: count }, next);
}
