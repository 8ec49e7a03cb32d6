/**
 * A patient's page without its window: one JSON object a line in, one a line out, bytes as hex. The contract test between
 * the two implementations talks to it; see tests/contract/test_two_implementations.py.
 */
import { createInterface } from "node:readline";

import sodium from "libsodium-wrappers-sumo";

import { openFile, sealFile } from "../../src/protocol/attachment";
import { EVENT, type Event, type EventOf, type Message, conversationId, sharedStream, signContent } from "../../src/protocol/content";
import { nextContent } from "../../src/protocol/conversation";
import { type Invite, NO_INVITATION, openMessage, sealMessage } from "../../src/protocol/delivery";
import { decode, encode, fromHex, toHex } from "../../src/protocol/encoding";
import { ProtocolError } from "../../src/protocol/errors";
import { deriveInvitation, makeProof, parseLink } from "../../src/protocol/invitation";
import {
  type ClinicId,
  type ConversationId,
  type DeviceKeys,
  type EnvelopeId,
  type MailboxId,
  type MessageId,
  decodeDevice,
  encodeDevice,
  makeDevice,
  openCertificate,
} from "../../src/protocol/keys";
import { BUNDLE, NO_PREKEYS, type Prekeys, decodePrekeys, encodePrekeys, openBundle, refillPrekeys } from "../../src/protocol/prekeys";
import { provideSodium } from "../../src/protocol/primitives";
import { NO_RECEIPTS, RECEIPT, type ReceiptChain, deliveryHash, followReceipt, rejectionOf, signReceipt, verifyReceipt } from "../../src/protocol/receipt";
import { safetyNumber } from "../../src/protocol/safety_number";
import { type Peer, beginSession, decodePeer, encodePeer, newPeer } from "../../src/protocol/session";

await sodium.ready;
provideSodium(sodium);

const random = (count: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(count));

type Request = Readonly<Record<string, string | number>>;
type Answer = Readonly<Record<string, unknown>>;

const bytesOf = (request: Request, name: string): Uint8Array => fromHex(String(request[name]));
const nowOf = (request: Request): number => Number(request["now"]);

class Patient {
  readonly #clinic: ClinicId;
  readonly #nonce = random(16);
  readonly #conversation: ConversationId;
  #device: DeviceKeys;
  #prekeys: Prekeys = NO_PREKEYS;
  #peer: Peer | undefined;
  #messages: readonly Message[] = [];
  #issued: ReceiptChain = NO_RECEIPTS;
  #followed: ReceiptChain = NO_RECEIPTS;
  #file: EventOf<"file"> | undefined;

  constructor(clinic: ClinicId, now: number) {
    this.#clinic = clinic;
    this.#device = makeDevice(clinic, random, now);
    this.#conversation = conversationId(this.#device.certificate.device, clinic, this.#nonce);
  }

  get #agent(): Peer {
    if (this.#peer === undefined) throw new Error("meet somebody first");
    return this.#peer;
  }

