import "../support/sodium";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Event, type Message, conversationId, sharedStream, signContent } from "../../src/protocol/content";
import { type Arrived, type Conversation, decodeArrived, encodeArrived, nextContent, reduceConversation } from "../../src/protocol/conversation";
import { compareBytes } from "../../src/protocol/encoding";
import { type DeviceKeys, type MessageId, makeDevice } from "../../src/protocol/keys";
import { openLog } from "../../src/transparency/clinic_log";
import { membership } from "../../src/transparency/roster";
import { type Admitted, Clinic, NOW, hexOf } from "../support/written_clinic";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const random = seededRandom(9);
const clinic = new Clinic(random);
const [ada, bob, chief, auditor] = [clinic.admit("agent", "Ada"), clinic.admit("agent", "Bob"), clinic.admit("supervisor"), clinic.admit("auditor")];
const [dean, temp] = [clinic.admit("supervisor"), clinic.admit("agent")];
const beforeRevocation = clinic.head;
clinic.revoke(bob.keys.certificate.device);
const afterRevocation = clinic.head;
clinic.add(["role", dean.keys.certificate.device, "agent"]);
clinic.add(["role", temp.keys.certificate.device, "auditor"]);
const afterDemotion = clinic.head;
const { roster } = openLog(clinic.statements, clinic.id);
const patient = makeDevice(clinic.id, random, NOW);
const stream = sharedStream(conversationId(patient.certificate.device, clinic.id, random(16)));

/** Writes as each device would that has seen `seen`. */
function write(author: DeviceKeys, event: Event, seen: readonly Message[], logHead = beforeRevocation): Message {
  const recipients = [patient.certificate.device];
  const draft = { stream, message: random(16) as MessageId, recipients, time: NOW, logHead, event };
  return signContent(author, nextContent(seen, author.certificate.device, draft));
}

const text = (words: string): Event => ({ kind: "text", text: words });
const arrived = (message: Message, known = beforeRevocation.size): Arrived => ({ message, time: NOW, known });
const reduce = (messages: readonly Arrived[]): Conversation => reduceConversation(patient.certificate.device, messages, membership(roster), null);
const standings = (conversation: Conversation): readonly string[] => conversation.rows.map((row) => (row.kind === "message" ? row.standing : "gap"));

test("each message continues its author's, and lists what is new of the others", () => {
  const first = write(patient, text("1"), []);
  const reply = write(ada.keys, text("2"), [first]);
  const second = write(patient, text("3"), [first, reply]);
  const third = write(patient, text("4"), [first, reply, second]);
  expect([second.content.sequence, second.content.previous, second.content.clock]).toEqual([2, first.hash, 3]);
  expect(second.content.heads).toEqual([{ device: ada.keys.certificate.device, sequence: 1, hash: reply.hash }]);
  expect([third.content.sequence, third.content.heads, third.content.clock]).toEqual([3, [], 4]);
});

test("where somebody counted to the end nothing more is signed", () => {
  const { content } = write(ada.keys, text("the last word"), []);
  const last = signContent(ada.keys, { ...content, clock: Number.MAX_SAFE_INTEGER });
  expect(answerOf(() => void write(patient, text("and I?"), [last]))).toBe("limit.exceeded");
});

function story(): readonly Message[] {
  const messages: Message[] = [];
  const say = (author: Admitted | null, event: Event): Message => {
    const message = write(author === null ? patient : author.keys, event, messages);
    messages.push(message);
    return message;
  };
  say(null, text("hello"));
  const mistaken = say(ada, text("wrong patient"));
  say(ada, { kind: "name", device: ada.keys.certificate.device, name: ada.name, salt: ada.salt });
  say(chief, { kind: "retract", message: mistaken.content.message, hash: mistaken.hash });
  say(bob, text("on my way"));
  say(auditor, text("I may say nothing"));
  say(null, { kind: "read", marks: [{ author: ada.keys.certificate.device, sequence: 2 }] });
  return messages;
}

test("every order of arrival gives the same conversation", () => {
  const messages = story().map((message) => arrived(message));
  const expected = reduce(messages);
  fc.assert(
    fc.property(fc.shuffledSubarray(messages, { minLength: messages.length }), fc.subarray(messages), (order, repeated) => {
      expect(reduce([...order, ...repeated])).toEqual(expected);
    }),
  );
  expect(standings(expected)).toEqual(["admitted", "admitted", "admitted", "admitted", "admitted", "not-permitted", "admitted"]);
  expect(expected.rows.map((row) => row.kind === "message" && row.deleted)).toEqual([false, true, false, false, false, false, false]);
});

test("what nobody had seen of one another is ordered by author", () => {
  const messages = [ada, chief].map(({ keys }) => write(keys, text("at once"), []));
  const shown = reduce(messages.map((message) => arrived(message))).rows.flatMap((row) => (row.kind === "message" ? [row.message.content.author] : []));
  expect(shown).toEqual([ada, chief].map(({ keys }) => keys.certificate.device).toSorted(compareBytes));
  expect(reduce(messages.toReversed().map((message) => arrived(message)))).toEqual(reduce(messages.map((message) => arrived(message))));
});

