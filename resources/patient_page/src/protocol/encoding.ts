/**
 * docs/protocol.md section 2: MessagePack arrays, typed and strict, one encoding of each value.
 *
 * A `Shape` reads and writes one structure. Reading follows the shape and nothing else, so that what a stranger sent
 * decides neither the depth nor the size of anything that is made here; `write` then writes the value anew, and
 * bytes that differ are refused.
 */
import { ProtocolError } from "./errors";
import { LABEL_PREFIX, type Label } from "./labels";
import type { Limit } from "./limits";
import { concat, write } from "./writer";

export { concat } from "./writer";

export type Bytes = Uint8Array;
export type Value = number | boolean | null | string | Bytes | readonly Value[];
export type Field = Bytes | string | number;

const utf8 = new TextEncoder();
// Without `ignoreBOM` a text that begins with U+FEFF would lose it, and its bytes would no longer be those received.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const EMPTY: Bytes = new Uint8Array(0);
export const toUtf8 = (text: string): Bytes => utf8.encode(text);

/** Throws a TypeError on what is not UTF-8. */
export const fromUtf8 = (bytes: Bytes): string => strictUtf8.decode(bytes);

export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

const lengthPrefixed = (bytes: Bytes): readonly Bytes[] => [u32(bytes.length), bytes];

function fieldBytes(field: Field): Bytes {
  if (typeof field === "number") return u64(field);
  return typeof field === "string" ? toUtf8(field) : field;
}

/** Section 1: a label and fields, each with its length before it, so that no two lists of fields give the same bytes. */
export const frame = (label: Label, ...fields: readonly Field[]): Bytes =>
  concat(...[toUtf8(LABEL_PREFIX + label), ...fields.map(fieldBytes)].flatMap(lengthPrefixed));

export const malformed = (detail: string): ProtocolError => new ProtocolError("encoding.malformed", detail);

/** Public bytes only: it stops at the first difference. Secrets are compared with `equal` of primitives. */
export const sameBytes = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** By the first byte that differs; public bytes only. */
export function compareBytes(a: Bytes, b: Bytes): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 || at >= b.length ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX = /^(?:[0-9a-f]{2})*$/;

export const toHex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(hex: string): Bytes {
  if (!HEX.test(hex)) throw malformed("hex");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toBase64(bytes: Bytes): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function fromBase64(text: string): Bytes {
  // `atob` overlooks white space and missing padding, and below, stray bits: each a second spelling of the same bytes.
  if (!BASE64.test(text)) throw malformed("base64");
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new ProtocolError("encoding.not-canonical", "base64");
  return bytes;
}

export const toBase64Url = (bytes: Bytes): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export function fromBase64Url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw malformed("base64url");
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding);
}

/** 0x80 and zeros up to `length`, so that sizes tell less. */
export function pad(bytes: Bytes, length: number): Bytes {
  if (bytes.length >= length) throw new ProtocolError("limit.exceeded", "no room for the padding");
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

export function unpad(padded: Bytes): Bytes {
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 0x80) throw malformed("padding");
  return padded.slice(0, end);
}

