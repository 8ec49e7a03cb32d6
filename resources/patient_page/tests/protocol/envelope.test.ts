import "../support/sodium";

import { describe, expect, test } from "vitest";

import { type SlotContent, padSlotContent, unpadSlotContent } from "../../src/protocol/envelope";
import type { MessageId, StreamId } from "../../src/protocol/keys";
import { NO_PREKEYS, makeOffer } from "../../src/protocol/prekeys";
import { newDevice } from "../support/devices";
import { CLINIC, NOW } from "../support/pair";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const random = seededRandom(8);
const { offer } = makeOffer(NO_PREKEYS, newDevice("agent", CLINIC, random, NOW), random, NOW);
const plain: SlotContent = {
  messageKey: random(32),
  bodyHash: random(32),
  stream: random(32) as StreamId,
  message: random(16) as MessageId,
  proof: null,
  offer,
};
const proven: SlotContent = { ...plain, proof: { handshake: random(64), invitation: null } };

// With an offer both kinds are padded to one length, so that the length alone does not tell them apart.
describe("a proof belongs in init slots, and only there", () => {
  test.each([
    ["init", proven, "ok"],
    ["next", plain, "ok"],
    ["init", plain, "encoding.malformed"],
    ["next", proven, "encoding.malformed"],
  ] as const)("%s slot", (kind, content, expected) => {
    const padded = padSlotContent(kind, content);
    expect(padded).toHaveLength(2_048);
    expect(answerOf(() => void unpadSlotContent(kind, padded))).toBe(expected);
  });
});
