import "../support/sodium";

import { decode as libraryDecode, encode as libraryEncode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EVENT, SIGNED_CONTENT, contentShape } from "../../src/protocol/content";
import {
  type Shape,
  boolean,
  binary,
  decode,
  encode,
  fromBase64,
  fromBase64Url,
  fromHex,
  list,
  orNil,
  record,
  text,
  toBase64,
  toBase64Url,
  toHex,
  uint,
} from "../../src/protocol/encoding";
import { write } from "../../src/protocol/writer";
import { ENVELOPE, decodeSlot } from "../../src/protocol/envelope";
import { openCertificate } from "../../src/protocol/keys";
import { BUNDLE } from "../../src/protocol/prekeys";
import { RECEIPT } from "../../src/protocol/receipt";
import { decodePeer } from "../../src/protocol/session";
import { parseStatement } from "../../src/transparency/statement";
import { answerOf, casesOf } from "../support/vectors";

const WORD = { name: "word", value: 300 };
const SAMPLE = record({
  number: uint(),
  flag: boolean,
  bytes: binary(0, 32, 70_000),
  word: text(WORD),
  words: list(text(WORD), 40),
  nothing: orNil(uint()),
});

const sample = fc.record({
  number: fc.maxSafeNat(),
  flag: fc.boolean(),
  bytes: fc.constantFrom(0, 32, 70_000).map((length) => new Uint8Array(length)),
  word: fc.string({ unit: "grapheme", maxLength: 40 }),
  words: fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), { maxLength: 40 }),
  nothing: fc.option(fc.maxSafeNat()),
});

const EDGES = [0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffffff, 0x100000000, Number.MAX_SAFE_INTEGER];

test.for(EDGES)("%i is written in its shortest form, and so are a text and bytes of that length", (number) => {
  expect(write(number)).toEqual(libraryEncode(number, { useBigInt64: false }));
  if (number > 0x10000) return;
  for (const value of ["a".repeat(number), new Uint8Array(number), Array.from({ length: number }, () => null)]) {
    expect(toHex(write(value))).toBe(toHex(libraryEncode(value)));
  }
});

test("what is written is read, by this reader and by the library's own", () => {
  fc.assert(
    fc.property(sample, (value) => {
      const bytes = encode(SAMPLE, value);
      expect(decode(SAMPLE, bytes)).toEqual(value);
      expect(libraryDecode(bytes)).toEqual(Object.values(value));
      expect(bytes).toEqual(libraryEncode(Object.values(value)));
    }),
  );
});

test("a text that begins with a byte order mark keeps it", () => {
  const marked = `\uFEFF${"x".repeat(250)}`;
  expect(decode(text(WORD), encode(text(WORD), marked))).toBe(marked);
});

const shapes: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
  ["a content", (bytes) => decode(contentShape, bytes)],
  ["a signed content", (bytes) => decode(SIGNED_CONTENT, bytes)],
  ["a slot", decodeSlot],
  ["an envelope", (bytes) => decode(ENVELOPE, bytes)],
  ["a bundle", (bytes) => decode(BUNDLE, bytes)],
  ["a certificate", openCertificate],
  ["a receipt", (bytes) => decode(RECEIPT, bytes)],
  ["a statement", parseStatement],
  ["a stored peer", decodePeer],
];

describe("whatever bytes come, the answer is one of the protocol's errors", () => {
  test.each(shapes)("%s", (_, read) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(answerOf(() => void read(bytes))).toMatch(/^(?:ok|[a-z]+\.[a-z-]+)$/);
      }),
      { numRuns: 300 },
    );
  });
});

const events: readonly (readonly [string, Uint8Array])[] = casesOf("encoding")
  .filter(([, fields]) => fields.text("expect") === "ok")
  .map(([name, fields]) => [name, fields.bytes("event")] as const);

test.each(events)("of %s no other bytes say the same", (_, bytes) => {
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ mask;
      const read = (): Uint8Array => encode(EVENT, decode(EVENT, changed));
      expect(answerOf(() => void read()) === "ok" ? toHex(read()) : toHex(changed)).toBe(toHex(changed));
    }),
  );
});

test("a claim of 4 billion elements makes nothing of that size", () => {
  const claims = Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff, 0xdd, 0xff, 0xff, 0xff, 0xff);
  const nested: Shape<readonly (readonly boolean[])[]> = list(list(boolean, 2 ** 32), 2 ** 32);
  expect(answerOf(() => void decode(nested, claims))).toBe("encoding.malformed");
});

describe("text encodings", () => {
  test("read what they wrote", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect([fromHex(toHex(bytes)), fromBase64(toBase64(bytes)), fromBase64Url(toBase64Url(bytes))]).toEqual([bytes, bytes, bytes]);
      }),
    );
  });

  test.each(["AB=", "AAAB=", "AAB", "AA==\n", " AA==", "A-_="])("base64 %j is refused", (bad) => {
    expect(answerOf(() => void fromBase64(bad))).toMatch(/^encoding\./);
  });

  test.each(["0", "0G", "AB", "ab "])("hex %j is refused", (bad) => {
    expect(answerOf(() => void fromHex(bad))).toBe("encoding.malformed");
  });
});