/** Reads one token at a time. It never makes more than it was asked for. */
export class Reader {
  readonly #bytes: Bytes;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  uint(): number {
    const type = this.#number(1);
    if (type < 0x80) return type;
    if (type < 0xcc || type > 0xd3) throw malformed("expected an unsigned integer");
    // The signed types can hold one too; that the value is then not in its one form is found when it is written anew.
    const [size, signed] = [2 ** ((type - 0xcc) % 4), type > 0xcf];
    const value = this.#number(size);
    if (signed && value >= 2 ** (8 * size - 1)) throw malformed("a negative integer");
    return value;
  }

  boolean(): boolean {
    const type = this.#number(1);
    if (type !== 0xc2 && type !== 0xc3) throw malformed("expected a boolean");
    return type === 0xc3;
  }

  /** Whether nil stands here; then it has been read. */
  nil(): boolean {
    if (this.#bytes[this.#at] !== 0xc0) return false;
    this.#at += 1;
    return true;
  }

  binary(): Bytes {
    const type = this.#number(1);
    if (type < 0xc4 || type > 0xc6) throw malformed("expected bytes");
    return this.#take(this.#number(2 ** (type - 0xc4)));
  }

  text(): string {
    const type = this.#number(1);
    const short = type >= 0xa0 && type <= 0xbf;
    if (!short && (type < 0xd9 || type > 0xdb)) throw malformed("expected a text");
    const bytes = this.#take(short ? type - 0xa0 : this.#number(2 ** (type - 0xd9)));
    try {
      return fromUtf8(bytes);
    } catch {
      throw malformed("a text that is not UTF-8");
    }
  }

  /** The number of elements that follow. */
  array(): number {
    const type = this.#number(1);
    if (type >= 0x90 && type <= 0x9f) return type - 0x90;
    if (type !== 0xdc && type !== 0xdd) throw malformed("expected an array");
    return this.#number(type === 0xdc ? 2 : 4);
  }

  #number(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw malformed("it ends too early");
    this.#at += size;
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    return size === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at));
  }

  #take(length: number): Bytes {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed("it ends too early");
    const taken = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return taken;
  }
}

export interface Shape<T> {
  readonly read: (reader: Reader) => T;
  /** Checks what `read` checks, so that nothing leaves that the other side would refuse. */
  readonly write: (value: T) => Value;
}

interface AnyShape {
  readonly read: (reader: Reader) => unknown;
  readonly write: (value: never) => Value;
}

export type Infer<S extends AnyShape> = ReturnType<S["read"]>;

/** A shape whose value is written as it stands, and checked both ways by the one rule. */
/*@__NO_SIDE_EFFECTS__*/ function checked<T extends Value>(take: (reader: Reader) => Value, check: (value: Value) => asserts value is T): Shape<T> {
  const pass = (value: Value): T => {
    check(value);
    return value;
  };
  return { read: (reader) => pass(take(reader)), write: pass };
}

export const uint = /*@__NO_SIDE_EFFECTS__*/ (highest = Number.MAX_SAFE_INTEGER, lowest = 0): Shape<number> =>
  checked<number>(
    (reader) => reader.uint(),
    (value): asserts value is number => {
      if (typeof value !== "number" || !Number.isSafeInteger(value) || value < lowest || value > highest) {
        throw malformed("an integer out of range");
      }
    },
  );

export const boolean: Shape<boolean> = checked<boolean>(
  (reader) => reader.boolean(),
  (value): asserts value is boolean => {
    if (typeof value !== "boolean") throw malformed("expected a boolean");
  },
);

/** Bytes of one of the lengths named, as a type of their own. */
export const named = /*@__NO_SIDE_EFFECTS__*/ <T extends Bytes>(...lengths: readonly number[]): Shape<T> =>
  checked<T>(
    (reader) => reader.binary(),
    (value): asserts value is T => {
      if (!(value instanceof Uint8Array) || !lengths.includes(value.length)) throw malformed(`expected ${lengths.join(" or ")} bytes`);
    },
  );

export const binary = /*@__NO_SIDE_EFFECTS__*/ (...lengths: readonly number[]): Shape<Bytes> => named<Bytes>(...lengths);

/** Bytes of any length up to a limit. */
export const blob = /*@__NO_SIDE_EFFECTS__*/ (limit: Limit, shortest = 0): Shape<Bytes> =>
  checked<Bytes>(
    (reader) => reader.binary(),
    (value): asserts value is Bytes => {
      if (!(value instanceof Uint8Array) || value.length < shortest) throw malformed("expected bytes");
      if (value.length > limit.value) throw new ProtocolError("limit.exceeded", limit.name);
    },
  );

/** A text of at most so many bytes of UTF-8. */
export const text = /*@__NO_SIDE_EFFECTS__*/ (limit: Limit): Shape<string> =>
  checked<string>(
    (reader) => reader.text(),
    (value): asserts value is string => {
      if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) throw malformed("expected a text");
      if (toUtf8(value).length > limit.value) throw new ProtocolError("limit.exceeded", limit.name);
    },
  );