test("a missing message is a gap before the one that shows it", () => {
  const messages = story();
  const without = messages.filter(({ content }) => content.event.kind !== "name" && content.event !== messages[1]?.content.event);
  const conversation = reduce([...without, write(ada.keys, text("later"), messages)].map((message) => arrived(message)));
  const place = conversation.rows.findIndex((row) => row.kind === "gap");
  expect(conversation.gaps).toEqual([{ author: ada.keys.certificate.device, first: 1, last: 2 }]);
  expect(conversation.rows[place + 1]).toMatchObject({ message: { content: { event: { text: "later" } } } });
});

test("two messages in one place are a fork, and both are shown", () => {
  const [one, other] = [write(ada.keys, text("yes"), []), write(ada.keys, text("no"), [])];
  const conversation = reduce([one, other].map((message) => arrived(message)));
  expect(conversation.forks).toEqual([{ author: ada.keys.certificate.device, sequence: 1 }]);
  expect(conversation.rows.map((row) => row.kind === "message" && row.forked)).toEqual([true, true]);
});

describe("a device that lost its role", () => {
  const said = write(ada.keys, text("said by another"), []);
  const retract: Event = { kind: "retract", message: said.content.message, hash: said.hash };
  const deleted = (retraction: Message, known: number): readonly boolean[] =>
    reduce([arrived(said), arrived(retraction, known)]).rows.map((row) => row.kind === "message" && row.deleted);

  test("deleted what it did before that was known", () => {
    expect(deleted(write(dean.keys, retract, [said]), beforeRevocation.size)).toEqual([true, false]);
  });

  test("deletes nothing of others afterwards, whichever head it names", () => {
    expect(deleted(write(dean.keys, retract, [said]), afterDemotion.size)).toEqual([false, false]);
    expect(deleted(write(dean.keys, retract, [said], afterDemotion), afterDemotion.size)).toEqual([false, false]);
  });

  test("goes on saying what its new role may say, and nothing else", () => {
    expect(standings(reduce([arrived(write(dean.keys, text("still here"), []), afterDemotion.size)]))).toEqual(["admitted"]);
    expect(standings(reduce([arrived(write(temp.keys, text("an old head"), []), afterDemotion.size)]))).toEqual(["quarantined"]);
    expect(standings(reduce([arrived(write(temp.keys, text("the new head"), [], afterDemotion), afterDemotion.size)]))).toEqual(["not-permitted"]);
  });
});

describe("a revoked device", () => {
  test("keeps what came before its revocation was known", () => {
    expect(standings(reduce([arrived(write(bob.keys, text("before"), []))]))).toEqual(["admitted"]);
  });

  test("cannot say later that it wrote before: that is in quarantine", () => {
    expect(standings(reduce([arrived(write(bob.keys, text("late"), []), afterRevocation.size)]))).toEqual(["quarantined"]);
  });

  test("says nothing under a head that revokes it", () => {
    expect(standings(reduce([arrived(write(bob.keys, text("after"), [], afterRevocation), afterRevocation.size)]))).toEqual(["refused"]);
  });

  test("retracts nothing from quarantine", () => {
    const mine = write(ada.keys, text("mine"), []);
    const retract = write(bob.keys, { kind: "retract", message: mine.content.message, hash: mine.hash }, [mine]);
    expect(reduce([arrived(mine), arrived(retract, afterRevocation.size)]).retracted).toEqual([]);
  });
});

const named = (name: string, by: Admitted, device = by.keys.certificate.device): Conversation =>
  reduce([arrived(write(by.keys, { kind: "name", device, name, salt: by.salt }, []))]);

describe("names", () => {
  test("are those that the administrators committed to", () => {
    expect([...named("Ada", ada).names]).toEqual([[hexOf(ada), "Ada"]]);
  });

  test("of one's own choice are not shown", () => {
    expect([...named("Dr. Ada", ada).names]).toEqual([]);
  });

  test("are not given to others", () => {
    expect([...named("Ada", ada, chief.keys.certificate.device).names]).toEqual([]);
  });
});

test("only a checker's verdict moves the level", () => {
  const verdict: Event = {
    kind: "verdict",
    patient: patient.certificate.device,
    transcript: new Uint8Array(32) as never,
    outcome: "passed",
    level: 2,
    triesLeft: 4,
  };
  const messages = [arrived(write(ada.keys, verdict, []))];
  const levelWith = (checker: Admitted): number =>
    reduceConversation(patient.certificate.device, messages, membership(roster), [checker.keys.certificate.device]).level;
  expect([levelWith(ada), levelWith(chief)]).toEqual([2, 0]);
});

test("a patient's device does what only the clinic may do in vain", () => {
  const claim = write(patient, { kind: "claim" }, []);
  const [row] = reduce([arrived(claim)]).rows;
  expect(row).toMatchObject({ standing: "not-permitted" });
});

test("what arrived is read back as it was stored", () => {
  const [message] = story();
  const stored = message === undefined ? null : arrived(message, 7);
  expect(stored === null ? null : decodeArrived(encodeArrived(stored))).toEqual(stored);
});
