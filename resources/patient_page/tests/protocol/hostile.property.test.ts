/**
 * Whatever a hostile sender makes of what was once right, every reader answers with a value or with its one error. The
 * inputs are the shared vectors', changed by bytes and by structure.
 */
import "../support/sodium";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { openFile } from "../../src/protocol/attachment";
import { EVENT, openSigned, verifyContent, verifyOpening } from "../../src/protocol/content";
import { type Bytes, decode, encode, fromHex, sameBytes, toUtf8 } from "../../src/protocol/encoding";
import { bodyHash, decodeSlot, encodeSlot, openBody, unpadSlotContent } from "../../src/protocol/envelope";
import { ProtocolError } from "../../src/protocol/errors";
import { INVITATION_PROOF, formatLink, openRegistration, parseLink } from "../../src/protocol/invitation";
import { type ClinicId, type MailboxId, type MessageId, type StreamId, openCertificate } from "../../src/protocol/keys";
import { BUNDLE, openBundle, openPrekey } from "../../src/protocol/prekeys";
import { ACCEPTED, RECEIPT, verifyAccepted, verifyReceipt } from "../../src/protocol/receipt";
import { parseCheckpoint } from "../../src/transparency/checkpoint";
import { extendLog, foundLog } from "../../src/transparency/clinic_log";
import { formatNote, parseNote, verifyNote } from "../../src/transparency/note";
import { parsePageConfig, verifyPageConfig } from "../../src/transparency/page_config";
import { parseStatement, verifySigners } from "../../src/transparency/statement";
import { FrameReader, LOG_PAGE, Nonsense, decodeAnswer } from "../../src/wire";
import { mutationOf } from "../support/mutation";
import { type Fields, casesOf } from "../support/vectors";

interface Hostile {
  readonly topic: string;
  /** The input that is changed, as the case has it. */
  readonly input: (fields: Fields) => Bytes;
  readonly read: (bytes: Bytes, fields: Fields) => unknown;
}

const of =
  (name: string) =>
  (fields: Fields): Bytes =>
    fields.bytes(name);
const textOf =
  (name: string) =>
  (fields: Fields): Bytes =>
    toUtf8(fields.text(name));
const lastOf =
  (name: string) =>
  (fields: Fields): Bytes =>
    fields.bytesList(name).at(-1) ?? new Uint8Array(0);

/** As a browser reads a text that came over the network. */
const asTyped = (bytes: Bytes): string => new TextDecoder().decode(bytes);

/** A reader that takes bytes must have taken the one encoding. */
function same(bytes: Bytes, again: Bytes): void {
  if (!sameBytes(bytes, again)) throw new Error("another encoding was accepted");
}

