import { expect, test } from "vitest";

import { pictureType } from "../src/picture";

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (sign) => sign.charCodeAt(0)) : part)));
const big = (value: number): readonly number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const little = (value: number, length: number): readonly number[] => Array.from({ length }, (_, i) => (value >>> (8 * i)) & 255);

const png = (width: number, height: number): Uint8Array => bytes("\x89PNG\r\n\x1a\n", big(13), "IHDR", big(width), big(height), [8, 2, 0, 0, 0]);
const jpeg = (width: number, height: number): Uint8Array =>
  bytes([0xff, 0xd8, 0xff, 0xe0], [0, 4, 1, 2], [0xff, 0xff, 0xc2, 0, 11, 8], big(height).slice(2), big(width).slice(2), [1, 1, 0x11, 0]);
const gif = (width: number, height: number): Uint8Array => bytes("GIF89a", little(width, 2), little(height, 2), [0, 0, 0]);
const webp = (kind: string, rest: readonly number[]): Uint8Array => bytes("RIFF", little(99, 4), "WEBP", kind, little(20, 4), rest);
const extended = (width: number, height: number): Uint8Array =>
  webp("VP8X", [0, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]);
const lossless = (width: number, height: number): Uint8Array => webp("VP8L", [0x2f, ...little((width - 1) | ((height - 1) << 14), 4)]);
const lossy = (width: number, height: number): Uint8Array => webp("VP8 ", [0, 0, 0, 0x9d, 1, 0x2a, ...little(width, 2), ...little(height, 2)]);

const MAKERS = { "image/png": png, "image/jpeg": jpeg, "image/gif": gif, "image/webp": extended, lossless, lossy } as const;

test.for(Object.entries(MAKERS))("%s is shown up to a size that a telephone can draw", ([name, make]) => {
  const type = name.startsWith("image/") ? name : "image/webp";
  expect(pictureType(make(4_000, 3_000))).toBe(type);
  expect(pictureType(make(16_000, 16_000))).toBeUndefined();
});

test("a header that says nothing, or too much, is no picture", () => {
  expect(pictureType(png(0, 10))).toBeUndefined();
  expect(pictureType(png(0xffffffff, 0xffffffff))).toBeUndefined();
});

test.for(Object.entries(MAKERS))("%s that ends too soon is no picture, and no error", ([, make]) => {
  const whole = make(40, 30);
  const needed = whole.findLastIndex((_, end) => pictureType(whole.slice(0, end)) === undefined);
  for (let end = 0; end <= needed; end += 1) expect(pictureType(whole.slice(0, end))).toBeUndefined();
  expect(needed).toBeGreaterThan(8);
});

test.for([
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  "<!doctype html><script>alert(1)</script>",
  "RIFF\x10\x00\x00\x00WAVEfmt ",
  "GIF8 is how it begins, and a script how it ends",
  "%PDF-1.7",
  "",
])("%s is offered to be saved, and not shown", (text) => {
  expect(pictureType(bytes(text))).toBeUndefined();
});