  publish(request: Request): Answer {
    const { prekeys, publication } = refillPrekeys(this.#prekeys, this.#device, { oneTime: 0, kemOnce: 0 }, random, nowOf(request));
    this.#prekeys = prekeys;
    const { signed, kemLast, oneTime, kemOnce } = publication;
    return { signed: toHex(signed), kem_last: toHex(kemLast), one_time: oneTime.map(toHex), kem_once: kemOnce.map(toHex) };
  }

  describe(): Answer {
    const { bytes, device } = this.#device.certificate;
    return {
      certificate: toHex(bytes),
      conversation: toHex(this.#conversation),
      safety_number: safetyNumber(this.#clinic, device),
    };
  }

  meet(request: Request): Answer {
    this.#peer = newPeer(openCertificate(bytesOf(request, "certificate")));
    return {};
  }

  begin(request: Request): Answer {
    const bundle = openBundle(decode(BUNDLE, bytesOf(request, "bundle")), this.#agent.certificate, nowOf(request));
    this.#peer = beginSession(this.#agent, this.#device, bundle, random, nowOf(request));
    return {};
  }

  open(request: Request): Answer {
    const secrets = deriveInvitation(parseLink(String(request["fragment"])));
    const answers = { code: String(request["code"]), identifiers: [{ kind: "birth-date", value: String(request["birth_date"]) }] as const };
    const certificate = this.#device.certificate.bytes;
    const event: Event = { kind: "open", nonce: this.#nonce, certificate, consentVersion: 1, consentHash: new Uint8Array(32) };
    return this.#send(event, nowOf(request), (_, transcript) => makeProof(secrets, transcript, answers));
  }

  text(request: Request): Answer {
    return this.#send({ kind: "text", text: String(request["text"]) }, nowOf(request));
  }

  file(request: Request): Answer {
    const { bytes, ...reference } = sealFile(bytesOf(request, "plaintext"), random);
    const event: Event = { kind: "file", name: "photo.jpg", mediaType: "image/jpeg", caption: "", ...reference };
    return { ...this.#send(event, nowOf(request)), blob: toHex(bytes) };
  }

  #send(event: Event, now: number, invite: Invite = NO_INVITATION): Answer {
    const author = this.#device.certificate.device;
    const draft = {
      stream: sharedStream(this.#conversation),
      message: random(16) as MessageId,
      recipients: [this.#agent.certificate.device],
      time: now,
      logHead: { size: 1, root: new Uint8Array(32) },
      event,
    };
    const message = signContent(this.#device, nextContent(this.#messages, author, draft));
    const { envelope, peers, prekeys, deliveries } = sealMessage(message, [this.#agent], this.#device, this.#prekeys, invite, random, now);
    const [peer] = peers;
    const [slot] = envelope.slots;
    const [delivery] = deliveries;
    if (peer === undefined || slot === undefined || delivery === undefined) throw new Error("nobody was sent to");
    this.#peer = peer;
    this.#prekeys = prekeys;
    this.#messages = [...this.#messages, message];
    return { envelope: toHex(envelope.id), body: toHex(envelope.body), slot: toHex(slot.slot), delivery: toHex(delivery.hash) };
  }

  /** Answers with the event and its receipt, or with the error's code and the receipt that says so. */
  receive(request: Request): Answer {
    const [body, slot, now] = [bytesOf(request, "body"), bytesOf(request, "slot"), nowOf(request)];
    const { mailbox } = this.#agent.certificate;
    const delivery = deliveryHash(mailbox, this.#device.certificate.mailbox, bytesOf(request, "envelope") as EnvelopeId, body, slot);
    try {
      const { message, peer, prekeys } = openMessage({ body, slot }, this.#agent, this.#device, this.#prekeys, random, now);
      this.#peer = peer;
      this.#prekeys = prekeys;
      this.#messages = [...this.#messages, message];
      const { event, sequence, clock } = message.content;
      if (event.kind === "file") this.#file = event;
      return { event: toHex(encode(EVENT, event)), sequence, clock, receipt: this.#receipt(mailbox, delivery, now) };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { refused: error.code, receipt: this.#receipt(mailbox, delivery, now, error) };
    }
  }

  #receipt(sender: MailboxId, delivery: Uint8Array, now: number, error?: ProtocolError): string {
    const signed = signReceipt(this.#device, this.#issued, sender, delivery, error === undefined ? null : rejectionOf(error), now);
    this.#issued = signed.chain;
    return toHex(encode(RECEIPT, signed.receipt));
  }

  receipt(request: Request): Answer {
    const receipt = decode(RECEIPT, bytesOf(request, "receipt"));
    const payload = verifyReceipt(receipt, this.#agent.certificate.mailbox, this.#device.certificate.mailbox);
    this.#followed = followReceipt(this.#followed, receipt, payload);
    return { status: payload.status, delivery: toHex(payload.delivery) };
  }

  download(request: Request): Answer {
    if (this.#file === undefined) throw new Error("no file was received");
    return { plaintext: toHex(openFile(bytesOf(request, "blob"), this.#file)) };
  }

  restart(): Answer {
    this.#device = decodeDevice(encodeDevice(this.#device));
    this.#peer = decodePeer(encodePeer(this.#agent));
    this.#prekeys = decodePrekeys(encodePrekeys(this.#prekeys));
    return {};
  }
}

let patient: Patient | undefined;

function current(): Patient {
  if (patient === undefined) throw new Error("create a patient first");
  return patient;
}

const ACTIONS: Readonly<Record<string, (request: Request) => Answer>> = {
  create: (request) => {
    patient = new Patient(bytesOf(request, "clinic") as ClinicId, nowOf(request));
    return patient.describe();
  },
  publish: (request) => current().publish(request),
  meet: (request) => current().meet(request),
  begin: (request) => current().begin(request),
  open: (request) => current().open(request),
  text: (request) => current().text(request),
  file: (request) => current().file(request),
  receive: (request) => current().receive(request),
  receipt: (request) => current().receipt(request),
  download: (request) => current().download(request),
  restart: () => current().restart(),
};

function answer(line: string): Answer {
  const request = JSON.parse(line) as Request;
  const action = ACTIONS[String(request["do"])];
  if (action === undefined) throw new Error(`unknown: ${line}`);
  try {
    return action(request);
  } catch (error) {
    if (error instanceof ProtocolError) return { refused: error.code };
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}