export const oneOf = /*@__NO_SIDE_EFFECTS__*/ <T extends string>(...words: readonly T[]): Shape<T> =>
  checked<T>(
    (reader) => reader.text(),
    (value): asserts value is T => {
      if (!words.some((word) => word === value)) throw malformed(`expected ${words.join(" or ")}`);
    },
  );

export const SUITE = "SD1";

export const suite: Shape<typeof SUITE> = checked<typeof SUITE>(
  (reader) => reader.text(),
  (value): asserts value is typeof SUITE => {
    if (value !== SUITE) throw new ProtocolError("suite.unknown");
  },
);

export const orNil = /*@__NO_SIDE_EFFECTS__*/ <T>(shape: Shape<T>): Shape<T | null> => ({
  read: (reader) => (reader.nil() ? null : shape.read(reader)),
  write: (value) => (value === null ? null : shape.write(value)),
});

/*@__NO_SIDE_EFFECTS__*/ export function list<T>(shape: Shape<T>, most: Limit | number, fewest = 0): Shape<readonly T[]> {
  const check = (count: number): number => {
    if (count < fewest) throw malformed("too few elements");
    if (typeof most === "number" && count > most) throw malformed("too many elements");
    if (typeof most !== "number" && count > most.value) throw new ProtocolError("limit.exceeded", most.name);
    return count;
  };
  return {
    read: (reader) => {
      const count = check(reader.array());
      const values: T[] = [];
      while (values.length < count) values.push(shape.read(reader));
      return values;
    },
    write: (values) => {
      check(values.length);
      return values.map((value) => shape.write(value));
    },
  };
}

type Fields = Readonly<Record<string, AnyShape>>;
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

function readFields(fields: Fields, reader: Reader): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, shape.read(reader)]));
}

function writeFields(fields: Fields, value: Readonly<Record<string, unknown>>): readonly Value[] {
  return Object.entries(fields).map(([name, shape]) => shape.write(value[name] as never));
}

/** An array whose elements stand in the order in which the fields are named. */
/*@__NO_SIDE_EFFECTS__*/ export function record<F extends Fields>(fields: F): Shape<RecordOf<F>> {
  const count = Object.keys(fields).length;
  return {
    read: (reader) => {
      if (reader.array() !== count) throw malformed(`expected ${count} elements`);
      return readFields(fields, reader) as RecordOf<F>;
    },
    write: (value) => writeFields(fields, value),
  };
}

type Variants = Readonly<Record<string, Fields>>;
export type TaggedOf<V extends Variants> = { [K in keyof V]: { readonly kind: K } & RecordOf<V[K]> }[keyof V];

/** An array whose first element names the variant. In the object it stands as `kind`. */
/*@__NO_SIDE_EFFECTS__*/ export function tagged<V extends Variants>(variants: V): Shape<TaggedOf<V>> {
  const fieldsOf = (kind: string): Fields => {
    const fields = Object.hasOwn(variants, kind) ? variants[kind] : undefined;
    if (fields === undefined) throw malformed("an unknown tag");
    return fields;
  };
  return {
    read: (reader) => {
      const count = reader.array();
      if (count === 0) throw malformed("expected a tag");
      const kind = reader.text();
      const fields = fieldsOf(kind);
      if (count !== Object.keys(fields).length + 1) throw malformed(`a wrong number of elements in "${kind}"`);
      return { kind, ...readFields(fields, reader) } as TaggedOf<V>;
    },
    write: (value) => {
      const { kind } = value as { readonly kind: string };
      return [kind, ...writeFields(fieldsOf(kind), value)];
    },
  };
}

export const encode = <T>(shape: Shape<T>, value: NoInfer<T>): Bytes => write(shape.write(value));

export function decode<T>(shape: Shape<T>, bytes: Bytes): T {
  const reader = new Reader(bytes);
  const value = shape.read(reader);
  if (!reader.ended) throw malformed("bytes after the end");
  if (!sameBytes(encode(shape, value), bytes)) throw new ProtocolError("encoding.not-canonical");
  return value;
}
