/** Signals: what is true only for the moment, and what it must never do. */
import "../support/sodium";

import { expect, test } from "vitest";

import type { Party } from "../../src/protocol/content";
import { decode, encode } from "../../src/protocol/encoding";
import { bodyHash, decodeSlot } from "../../src/protocol/envelope";
import type { DeviceKeys, MailboxId, MessageId, StreamId } from "../../src/protocol/keys";
import { NO_PREKEYS, openBundle } from "../../src/protocol/prekeys";
import { type Peer, beginSession, newPeer, openSlot, sealSlot, sendingSession } from "../../src/protocol/session";
import { HINT, HOLDS, type Hint, composeSignal, endOf, isCurrent, mayTell, openSignal, readSignal, sealSignal } from "../../src/protocol/signal";
import { bundleOf, newDevice, publish } from "../support/devices";
import { CLINIC, NOW } from "../support/pair";
import { fixedRandom, seededRandom } from "../support/random";
import { answerOf, casesOf, testTopic } from "../support/vectors";

testTopic("signal", (fields) => {
  const place = [fields.bytes("key"), fields.bytes("sender") as MailboxId, fields.bytes("message") as MessageId] as const;
  const body = fields.bytes("body");
  const signal = openSignal(...place, body);
  const again = sealSignal(...place, signal, fixedRandom(fields.bytes("nonce")).random);
  return { time: signal.time, hint: encode(HINT, signal.hint), body: again, body_hash: bodyHash(body), holds: HOLDS[signal.hint.kind] };
});

const PARTIES: readonly Party[] = ["patient", "agent", "supervisor", "administrator", "auditor"];

const partyOf = (name: string): Party => PARTIES.find((party) => party === name) ?? "auditor";

test.each(casesOf("signal-permission"))("signal-permission/%s", (_, fields) => {
  const hints = fields.fields("hints");
  const rows = fields.fieldsList("rows");
  const told = rows.map((row) => mayTell(decode(HINT, hints.bytes(row.text("hint"))), partyOf(row.text("author")), partyOf(row.text("reader"))));
  expect(told).toEqual(rows.map((row) => row.get("permitted")));
  expect(rows).not.toHaveLength(0);
});

test.each(casesOf("signal-age"))("signal-age/%s", (_, fields) => {
  const signal = { time: fields.integer("time"), hint: decode(HINT, fields.bytes("hint")) };
  const rows = fields.fieldsList("rows");
  const judged = rows.map((row) => [isCurrent(signal, row.integer("now")), endOf(signal, row.integer("now"))]);
  expect(judged).toEqual(rows.map((row) => [row.get("current"), row.get("ends")]));
});

const STREAM = new Uint8Array(32).fill(9) as StreamId;
const TYPING: Hint = { kind: "typing", stream: STREAM, on: true };

/** A desk and a patient who has written to it; `answered` is the patient's side once the desk has answered. */
function talk() {
  const random = seededRandom(22);
  const [desk, patient] = [newDevice("agent", CLINIC, random, NOW), newDevice("patient", CLINIC, random, NOW)];
  const published = publish(desk, random, NOW);
  const bundle = openBundle(bundleOf(published, 0), desk.certificate, NOW);
  const secret = { messageKey: random(32), bodyHash: random(32), stream: STREAM, message: random(16) as MessageId };
  const asked = sealSlot(beginSession(newPeer(desk.certificate), patient, bundle, random, NOW), patient, NO_PREKEYS, secret, null, random, NOW);
  const heard = openSlot(newPeer(patient.certificate), desk, published.prekeys, asked.slot, random, NOW);
  const reply = sealSlot(heard.peer, desk, heard.prekeys, secret, null, random, NOW);
  const answered = openSlot(asked.peer, patient, NO_PREKEYS, reply.slot, random, NOW);
  return { random, desk, patient, unanswered: asked.peer, fromDesk: reply.peer, fromPatient: answered.peer, prekeys: heard.prekeys, secret };
}

const said = (hint: Hint, peer: Peer, device: DeviceKeys) => {
  const { envelope, peers } = composeSignal(hint, [peer], device, seededRandom(5), NOW);
  return { body: envelope.body, slot: envelope.slots[0]?.slot ?? new Uint8Array(), peer: peers[0] ?? peer };
};

test("a signal goes through the session and counts as no message", () => {
  const { desk, patient, fromDesk, fromPatient, prekeys, random } = talk();
  const sent = said(TYPING, fromPatient, patient);
  const opened = openSlot(fromDesk, desk, prekeys, sent.slot, random, NOW);
  expect(readSignal(opened.content, patient.certificate.mailbox, sent.body)).toEqual({ time: NOW, hint: TYPING });
  expect(sendingSession(sent.peer)?.sent).toBe(sendingSession(fromPatient)?.sent);
  expect(sendingSession(opened.peer)?.received).toBe(sendingSession(fromDesk)?.received);
  expect(sendingSession(opened.peer)?.ratchet).not.toEqual(sendingSession(fromDesk)?.ratchet);
});

test("it begins no session, and goes nowhere before the other has answered", () => {
  const { desk, patient, unanswered } = talk();
  expect(answerOf(() => void said(TYPING, unanswered, patient))).toBe("message.undecryptable");
  expect(answerOf(() => void said(TYPING, newPeer(desk.certificate), patient))).toBe("message.undecryptable");
});

test("the team's hints cannot be sealed to a patient, nor a patient's but typing", () => {
  const { desk, patient, fromDesk, fromPatient } = talk();
  const hints: readonly Hint[] = [
    { kind: "viewing", stream: STREAM },
    { kind: "viewing", stream: null },
    { kind: "replying", stream: STREAM, on: true },
    { kind: "presence", state: "away" },
  ];
  for (const hint of hints) {
    expect(answerOf(() => void said(hint, fromDesk, desk))).toBe("event.not-permitted");
    expect(answerOf(() => void said(hint, fromPatient, patient))).toBe("event.not-permitted");
  }
  expect(answerOf(() => void said({ kind: "queue", ahead: 1, minutes: null }, fromPatient, patient))).toBe("event.not-permitted");
});

test("it is as long as a short message, and carries no offer", () => {
  const { patient, desk, fromPatient, secret, random, prekeys } = talk();
  const signal = said(TYPING, fromPatient, patient);
  const message = sealSlot(fromPatient, patient, NO_PREKEYS, secret, null, random, NOW);
  expect(signal.slot).toHaveLength(message.slot.length);
  expect(decodeSlot(signal.slot).kind).toBe("next");
  expect(openSlot(talk().fromDesk, desk, prekeys, signal.slot, random, NOW).content.offer).toBeNull();
});

test("a slot that opens with another body is forged", () => {
  const { desk, patient, fromDesk, fromPatient, prekeys, random } = talk();
  const sent = said(TYPING, fromPatient, patient);
  const { content } = openSlot(fromDesk, desk, prekeys, sent.slot, random, NOW);
  const other = sealSignal(content.messageKey, patient.certificate.mailbox, content.message, { time: NOW, hint: { ...TYPING, on: false } }, random);
  expect(answerOf(() => void readSignal(content, patient.certificate.mailbox, other))).toBe("message.forged");
});
