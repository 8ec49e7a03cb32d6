import "../support/sodium";

import { describe, expect, test } from "vitest";

import { ONE_TIME_LIFE, PREKEY_LIFE, PREKEY_ROTATION } from "../../src/protocol/limits";
import {
  NO_PREKEYS,
  type Prekeys,
  acceptHandshake,
  currentPrekey,
  decodePrekeys,
  encodePrekeys,
  findPrekey,
  makeOffer,
  openPrekey,
  prekeysAreDue,
  refillPrekeys,
  wasAccepted,
} from "../../src/protocol/prekeys";
import type { Transcript } from "../../src/protocol/keys";
import { newDevice } from "../support/devices";
import { CLINIC, NOW } from "../support/pair";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const random = seededRandom(2);
const device = newDevice("patient", CLINIC, random, NOW);
const NONE = { oneTime: 0, kemOnce: 0 };
const FULL = { oneTime: 20, kemOnce: 20 };
const first = refillPrekeys(NO_PREKEYS, device, NONE, random, NOW);

const idOf = (prekeys: Prekeys, kind: "signed" | "one-time" | "kem-last" | "kem-once"): number => currentPrekey(prekeys, kind)?.id ?? 0;

test("a first publication has one of each rotated kind and 20 one-time keys of both", () => {
  const { signed, kemLast, oneTime, kemOnce } = first.publication;
  expect([oneTime.length, kemOnce.length]).toEqual([20, 20]);
  expect(openPrekey(signed, device.certificate, ["signed"], NOW).id).toBe(idOf(first.prekeys, "signed"));
  expect(openPrekey(kemLast, device.certificate, ["kem-last"], NOW).id).toBe(idOf(first.prekeys, "kem-last"));
  const ids = first.prekeys.own.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe("rotation", () => {
  test("is due after 7 days, and when the relay runs low", () => {
    expect(prekeysAreDue(first.prekeys, FULL, NOW + PREKEY_ROTATION - 1)).toBe(false);
    expect(prekeysAreDue(first.prekeys, FULL, NOW + PREKEY_ROTATION)).toBe(true);
    expect(prekeysAreDue(first.prekeys, { oneTime: 9, kemOnce: 20 }, NOW)).toBe(true);
  });

  test("makes new ones, keeps the previous one, and forgets what came before it", () => {
    let { prekeys } = first;
    for (let week = 1; week <= 3; week += 1) ({ prekeys } = refillPrekeys(prekeys, device, FULL, random, NOW + week * PREKEY_ROTATION));
    const kinds = prekeys.own.map(({ kind }) => kind);
    expect([kinds.filter((kind) => kind === "signed").length, kinds.filter((kind) => kind === "kem-last").length]).toEqual([2, 2]);
    expect(prekeys.own.some(({ id }) => id === idOf(first.prekeys, "signed"))).toBe(false);
  });

  test("never uses an id again, whatever has expired", () => {
    const later = refillPrekeys(first.prekeys, device, NONE, random, NOW + ONE_TIME_LIFE);
    expect(Math.min(...later.prekeys.own.map(({ id }) => id))).toBeGreaterThan(Math.max(...first.prekeys.own.map(({ id }) => id)));
  });
});

describe("accepting a handshake", () => {
  const transcript = random(32) as Transcript;
  const used = [
    findPrekey(first.prekeys, idOf(first.prekeys, "signed"), ["signed"], NOW),
    findPrekey(first.prekeys, idOf(first.prekeys, "kem-last"), ["kem-last"], NOW),
    findPrekey(first.prekeys, idOf(first.prekeys, "one-time"), ["one-time"], NOW),
  ];
  const after = acceptHandshake(first.prekeys, transcript, used, NOW);

  test("deletes the one-time secret and remembers the transcript", () => {
    expect(after.own.some(({ id }) => id === idOf(first.prekeys, "one-time"))).toBe(false);
    expect([wasAccepted(after, transcript), wasAccepted(first.prekeys, transcript)]).toEqual([true, false]);
  });

  test("remembers it across a restart, for as long as a prekey of it lives", () => {
    const restarted = decodePrekeys(encodePrekeys(after));
    const weeks = refillPrekeys(restarted, device, FULL, random, NOW + PREKEY_ROTATION).prekeys;
    const longAfter = refillPrekeys(weeks, device, FULL, random, NOW + PREKEY_LIFE).prekeys;
    expect([wasAccepted(restarted, transcript), wasAccepted(weeks, transcript), wasAccepted(longAfter, transcript)]).toEqual([true, true, false]);
  });
});

test("an offer's prekeys are used once, and never published", () => {
  const { prekeys, offer } = makeOffer(first.prekeys, device, random, NOW);
  const [signed, kem] = prekeys.own.filter(({ offered }) => offered);
  expect([signed?.bytes, kem?.bytes]).toEqual([offer.signed, offer.kem]);
  expect(currentPrekey(prekeys, "signed")?.id).toBe(idOf(first.prekeys, "signed"));
  const spent = acceptHandshake(prekeys, random(32) as Transcript, [signed, kem].flatMap((one) => (one === undefined ? [] : [one])), NOW);
  expect(spent.own.some(({ offered }) => offered)).toBe(false);
});

test("a prekey of another kind, or one whose secret is gone, answers no handshake", () => {
  const id = idOf(first.prekeys, "signed");
  expect(answerOf(() => void findPrekey(first.prekeys, id, ["one-time"], NOW))).toBe("handshake.invalid");
  expect(answerOf(() => void findPrekey(first.prekeys, 10_000, ["signed"], NOW))).toBe("prekey.expired");
  expect(answerOf(() => void findPrekey(first.prekeys, id, ["signed"], NOW + PREKEY_LIFE))).toBe("prekey.expired");
});

test("stored prekeys are read back as they were, and nothing else is read as them", () => {
  const bytes = encodePrekeys(first.prekeys);
  expect(decodePrekeys(bytes)).toEqual(first.prekeys);
  expect(answerOf(() => void decodePrekeys(Uint8Array.of(...bytes, 0)))).toBe("encoding.malformed");
  expect(answerOf(() => void decodePrekeys(bytes.map((byte, i) => (i === 1 ? 2 : byte))))).toBe("encoding.malformed");
});
