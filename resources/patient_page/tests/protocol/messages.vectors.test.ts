/** Bodies, contents, conversations, invitations, files and receipts of the shared vectors. */
import "../support/sodium";

import { expect, test } from "vitest";

import { blobHashes, openFile, padme, sealFile } from "../../src/protocol/attachment";
import {
  EVENT,
  type Party,
  SIGNED_CONTENT,
  type Role,
  contentShape,
  conversationId,
  isPermitted,
  openSigned,
  requireClock,
  requireRecipient,
  sharedStream,
  signContent,
  teamStream,
  verifyContent,
  verifyEarlier,
  verifyOpening,
} from "../../src/protocol/content";
import { type Arrived, type Membership, reduceConversation } from "../../src/protocol/conversation";
import { EMPTY, compareBytes, decode, encode, fromHex, toHex } from "../../src/protocol/encoding";
import { bodyHash, openBody, sealBody } from "../../src/protocol/envelope";
import {
  INVITATION_PROOF,
  type Identifier,
  deriveInvitation,
  formatLink,
  makeProof,
  openRegistration,
  parseLink,
  requireUnexpired,
} from "../../src/protocol/invitation";
import {
  type ClinicId,
  type ConversationId,
  type DeviceId,
  type EnvelopeId,
  type MailboxId,
  type MessageHash,
  type MessageId,
  type StreamId,
  type Transcript,
  certify,
  openCertificate,
} from "../../src/protocol/keys";
import { hash, signingPair } from "../../src/protocol/primitives";
import {
  ACCEPTED,
  NO_RECEIPTS,
  RECEIPT,
  REJECTIONS,
  deliveryHash,
  followReceipt,
  signReceipt,
  verifyAccepted,
  verifyReceipt,
} from "../../src/protocol/receipt";
import { safetyNumber } from "../../src/protocol/safety_number";
import { fixedRandom, seededRandom } from "../support/random";
import { Fields, asText, casesOf, testTopic } from "../support/vectors";

testTopic("body", (fields) => {
  const binding = {
    stream: fields.bytes("stream") as StreamId,
    sender: fields.bytes("sender") as MailboxId,
    message: fields.bytes("message") as MessageId,
  };
  const [key, body] = [fields.bytes("key"), fields.bytes("body")];
  const signed = openBody(key, bodyHash(body), binding, body);
  const sealed = sealBody(key, binding, signed, fixedRandom(fields.bytes("nonce")).random);
  return { ...signed, body: sealed, body_hash: bodyHash(sealed) };
});

testTopic("content", (fields) => {
  const certificate = openCertificate(fields.bytes("certificate"));
  const signed = { content: fields.bytes("content"), signature: fields.bytes("signature") };
  const { content, hash: messageHash } = verifyContent(signed, certificate);
  requireRecipient(content, fields.bytes("recipient") as DeviceId);
  requireClock(content, certificate, fields.integer("now"));
  const signing = signingPair(fields.bytes("signing_seed"));
  const again = signContent({ signing, identity: signing, mailbox: signing, certificate }, content);
  const { stream, message, author, recipients, sequence, previous, clock, time, logHead } = content;
  return {
    ...again.signed,
    stream,
    message,
    author,
    recipients,
    sequence,
    previous,
    clock,
    time,
    heads: content.heads.map((head) => [head.device, head.sequence, head.hash]),
    log: [logHead.size, logHead.root],
    event: encode(EVENT, content.event),
    message_hash: messageHash,
  };
});

testTopic("opening", (fields) => {
  const signed = { content: fields.bytes("content"), signature: fields.bytes("signature") };
  const { conversation, patient } = verifyOpening(signed, fields.bytes("clinic") as ClinicId);
  return { conversation, patient: patient.device };
});

testTopic("earlier", (fields) => {
  const members = fields.bytesList("members").map(openCertificate);
  const messages = fields.list("messages").map((pair) => {
    const [content = EMPTY, signature = EMPTY] = (pair as readonly string[]).map(fromHex);
    return { content, signature: signature as never };
  });
  const earlier = verifyEarlier(messages, fields.bytes("clinic") as ClinicId, fields.bytes("here") as ConversationId, (device) =>
    members.find((one) => compareBytes(one.device, device) === 0),
  );
  return { conversation: earlier.opening.conversation, patient: earlier.opening.patient.device };
});

testTopic("stream", (fields) => {
  const patient = fields.bytes("patient") as DeviceId;
  const conversation = conversationId(patient, fields.bytes("clinic") as ClinicId, fields.bytes("nonce"));
  return { conversation, shared: sharedStream(conversation), team: teamStream(conversation) };
});

const PARTIES: readonly Party[] = ["patient", "agent", "supervisor", "administrator", "auditor"];
const STREAMS = ["shared", "team", "direct"] as const;

function oneOf<T extends string>(values: readonly T[], text: string): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new TypeError(`${text} is not known`);
  return found;
}

