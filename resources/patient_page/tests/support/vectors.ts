/** The vectors that both implementations read: tests/vectors/README.md says what a case means. */
import { expect, test } from "vitest";

import { vectors } from "virtual:vectors";

import { fromHex, toHex } from "../../src/protocol/encoding";
import { ProtocolError } from "../../src/protocol/errors";

/** One JSON object of a vector, read field by field; a field of another type fails the test. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: unknown) {
    if (typeof values !== "object" || values === null) throw new TypeError("a vector is an object");
    this.#values = { ...values };
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  get(name: string): unknown {
    return this.#values[name];
  }

  text(name: string): string {
    return asText(this.#values[name], name);
  }

  bytes(name: string): Uint8Array {
    return fromHex(this.text(name));
  }

  integer(name: string): number {
    const value = this.#values[name];
    if (typeof value !== "number") throw new TypeError(`${name} is no number`);
    return value;
  }

  list(name: string): readonly unknown[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
    return value;
  }

  bytesList(name: string): readonly Uint8Array[] {
    return this.list(name).map((value) => fromHex(asText(value, name)));
  }

  fields(name: string): Fields {
    return new Fields(this.#values[name]);
  }

  fieldsList(name: string): readonly Fields[] {
    return this.list(name).map((value) => new Fields(value));
  }
}

export function asText(value: unknown, name = "value"): string {
  if (typeof value !== "string") throw new TypeError(`${name} is no text`);
  return value;
}

const topicOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

export const topics: ReadonlySet<string> = new Set(Object.keys(vectors).map(topicOf));

/** The cases of a topic, by name. */
export function casesOf(topic: string): readonly (readonly [string, Fields])[] {
  const paths = Object.keys(vectors).filter((path) => topicOf(path) === topic);
  return paths.map((path) => [path.slice(topic.length + 1), new Fields(vectors[path])] as const);
}

/** What a reader answers: "ok", or the code of its one error. */
export function answerOf(read: () => void): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return "ok";
}

/** What a reader computes, by the names that the vectors give its outputs. Bytes are compared as hex. */
export type Outputs = Readonly<Record<string, unknown>>;

export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** The same outputs as the vector has them. */
export const expectedOf = (fields: Fields, outputs: Outputs): Outputs =>
  Object.fromEntries(Object.keys(outputs).map((name) => [name, fields.get(name)]));

/** Runs every case of a topic that `concerns` names: `read` must answer as the case expects, with the outputs it holds. */
export function testTopic(topic: string, read: (fields: Fields, name: string) => Outputs, concerns: (name: string) => boolean = () => true): void {
  const cases = casesOf(topic).filter(([name]) => concerns(name));
  test(`${topic} has cases`, () => {
    expect(cases).not.toHaveLength(0);
  });
  test.each(cases)(`${topic}/%s`, (name, fields) => {
    let outputs: Outputs = {};
    const answer = answerOf(() => {
      outputs = read(fields, name);
    });
    expect(answer).toBe(fields.text("expect"));
    expect(plain(outputs)).toEqual(expectedOf(fields, outputs));
  });
}
