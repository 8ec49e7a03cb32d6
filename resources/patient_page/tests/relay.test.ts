import "./support/sodium";

import { describe, expect, test } from "vitest";

import { concat, u32 } from "../src/protocol/encoding";
import { Backoff, Relay, isSafeOrigin } from "../src/relay";
import { FrameReader, Nonsense } from "../src/wire";

const LEASE = Uint8Array.of(0x91, 0xa5, 0x6c, 0x65, 0x61, 0x73, 0x65);
const framed = (frame: Uint8Array): Uint8Array => concat(u32(frame.length), frame);
const STREAM = concat(u32(0), framed(LEASE), u32(0), framed(LEASE));

describe("frames", () => {
  test.for([1, 2, 3, 5, 7, 11, STREAM.length])("come whole however the network cuts them: %i bytes", (size) => {
    const reader = new FrameReader();
    const frames = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, i) => [...reader.feed(STREAM.slice(i * size, (i + 1) * size))]).flat();
    expect(frames).toEqual([null, { kind: "lease" }, null, { kind: "lease" }]);
  });

  test("longer than any frame are refused before they are held", () => {
    expect(() => [...new FrameReader().feed(u32(64 * 1_024 + 1))]).toThrow(Nonsense);
  });

  test.for([[0xc0], [0x91, 0xa1, 0x78], [0x92, ...LEASE.slice(1), 0xc0], [...LEASE, 0xc0]])("of another form are refused: %j", (frame) => {
    expect(() => [...new FrameReader().feed(framed(Uint8Array.from(frame)))]).toThrow(Nonsense);
  });
});

test.for(["https://relay.example", "https://relay.example:8443", "http://127.0.0.1:8440", "http://localhost:8440"])("%s may be a relay's origin", (origin) => {
  expect(isSafeOrigin(origin)).toBe(true);
});

test.for(["http://relay.example", "https://relay.example/", "https://user@relay.example", "ws://127.0.0.1", "data:,x", ""])("%s may not", (origin) => {
  expect(isSafeOrigin(origin)).toBe(false);
  expect(() => new Relay({ origin, now: Date.now })).toThrow(Nonsense);
});

test("waits grow, up to a minute, and never all alike", () => {
  const backoff = new Backoff();
  const longest = Array.from({ length: 12 }, () => backoff.next(() => 1));
  expect(longest.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
  expect(longest.at(-1)).toBe(60_000);
  expect(backoff.next(() => 0)).toBe(0);
  backoff.reset();
  expect(backoff.next(() => 1)).toBe(500);
});
