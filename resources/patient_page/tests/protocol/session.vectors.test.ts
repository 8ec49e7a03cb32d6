/** The handshake, the ratchet, slots and sessions, step by step as the shared vectors write them. */
import "../support/sodium";

import { describe, expect, test } from "vitest";

import {
  type Binding,
  type DoubleRatchet,
  initiatorRatchet,
  ratchetDecrypt,
  ratchetEncrypt,
  responderRatchet,
  stepChain,
  stepRoot,
} from "../../src/protocol/double_ratchet";
import { decode } from "../../src/protocol/encoding";
import { decodeSlot, encodeSlot, padSlotContent, unpadSlotContent } from "../../src/protocol/envelope";
import type { DeviceKeys, MessageId, SessionId, StreamId, Transcript } from "../../src/protocol/keys";
import { initiate, respond } from "../../src/protocol/pqxdh";
import { BUNDLE, NO_PREKEYS, type OwnPrekey, type Prekeys, decodePrekeys, encodePrekeys, openBundle } from "../../src/protocol/prekeys";
import { agreementPair, sign } from "../../src/protocol/primitives";
import {
  type Peer,
  beginSession,
  decodePeer,
  encodePeer,
  newPeer,
  openSlot,
  sealSignalSlot,
  sealSlot,
  sendingSession,
} from "../../src/protocol/session";
import { deviceOf, ownPrekeyOf } from "../support/devices";
import { fixedRandom } from "../support/random";
import { type Fields, type Outputs, answerOf, casesOf, expectedOf, plain, testTopic } from "../support/vectors";

testTopic("pqxdh", (fields) => {
  const [a, b, now] = [deviceOf(fields.fields("initiator")), deviceOf(fields.fields("responder")), fields.integer("now")];
  const own = (name: string): OwnPrekey => ownPrekeyOf(fields.fields(name), b, now);
  const used = { signed: own("signed"), kem: own("kem"), oneTime: fields.has("one_time") ? own("one_time") : null };
  const { random, end } = fixedRandom(fields.bytes("random"));
  const { shared, handshake } = initiate(a, { certificate: b.certificate, ...used }, random);
  const answered = respond(b, a.certificate, handshake, used);
  end();
  return {
    ephemeral: handshake.ephemeral,
    kem_ciphertext: handshake.kemCiphertext,
    transcript: shared.transcript,
    root_key: answered.rootKey,
    header_key: answered.headerKey,
    next_header_key: shared.nextHeaderKey,
    handshake_signature: sign(a.signing.secret, "handshake", answered.transcript),
  };
});

testTopic("ratchet-kdf", (fields, name) => {
  if (name === "chain") {
    const { chain, messageKey } = stepChain(fields.bytes("chain_key"));
    return { new_chain_key: chain, message_key: messageKey };
  }
  const { rootKey, chain, nextHeader } = stepRoot(fields.bytes("root_key"), fields.bytes("dh"));
  return { new_root_key: rootKey, chain_key: chain, next_header_key: nextHeader };
});

type Side = "initiator" | "responder";
const sideOf = (step: Fields): Side => (step.text("by") === "initiator" ? "initiator" : "responder");

class RatchetScript {
  readonly #binding: Binding;
  readonly #states: Record<Side, DoubleRatchet>;

  constructor(fields: Fields) {
    const transcript = fields.bytes("transcript") as Transcript;
    this.#binding = { transcript, session: fields.bytes("session") as SessionId };
    const shared = {
      transcript,
      rootKey: fields.bytes("root_key"),
      headerKey: fields.bytes("header_key"),
      nextHeaderKey: fields.bytes("next_header_key"),
    };
    const responder = agreementPair(fields.bytes("responder_secret"));
    const { random } = fixedRandom(fields.bytes("initiator_random"));
    this.#states = { initiator: initiatorRatchet(shared, responder.public, random), responder: responderRatchet(shared, responder) };
  }

  run(step: Fields): Outputs {
    const by = sideOf(step);
    if (step.text("do") === "lose") return this.#lose(by, step.integer("count"));
    return step.text("do") === "encrypt" ? this.#encrypt(by, step) : this.#decrypt(by, step);
  }

