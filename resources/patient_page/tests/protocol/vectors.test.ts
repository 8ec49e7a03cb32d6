import "../support/sodium";

import { expect, test } from "vitest";

import { EVENT } from "../../src/protocol/content";
import { type Field, decode, encode, frame, toHex } from "../../src/protocol/encoding";
import { ProtocolError } from "../../src/protocol/errors";
import { type ClinicId, type DeviceKind, certify, openCertificate } from "../../src/protocol/keys";
import { LABELS, type Label } from "../../src/protocol/labels";
import { leafHash, rootOfLeaves, verifyInclusion } from "../../src/protocol/merkle";
import { BUNDLE, type PrekeyKind, makePrekey, openBundle, openPrekey } from "../../src/protocol/prekeys";
import { agreementPair, dh, hash, kdf, mac, open, seal, sign, signingPair, verify } from "../../src/protocol/primitives";
import { fixedRandom } from "../support/random";
import { Fields, casesOf, testTopic } from "../support/vectors";

function labelOf(fields: Fields): Label {
  const label = LABELS.find((known) => known === fields.text("label"));
  if (label === undefined) throw new TypeError("a label that is not in the table");
  return label;
}

const fieldsOf = (fields: Fields): readonly Field[] =>
  fields.fieldsList("fields").map((field) => {
    if (field.has("uint")) return field.integer("uint");
    return field.has("text") ? field.text("text") : field.bytes("bytes");
  });

testTopic("encoding", (fields) => {
  const event = decode(EVENT, fields.bytes("event"));
  expect(toHex(encode(EVENT, event))).toBe(fields.text("event"));
});

testTopic("frame", (fields) => {
  const [label, values] = [labelOf(fields), fieldsOf(fields)];
  const [macFields, kdfFields] = [fields.fields("mac"), fields.fields("kdf")];
  expect(toHex(frame(label, ...values))).toBe(fields.text("frame"));
  expect(toHex(hash(label, ...values))).toBe(fields.text("hash"));
  expect(toHex(mac(macFields.bytes("key"), label, ...values))).toBe(macFields.text("output"));
  const derived = kdf(kdfFields.bytes("ikm"), kdfFields.bytes("salt"), kdfFields.integer("length"), label, ...values);
  expect(toHex(derived)).toBe(kdfFields.text("output"));
});

testTopic("dh", (fields) => {
  const shared = dh(fields.bytes("a"), fields.bytes("public_b"));
  expect(toHex(shared)).toBe(fields.text("shared"));
  expect(toHex(agreementPair(fields.bytes("a")).public)).toBe(fields.text("public_a"));
  expect(toHex(dh(fields.bytes("b"), fields.bytes("public_a")))).toBe(fields.text("shared"));
});

test.each(casesOf("signature"))("signature/%s", (_, fields) => {
  const [label, values] = [labelOf(fields), fieldsOf(fields)];
  const holds = verify(fields.bytes("public"), fields.bytes("signature"), label, ...values);
  expect(holds ? "ok" : "invalid").toBe(fields.text("expect"));
  const signed = fields.has("seed") ? toHex(sign(fields.bytes("seed"), label, ...values)) : fields.text("signature");
  expect(signed).toBe(fields.text("signature"));
});

testTopic("seal", (fields) => {
  const plaintext = open(fields.bytes("key"), fields.bytes("ad"), fields.bytes("sealed"));
  if (plaintext === undefined) throw new ProtocolError("message.undecryptable");
  expect(toHex(plaintext)).toBe(fields.text("plaintext"));
  const { random } = fixedRandom(fields.bytes("nonce"));
  expect(toHex(seal(fields.bytes("key"), fields.bytes("ad"), plaintext, random))).toBe(fields.text("sealed"));
});

testTopic("certificate", (fields) => {
  const certificate = openCertificate(fields.bytes("certificate"));
  const secrets = {
    signing: fields.bytes("signing_seed"),
    identity: fields.bytes("identity_secret"),
    mailbox: fields.bytes("mailbox_seed"),
    cosigning: fields.bytes("cosigning_seed"),
  };
  const kind: DeviceKind = fields.text("kind") === "patient" ? "patient" : "agent";
  const made = certify(secrets, fields.bytes("clinic") as ClinicId, kind, fields.integer("created"));
  expect(toHex(made.certificate.bytes)).toBe(fields.text("certificate"));
  expect(toHex(certificate.device)).toBe(fields.text("device"));
  for (const key of ["signing", "identity", "mailbox", "cosigning"] as const) {
    expect(toHex(certificate[key])).toBe(fields.text(key));
  }
});

const KINDS: readonly PrekeyKind[] = ["signed", "one-time", "kem-last", "kem-once"];

testTopic("prekey", (fields) => {
  const owner = openCertificate(fields.bytes("certificate"));
  const prekey = openPrekey(fields.bytes("prekey"), owner, KINDS, fields.integer("now"));
  const { random, left } = fixedRandom(fields.bytes("secret"));
  const signing = signingPair(fields.bytes("signing_seed"));
  const device = { signing, identity: signing, mailbox: signing, certificate: owner };
  const made = makePrekey(device, prekey.kind, fields.integer("id"), fields.integer("expires"), random);
  expect(toHex(made.bytes)).toBe(fields.text("prekey"));
  expect(toHex(made.public)).toBe(fields.text("public"));
  expect(left()).toBe(0);
});

testTopic("prekey-bundle", (fields) => {
  openBundle(decode(BUNDLE, fields.bytes("bundle")), openCertificate(fields.bytes("certificate")), fields.integer("now"));
});

// The page downloads the whole log and computes its roots; consistency proofs are the witness's and the desk's.
testTopic(
  "merkle",
  (fields) => {
    if (fields.has("leaves")) {
      expect(toHex(rootOfLeaves(fields.bytesList("leaves").map(leafHash)))).toBe(fields.text("root"));
      return;
    }
    const [root, leaf] = [fields.bytes("root"), fields.bytes("leaf_hash")];
    verifyInclusion(root, fields.integer("size"), fields.integer("index"), leaf, fields.bytesList("path"));
  },
  (name) => !name.startsWith("consistency-"),
);