test.each(casesOf("permission"))("permission/%s", (_, fields) => {
  const [events, author] = [fields.fields("events"), fields.bytes("author") as DeviceId];
  const rows = fields.fieldsList("rows");
  const permitted = rows.map((row) => {
    const event = decode(EVENT, events.bytes(row.text("event")));
    return isPermitted(event, oneOf(STREAMS, row.text("stream")), author, oneOf(PARTIES, row.text("role")));
  });
  expect(permitted).toEqual(rows.map((row) => row.get("permitted")));
  expect(rows).not.toHaveLength(0);
});

/** What arrives when the log has this size is too late: every device of the vectors is revoked by then. */
const REVOKED = 1;

/** An entry as a message of its own; its head's size is its place among the entries, so that each has its own role. */
function arrivedOf(entry: Fields, place: number): Arrived {
  const content = {
    suite: "SD1" as const,
    stream: new Uint8Array(32) as StreamId,
    message: entry.bytes("message") as MessageId,
    author: entry.bytes("author") as DeviceId,
    recipients: [],
    sequence: entry.integer("sequence"),
    previous: entry.bytes("previous") as MessageHash,
    heads: [],
    clock: entry.integer("clock"),
    time: 0,
    logHead: { size: place, root: new Uint8Array(32) },
    event: decode(EVENT, entry.bytes("event")),
  };
  const signed = { content: encode(contentShape, content), signature: new Uint8Array(64) };
  return { message: { ...openSigned(signed), hash: entry.bytes("hash") as MessageHash }, time: 0, known: entry.text("standing") === "quarantined" ? REVOKED : 0 };
}

const ROLES: readonly Role[] = ["agent", "supervisor", "administrator", "auditor"];

const membershipOf = (entries: readonly Fields[]): Membership => ({
  roleAt: (_, place) => ROLES.find((role) => role === entries[place]?.text("role")),
  revokedAt: () => REVOKED,
  nameCommitment: () => undefined,
});

const hashesOf = (values: readonly unknown[]): readonly string[] => values.map((value) => asText(value));

/** What a patient's page shows of a state that the whole team shares. */
function sharedState(state: Fields, shared: ReadonlySet<string>): unknown {
  const inShared = (name: string): readonly unknown[] =>
    state.fieldsList(name).filter((one) => one.text("stream") === "shared").map((one) => [one.get("author"), one.get("sequence") ?? one.get("first")]);
  return {
    ended: state.text("status") === "ended",
    read: state.list("read"),
    gaps: inShared("gaps"),
    forks: inShared("forks"),
    retracted: state.list("retracted"),
    notPermitted: hashesOf(state.list("not_permitted")).filter((one) => shared.has(one)),
  };
}

test.each(casesOf("conversation"))("conversation/%s, as the patient's page sees it", (_, fields) => {
  const entries = fields.fieldsList("entries").filter((entry) => entry.text("stream") === "shared");
  const arrived = entries.map(arrivedOf);
  const checkers = fields.has("checkers") ? fields.bytesList("checkers").map((one) => one as DeviceId) : null;
  const patient = fields.bytes("patient") as DeviceId;
  const states = [arrived, arrived.toReversed(), [...arrived, ...arrived]].map((order) => {
    const conversation = reduceConversation(patient, order, membershipOf(entries), checkers);
    const messages = conversation.rows.flatMap((row) => (row.kind === "message" ? [row] : []));
    return {
      ended: conversation.ended,
      read: conversation.read.map(({ reader, author, sequence }) => ({ reader: toHex(reader), author: toHex(author), sequence })),
      gaps: conversation.gaps.map(({ author, first }) => [toHex(author), first]),
      forks: conversation.forks.map(({ author, sequence }) => [toHex(author), sequence]),
      retracted: conversation.retracted.map(toHex),
      notPermitted: messages
        .filter(({ standing }) => standing === "not-permitted" || standing === "refused")
        .map(({ message }) => message.hash)
        .toSorted(compareBytes)
        .map(toHex),
    };
  });
  const expected = sharedState(fields.fields("state"), new Set(entries.map((entry) => entry.text("hash"))));
  expect(states).toEqual([expected, expected, expected]);
});

// The team's judgements never reach a patient's page, so it knows levels 0 to 2 only.
const judged = (fields: Fields): boolean => fields.fieldsList("entries").some((entry) => entry.text("stream") === "team");

test.each(casesOf("conversation").filter(([, fields]) => !judged(fields)))("conversation/%s: the level", (_, fields) => {
  const entries = fields.fieldsList("entries");
  const checkers = fields.has("checkers") ? fields.bytesList("checkers").map((one) => one as DeviceId) : null;
  const { level } = reduceConversation(fields.bytes("patient") as DeviceId, entries.map(arrivedOf), membershipOf(entries), checkers);
  expect(level).toBe(fields.fields("state").integer("level"));
});

