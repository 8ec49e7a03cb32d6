/** A message from one device to several: what each reads, and what a dishonest recipient or relay cannot do. */
import "../support/sodium";

import { describe, expect, test } from "vitest";

import { type Event, type Message, sharedStream, conversationId, signContent } from "../../src/protocol/content";
import { nextContent } from "../../src/protocol/conversation";
import { NO_INVITATION, type OpenedMessage, openMessage, sealMessage } from "../../src/protocol/delivery";
import { sameBytes, toHex } from "../../src/protocol/encoding";
import { bodyHash, sealBody } from "../../src/protocol/envelope";
import { deriveInvitation, makeProof } from "../../src/protocol/invitation";
import type { DeviceId, MessageId } from "../../src/protocol/keys";
import { NO_PREKEYS, openBundle } from "../../src/protocol/prekeys";
import { deliveryHash } from "../../src/protocol/receipt";
import { type Peer, beginSession, newPeer, openSlot, sealSlot } from "../../src/protocol/session";
import { type Published, bundleOf, newDevice, publish } from "../support/devices";
import { CLINIC, NOW } from "../support/pair";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const random = seededRandom(4);
const patient = newDevice("patient", CLINIC, random, NOW);
const agents: readonly Published[] = [0, 1, 2].map(() => publish(newDevice("agent", CLINIC, random, NOW), random, NOW));
const nonce = random(16);
const conversation = conversationId(patient.certificate.device, CLINIC, nonce);
const stream = sharedStream(conversation);
const recipients = agents.map(({ device }) => device.certificate.device);
const logHead = { size: 1, root: new Uint8Array(32) };
const hello: Event = { kind: "text", text: "Good morning" };

const write = (event: Event, to: readonly DeviceId[] = recipients, author = patient): Message => {
  const draft = { stream, message: random(16) as MessageId, recipients: to, time: NOW, logHead, event };
  return signContent(author, nextContent([], author.certificate.device, draft));
};

const begun = (published: Published, given: number): Peer => {
  const { certificate } = published.device;
  return beginSession(newPeer(certificate), patient, openBundle(bundleOf(published, given), certificate, NOW), random, NOW);
};

const peersOf = (given: number): readonly Peer[] => agents.map((agent) => begun(agent, given));

function openAt(index: number, slot: Uint8Array, body: Uint8Array): OpenedMessage {
  const agent = agents[index];
  if (agent === undefined) throw new RangeError("no such agent");
  return openMessage({ body, slot }, newPeer(patient.certificate), agent.device, agent.prekeys, random, NOW);
}

function slotOf(slots: readonly { readonly slot: Uint8Array }[], index: number): Uint8Array {
  const slot = slots[index]?.slot;
  if (slot === undefined) throw new RangeError("no such slot");
  return slot;
}

test("every recipient reads the same signed bytes, from one body and a slot of its own", () => {
  const message = write(hello);
  const { envelope, deliveries } = sealMessage(message, peersOf(0), patient, NO_PREKEYS, NO_INVITATION, random, NOW);
  const read = agents.map((_, i) => openAt(i, slotOf(envelope.slots, i), envelope.body).message);
  expect(read).toEqual([message, message, message]);
  expect(new Set(envelope.slots.map(({ slot }) => toHex(slot))).size).toBe(3);
  const [first] = envelope.slots;
  const expected = deliveryHash(patient.certificate.mailbox, first?.mailbox ?? patient.certificate.mailbox, envelope.id, envelope.body, slotOf(envelope.slots, 0));
  expect(deliveries[0]?.hash).toEqual(expected);
});

test("a recipient's slot opens for no other recipient", () => {
  const { envelope } = sealMessage(write(hello), peersOf(1), patient, NO_PREKEYS, NO_INVITATION, random, NOW);
  expect(answerOf(() => void openAt(1, slotOf(envelope.slots, 0), envelope.body))).toBe("message.undecryptable");
});