  #lose(by: Side, count: number): Outputs {
    for (let i = 0; i < count; i += 1) {
      const { ratchet } = ratchetEncrypt(this.#states[by], this.#binding, new Uint8Array(0), (n) => new Uint8Array(n));
      this.#states[by] = ratchet;
    }
    return {};
  }

  #encrypt(by: Side, step: Fields): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    const { ratchet, encHeader, ciphertext } = ratchetEncrypt(this.#states[by], this.#binding, step.bytes("plaintext"), random);
    end();
    this.#states[by] = ratchet;
    return { header: encHeader, ciphertext };
  }

  #decrypt(by: Side, step: Fields): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    const message = { encHeader: step.bytes("header"), ciphertext: step.bytes("ciphertext") };
    let outputs: Outputs = {};
    const answer = answerOf(() => {
      const { ratchet, plaintext } = ratchetDecrypt(this.#states[by], this.#binding, message, random, step.integer("time"));
      end();
      this.#states[by] = ratchet;
      outputs = { plaintext };
    });
    return { ...outputs, expect: answer };
  }
}

test.each(casesOf("ratchet"))("ratchet/%s", (_, fields) => {
  const script = new RatchetScript(fields);
  const steps = fields.fieldsList("steps");
  for (const step of steps) {
    const outputs = script.run(step);
    expect(plain(outputs)).toEqual(expectedOf(step, outputs));
  }
  expect(steps).not.toHaveLength(0);
});

testTopic("slot", (fields) => {
  const slot = decodeSlot(fields.bytes("slot"));
  const { kind, session, encHeader: header, ciphertext } = slot;
  const outputs = { kind, session, header, ciphertext, slot: encodeSlot(slot) };
  return kind === "next" ? outputs : { ...outputs, signed_id: slot.signedId, one_time_id: slot.oneTimeId, kem_id: slot.kemId };
});

testTopic("slot-plaintext", (fields, name) => {
  const kind = name.startsWith("init") ? "init" : "next";
  const content = unpadSlotContent(kind, fields.bytes("plaintext"));
  const { messageKey, bodyHash, stream, message } = content;
  return { message_key: messageKey, body_hash: bodyHash, stream, message, plaintext: padSlotContent(kind, content) };
});

type Who = "a" | "b";
const whoOf = (step: Fields): Who => (step.text("by") === "a" ? "a" : "b");

interface Place {
  readonly device: DeviceKeys;
  peer: Peer;
  prekeys: Prekeys;
}

/** The two devices of a case. Each state is written and read anew before every step. */
class SessionScript {
  readonly #places: Record<Who, Place>;

  constructor(fields: Fields, now: number) {
    const devices = { a: deviceOf(fields.fields("a")), b: deviceOf(fields.fields("b")) };
    const placeOf = (who: Who): Place => {
      const own = fields.fields(who).fieldsList("prekeys").map((pair) => ownPrekeyOf(pair, devices[who], now));
      const peer = newPeer(devices[who === "a" ? "b" : "a"].certificate);
      return { device: devices[who], peer, prekeys: { ...NO_PREKEYS, nextId: 1_000, own } };
    };
    this.#places = { a: placeOf("a"), b: placeOf("b") };
  }

  run(step: Fields): Outputs {
    const place = this.#places[whoOf(step)];
    place.peer = decodePeer(encodePeer(place.peer));
    place.prekeys = decodePrekeys(encodePrekeys(place.prekeys));
    const outputs = this.#do(step.text("do"), step, place);
    const after = { sending: place.peer.sending, sessions: place.peer.sessions.map(({ id }) => id) };
    return step.has("after") ? { ...outputs, after } : outputs;
  }

