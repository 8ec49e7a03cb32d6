/** docs/protocol.md section 2: a value as MessagePack in its one form, which is the shortest. */
import type { Bytes, Value } from "./encoding";

export function concat(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const utf8 = new TextEncoder();
const SIZES = [1, 2, 4, 8] as const;

/** A type with a number behind it, in as few bytes as hold it; the type counts up with each doubling of them. */
function typed(first: number, number: number, shortest = 0): Bytes {
  const step = Math.max(shortest, SIZES.findIndex((size) => number < 2 ** (8 * size)));
  const bytes = new Uint8Array(1 + (SIZES[step] ?? 8));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, first + step - shortest);
  if (step === 0) view.setUint8(1, number);
  else if (step === 1) view.setUint16(1, number);
  else if (step === 2) view.setUint32(1, number);
  else view.setBigUint64(1, BigInt(number));
  return bytes;
}

function partsOf(value: Value): readonly Bytes[] {
  if (value === null) return [Uint8Array.of(0xc0)];
  if (typeof value === "boolean") return [Uint8Array.of(value ? 0xc3 : 0xc2)];
  if (typeof value === "number") return [value < 0x80 ? Uint8Array.of(value) : typed(0xcc, value)];
  if (value instanceof Uint8Array) return [typed(0xc4, value.length), value];
  if (typeof value === "string") {
    const text = utf8.encode(value);
    return [text.length < 32 ? Uint8Array.of(0xa0 + text.length) : typed(0xd9, text.length), text];
  }
  const { length } = value;
  return [length < 16 ? Uint8Array.of(0x90 + length) : typed(0xdc, length, 1), ...value.flatMap(partsOf)];
}

export const write = (value: Value): Bytes => concat(...partsOf(value));