test("a recipient who knows the message key cannot put another body in its place", () => {
  const message = write(hello);
  const { envelope } = sealMessage(message, peersOf(2), patient, NO_PREKEYS, NO_INVITATION, random, NOW);
  const [mallory, victim] = agents;
  if (mallory === undefined || victim === undefined) throw new RangeError("no such agent");
  const slot = openSlot(newPeer(patient.certificate), mallory.device, mallory.prekeys, slotOf(envelope.slots, 0), random, NOW);
  const { messageKey, message: id } = slot.content;
  const other = sealBody(messageKey, { stream, sender: patient.certificate.mailbox, message: id }, message.signed, random);
  expect(sameBytes(other, envelope.body)).toBe(false);
  expect(answerOf(() => void openAt(1, slotOf(envelope.slots, 1), other))).toBe("message.forged");
});

describe("what the slot's session does not vouch for is refused", () => {
  const [agent] = agents;
  if (agent === undefined) throw new RangeError("no such agent");

  /** The patient's own session and slot, around a content that it should not carry. */
  const forged = (message: Message, given: number, id = message.content.message): string => {
    const messageKey = random(32);
    const body = sealBody(messageKey, { stream, sender: patient.certificate.mailbox, message: id }, message.signed, random);
    const secret = { messageKey, bodyHash: bodyHash(body), stream, message: id };
    const { slot } = sealSlot(begun(agent, given), patient, NO_PREKEYS, secret, null, random, NOW);
    return answerOf(() => void openAt(0, slot, body));
  };

  test("another author's content", () => {
    const other = newDevice("patient", CLINIC, random, NOW);
    expect(forged(write(hello, recipients, other), 3)).toBe("message.forged");
  });

  test("a content that was meant for others", () => {
    expect(forged(write(hello, recipients.slice(1)), 4)).toBe("message.forged");
  });

  test("a content with another message id than the slot says", () => {
    expect(forged(write(hello), 5, random(16) as MessageId)).toBe("message.forged");
  });

  test("a content with a clock that leaves no room for those that follow", () => {
    const { content } = write(hello);
    expect(forged(signContent(patient, { ...content, clock: NOW + 86_400_001 }), 8)).toBe("message.forged");
  });

  test("a content whose signature was altered", () => {
    const message = write(hello);
    const signature = message.signed.signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    expect(forged({ ...message, signed: { ...message.signed, signature } }, 6)).toBe("message.forged");
  });

  test("and the honest one is read", () => {
    expect(forged(write(hello), 7)).toBe("ok");
  });
});

test("a message is sealed to nobody whom its content does not name", () => {
  const message = write(hello, recipients.slice(1));
  expect(answerOf(() => void sealMessage(message, peersOf(8), patient, NO_PREKEYS, NO_INVITATION, random, NOW))).toBe("message.forged");
});

test("each checker gets its own proof, over its own handshake", () => {
  const link = { secret: random(16), clinic: CLINIC };
  const secrets = deriveInvitation(link);
  const answers = { code: "481526", identifiers: [{ kind: "birth-date", value: "1980-02-29" }] as const };
  const open = { kind: "open", nonce, certificate: patient.certificate.bytes, consentVersion: 1, consentHash: new Uint8Array(32) } as const;
  const peers = peersOf(9);
  const { envelope } = sealMessage(write(open), peers, patient, NO_PREKEYS, (_, transcript) => makeProof(secrets, transcript, answers), random, NOW);
  const opened = agents.map(({ device, prekeys }, i) =>
    openSlot(newPeer(patient.certificate), device, prekeys, slotOf(envelope.slots, i), random, NOW),
  );
  expect(opened.map(({ content }) => content.proof?.invitation)).toEqual(opened.map(({ transcript }) => makeProof(secrets, transcript, answers)));
  expect(new Set(opened.map(({ content }) => toHex(content.proof?.invitation?.mac ?? new Uint8Array(0)))).size).toBe(3);
});