  #do(action: string, step: Fields, place: Place): Outputs {
    const actions: Readonly<Record<string, () => Outputs>> = {
      initiate: () => this.#initiate(step, place),
      send: () => this.#send(step, place),
      signal: () => this.#signal(step, place),
      receive: () => this.#receive(step, place),
      offer: () => this.#offer(step, place),
      publish: () => this.#publish(step, place),
      "forget-sessions": () => {
        place.peer = newPeer(place.peer.certificate);
        return {};
      },
      "forget-prekey": () => {
        place.prekeys = { ...place.prekeys, own: place.prekeys.own.filter(({ id }) => id !== step.integer("id")) };
        return {};
      },
    };
    const run = actions[action];
    if (run === undefined) throw new TypeError(`a step that is not known: ${action}`);
    return run();
  }

  #initiate(step: Fields, place: Place): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    const now = step.integer("time");
    const bundle = openBundle(decode(BUNDLE, step.bytes("bundle")), place.peer.certificate, now);
    place.peer = beginSession(place.peer, place.device, bundle, random, now);
    end();
    const session = sendingSession(place.peer);
    return { session: session?.id, transcript: session?.transcript };
  }

  #send(step: Fields, place: Place): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    const secret = {
      messageKey: step.bytes("message_key"),
      bodyHash: step.bytes("body_hash"),
      stream: step.bytes("stream") as StreamId,
      message: step.bytes("message") as MessageId,
    };
    const { peer, prekeys, slot } = sealSlot(place.peer, place.device, place.prekeys, secret, null, random, step.integer("time"));
    end();
    Object.assign(place, { peer, prekeys });
    return { slot };
  }

  #signal(step: Fields, place: Place): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    const secret = {
      messageKey: step.bytes("message_key"),
      bodyHash: step.bytes("body_hash"),
      stream: step.bytes("stream") as StreamId,
      message: step.bytes("message") as MessageId,
    };
    const { peer, slot } = sealSignalSlot(place.peer, secret, random);
    end();
    Object.assign(place, { peer });
    return { slot };
  }

  #receive(step: Fields, place: Place): Outputs {
    const { random, end } = fixedRandom(step.bytes("random"));
    let outputs: Outputs = {};
    const answer = answerOf(() => {
      const opened = openSlot(place.peer, place.device, place.prekeys, step.bytes("slot"), random, step.integer("time"));
      end();
      const { session, prekeys, peer } = opened;
      const { messageKey, bodyHash, stream, message } = opened.content;
      outputs = { session, message_key: messageKey, body_hash: bodyHash, stream, message, used_up: spent(place.prekeys, prekeys) };
      Object.assign(place, { peer, prekeys });
    });
    return { ...outputs, expect: answer };
  }

  #offer(step: Fields, place: Place): Outputs {
    const now = step.integer("time");
    const [signed, kem] = [
      ownPrekeyOf(step.fields("signed"), place.device, now, true),
      ownPrekeyOf(step.fields("kem"), place.device, now, true),
    ];
    place.prekeys = { ...place.prekeys, own: [...place.prekeys.own, signed, kem] };
    place.peer = { ...place.peer, offer: { signed: signed.bytes, kem: kem.bytes } };
    return {};
  }

  #publish(step: Fields, place: Place): Outputs {
    const held = new Set(place.prekeys.own.map(({ id }) => id));
    const fresh = step.fieldsList("prekeys").map((pair) => ownPrekeyOf(pair, place.device, NOW)).filter(({ id }) => !held.has(id));
    place.prekeys = { ...place.prekeys, own: [...place.prekeys.own, ...fresh] };
    return {};
  }
}

/** Ids of the one-time secrets that are gone. Signed prekeys go by age and number, which is each device's own affair. */
const spent = (before: Prekeys, after: Prekeys): readonly number[] =>
  before.own.filter(({ id, kind }) => kind !== "signed" && !after.own.some((own) => own.id === id)).map(({ id }) => id);

/** The time of the vectors' sessions. */
const NOW = 1_790_000_000_000;

describe("session", () => {
  test.each(casesOf("session"))("session/%s", (_, fields) => {
    const script = new SessionScript(fields, NOW);
    const steps = fields.fieldsList("steps");
    for (const step of steps) {
      const outputs = script.run(step);
      expect(plain(outputs)).toEqual(expectedOf(step, outputs));
    }
    expect(steps).not.toHaveLength(0);
  });
});
