/** Randomness that a test decides. */

export interface FixedRandom {
  readonly random: (count: number) => Uint8Array;
  /** Throws where less was drawn than there was. */
  readonly end: () => void;
}

/** Hands out `bytes` from the front; more than there is is an error. */
export function fixedRandom(bytes: Uint8Array): FixedRandom {
  let at = 0;
  const random = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new RangeError("more randomness than there is");
    at += count;
    return bytes.slice(at - count, at);
  };
  const end = (): void => {
    if (at < bytes.length) throw new RangeError("less randomness was drawn than there is");
  };
  return { random, end };
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