testTopic("invitation-link", (fields) => {
  const link = parseLink(fields.text("fragment"));
  const { id, key, token } = deriveInvitation(link);
  return { ...link, fragment: formatLink(link), invitation: id, key, token, token_hash: hash("invitation-token-hash", token) };
});

testTopic("registration", (fields) => {
  const { device, clinic, signing } = openCertificate(fields.bytes("issuer_certificate"));
  const signed = { registration: fields.bytes("registration"), signature: fields.bytes("signature") };
  requireUnexpired(openRegistration(signed, { device, clinic, signing }), fields.integer("now"));
  return {};
});

const identifierOf = (value: unknown): Identifier => {
  const [kind, text] = Array.isArray(value) ? value.map((part) => asText(part)) : [];
  return { kind: oneOf(["birth-date", "phone"], kind ?? ""), value: text ?? "" };
};

testTopic("invitation-proof", (fields) => {
  const secrets = deriveInvitation({ secret: fields.bytes("secret"), clinic: fields.bytes("clinic") as ClinicId });
  const answers = { code: fields.text("code"), identifiers: fields.list("identifiers").map(identifierOf) };
  const proof = makeProof(secrets, fields.bytes("transcript") as Transcript, answers);
  return { invitation: proof.invitation, mac: proof.mac, proof: encode(INVITATION_PROOF, proof) };
});

testTopic("safety-number", (fields) => ({
  groups: safetyNumber(fields.bytes("clinic") as ClinicId, fields.bytes("patient") as DeviceId),
}));

test.each(casesOf("padme"))("padme/%s", (_, fields) => {
  const rows = fields.list("rows").map((row) => (Array.isArray(row) ? row.map(Number) : []));
  expect(rows.map(([length]) => padme(length ?? -1))).toEqual(rows.map(([, padded]) => padded));
  expect(rows).not.toHaveLength(0);
});

testTopic("attachment", (fields) => {
  const [readSecret, deleteSecret, key] = [fields.bytes("read_secret"), fields.bytes("delete_secret"), fields.bytes("key")];
  const [size, fileHash, blob] = [fields.integer("size"), fields.bytes("file_hash"), fields.bytes("blob_hash")];
  const plaintext = openFile(fields.bytes("blob"), { size, fileHash, key, blob });
  if (plaintext.some((byte, i) => byte !== i % 251)) throw new TypeError("another plaintext");
  const drawn = [key, fields.bytes("header"), readSecret, deleteSecret];
  const sealed = sealFile(plaintext, () => drawn.shift() ?? EMPTY);
  const hashes = blobHashes({ readSecret, deleteSecret });
  return { blob: sealed.bytes, blob_hash: sealed.blob, file_hash: sealed.fileHash, read_hash: hashes.read, delete_hash: hashes.delete };
});

testTopic("delivery-hash", (fields) => {
  const [sender, recipient] = [fields.bytes("sender") as MailboxId, fields.bytes("recipient") as MailboxId];
  const envelope = fields.bytes("envelope") as EnvelopeId;
  return { delivery: deliveryHash(sender, recipient, envelope, fields.bytes("body"), fields.bytes("slot")) };
});

testTopic("accepted", (fields) => {
  const receipt = decode(ACCEPTED, fields.bytes("receipt"));
  verifyAccepted(receipt, fields.bytes("relay"), fields.bytes("delivery"));
  return { receipt: encode(ACCEPTED, receipt) };
});

testTopic("receipt", (fields) => {
  const [recipient, sender] = [fields.bytes("recipient") as MailboxId, fields.bytes("sender") as MailboxId];
  let chain = NO_RECEIPTS;
  for (const bytes of fields.bytesList("receipts")) {
    const receipt = decode(RECEIPT, bytes);
    chain = followReceipt(chain, receipt, verifyReceipt(receipt, recipient, sender));
  }
  return { receipts: issued(fields, sender) };
});

/** The same receipts, signed anew by a device that has the recipient's mailbox. */
function issued(fields: Fields, sender: MailboxId): readonly Uint8Array[] {
  const random = seededRandom(1);
  const secrets = { signing: random(32), identity: random(32), mailbox: fields.bytes("mailbox_seed"), cosigning: EMPTY };
  const device = certify(secrets, new Uint8Array(32) as ClinicId, "patient", 0);
  let chain = NO_RECEIPTS;
  return fields.bytesList("deliveries").map((delivery, i) => {
    const reason = REJECTIONS.find((rejection) => rejection === fields.list("reasons")[i]) ?? null;
    const signed = signReceipt(device, chain, sender, delivery, reason, fields.integer("time"));
    ({ chain } = signed);
    return encode(RECEIPT, signed.receipt);
  });
}

test("signed contents that are stored are read back as they were", () => {
  const [, fields] = casesOf("content").find(([name]) => name === "first") ?? [];
  const signed = { content: fromHex(fields?.text("content") ?? ""), signature: fromHex(fields?.text("signature") ?? "") };
  expect(decode(SIGNED_CONTENT, encode(SIGNED_CONTENT, signed))).toEqual(signed);
});