const READERS: readonly Hostile[] = [
  { topic: "encoding", input: of("event"), read: (bytes) => same(bytes, encode(EVENT, decode(EVENT, bytes))) },
  { topic: "content", input: of("content"), read: (content) => openSigned({ content, signature: new Uint8Array(64) }) },
  {
    topic: "content",
    input: of("content"),
    read: (content, fields) => verifyContent({ content, signature: fields.bytes("signature") }, openCertificate(fields.bytes("certificate"))),
  },
  {
    topic: "opening",
    input: of("content"),
    read: (content, fields) => verifyOpening({ content, signature: fields.bytes("signature") }, fields.bytes("clinic") as ClinicId),
  },
  { topic: "slot", input: of("slot"), read: (bytes) => same(bytes, encodeSlot(decodeSlot(bytes))) },
  { topic: "slot-plaintext", input: of("plaintext"), read: (bytes) => [answer(() => unpadSlotContent("init", bytes)), unpadSlotContent("next", bytes)] },
  {
    topic: "body",
    input: of("body"),
    read: (body, fields) => {
      const binding = { stream: fields.bytes("stream") as StreamId, sender: fields.bytes("sender") as MailboxId, message: fields.bytes("message") as MessageId };
      return openBody(fields.bytes("key"), bodyHash(body), binding, body);
    },
  },
  { topic: "certificate", input: of("certificate"), read: openCertificate },
  {
    topic: "prekey",
    input: of("prekey"),
    read: (bytes, fields) => openPrekey(bytes, openCertificate(fields.bytes("certificate")), ["signed", "one-time", "kem-last", "kem-once"], fields.integer("now")),
  },
  {
    topic: "prekey-bundle",
    input: of("bundle"),
    read: (bytes, fields) => openBundle(decode(BUNDLE, bytes), openCertificate(fields.bytes("certificate")), fields.integer("now")),
  },
  {
    topic: "registration",
    input: of("registration"),
    read: (registration, fields) => openRegistration({ registration, signature: fields.bytes("signature") }, openCertificate(fields.bytes("issuer_certificate"))),
  },
  { topic: "invitation-proof", input: of("proof"), read: (bytes) => same(bytes, encode(INVITATION_PROOF, decode(INVITATION_PROOF, bytes))) },
  { topic: "invitation-link", input: textOf("fragment"), read: (bytes) => same(bytes, toUtf8(formatLink(parseLink(asTyped(bytes))))) },
  {
    topic: "receipt",
    input: lastOf("receipts"),
    read: (bytes, fields) => verifyReceipt(decode(RECEIPT, bytes), fields.bytes("recipient") as MailboxId, fields.bytes("sender") as MailboxId),
  },
  { topic: "accepted", input: of("receipt"), read: (bytes, fields) => verifyAccepted(decode(ACCEPTED, bytes), fields.bytes("relay"), fields.bytes("delivery")) },
  {
    topic: "attachment",
    input: of("blob"),
    read: (bytes, fields) => {
      const reference = { size: fields.integer("size"), fileHash: fields.bytes("file_hash"), key: fields.bytes("key"), blob: fields.bytes("blob_hash") };
      return openFile(bytes, reference);
    },
  },
  { topic: "roster", input: lastOf("statements"), read: (bytes) => verifySigners(parseStatement(bytes)) },
  {
    topic: "roster",
    input: lastOf("statements"),
    read: (bytes, fields) => {
      const [charter = bytes, ...rest] = fields.bytesList("statements").slice(0, -1);
      return extendLog(extendLog(foundLog(charter), 1, rest), rest.length + 1, [bytes]);
    },
  },
  {
    topic: "note",
    input: textOf("note"),
    read: (bytes, fields) => {
      const note = parseNote(asTyped(bytes));
      if (formatNote(note) !== asTyped(bytes)) throw new Error("another encoding was accepted");
      return verifyNote(note, fields.fieldsList("keys").map((key) => ({ name: key.text("name"), public: key.bytes("public"), type: "ed25519" })));
    },
  },
  { topic: "checkpoint", input: textOf("text"), read: (bytes, fields) => parseCheckpoint({ text: asTyped(bytes), signatures: [] }, fields.text("origin")) },
  { topic: "page-config", input: textOf("file"), read: (bytes, fields) => verifyPageConfig(parsePageConfig(asTyped(bytes)), foundLog(fields.bytes("charter")).roster) },
];

/** "ok", or the code of the one error. Anything else that is thrown is what this file looks for. */
function answer(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    if (error instanceof Nonsense) return "relay.nonsense";
    throw error;
  }
  return "ok";
}

const named = READERS.map((reader, number) => [`${reader.topic}, ${number}`, reader] as const);

describe("changed vectors are read, or refused with the one error", () => {
  test.each(named)("%s", (_, { topic, input, read }) => {
    const cases = casesOf(topic).map(([, fields]) => fields);
    // A blob of a hundred chunks is not read any differently from one of three.
    const inputs = cases.map((fields) => [input(fields), fields] as const).filter(([bytes]) => bytes.length < 200_000);
    const changed = fc.constantFrom(...inputs).chain(([bytes, fields]) => mutationOf(bytes).map((mutated) => [mutated, fields] as const));
    fc.assert(
      fc.property(changed, ([bytes, fields]) => {
        expect(answer(() => read(bytes, fields))).toMatch(/^(?:ok|[a-z]+\.[a-z-]+)$/);
      }),
      { numRuns: 200 },
    );
  });
});

const FRAMES: readonly Bytes[] = [
  fromHex(`0000002993a46865616407c420${"00".repeat(32)}`),
  fromHex("0000000791a56c65617365"),
  fromHex("0000000d92a3656e64a77265766f6b656400000000"),
];

test("a relay's frames and pages are read, or called nonsense", () => {
  const statements = casesOf("roster").map(([, fields]) => fields.bytesList("statements").slice(0, 1));
  const page = statements.map((first) => encode(LOG_PAGE, { size: 1, statements: first, note: "note" }));
  fc.assert(
    fc.property(fc.constantFrom(...FRAMES).chain(mutationOf), fc.constantFrom(...page).chain(mutationOf), (frame, changed) => {
      expect(["ok", "relay.nonsense"]).toContain(answer(() => [...new FrameReader().feed(frame)]));
      expect(["ok", "relay.nonsense"]).toContain(answer(() => decodeAnswer(LOG_PAGE, changed)));
    }),
    { numRuns: 300 },
  );
});
