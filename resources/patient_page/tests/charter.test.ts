import "./support/sodium";

import { afterEach, expect, test, vi } from "vitest";

import { clinicName, nameOf } from "../src/charter";
import { seededRandom } from "./support/random";
import { answerOf } from "./support/vectors";
import { Clinic } from "./support/written_clinic";

const random = seededRandom(31);
const [own, other] = [new Clinic(random), new Clinic(random)];
const charterOf = ({ statements: [charter] }: Clinic): Uint8Array<ArrayBuffer> => Uint8Array.from(charter ?? []);

afterEach(() => vi.unstubAllGlobals());

test("a charter names the clinic whose fingerprint it has, and no other", () => {
  expect(nameOf(charterOf(own), own.id)).not.toBe("");
  expect(answerOf(() => nameOf(charterOf(other), own.id))).toBe("statement.invalid");
});

test("a charter of which one byte was altered names nobody", () => {
  const charter = charterOf(own);
  for (let at = 0; at < charter.length; at += 7) {
    const altered = charter.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => nameOf(altered, own.id)).toThrow(/./);
  }
});

test.for([
  ["of another clinic", () => new Response(charterOf(other))],
  ["that is not there", () => new Response("no", { status: 404 })],
  ["of many megabytes", () => new Response(charterOf(own), { headers: { "Content-Length": "99999999" } })],
  ["that does not come", () => Promise.reject(new TypeError("no network"))],
] as const)("by a charter %s nothing is said", async ([, answer]) => {
  vi.stubGlobal("fetch", answer);
  expect(await clinicName(own.id)).toBe("");
});

test("by the clinic's own charter its name is said", async () => {
  vi.stubGlobal("fetch", () => new Response(charterOf(own)));
  expect(await clinicName(own.id)).toBe(nameOf(charterOf(own), own.id));
});
