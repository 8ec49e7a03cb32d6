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
import { type Fields, casesOf, testTopic } from "../support/vectors";

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

testTopic("encoding", (fields) => ({ event: encode(EVENT, decode(EVENT, fields.bytes("event"))) }));

testTopic("frame", (fields) => {
  const [label, values] = [labelOf(fields), fieldsOf(fields)];
  const [{ key }, { ikm, salt, length }] = [macOf(fields.fields("mac")), kdfOf(fields.fields("kdf"))];
  return {
    frame: frame(label, ...values),
    hash: hash(label, ...values),
    mac: { key, output: mac(key, label, ...values) },
    kdf: { ikm, salt, length, output: kdf(ikm, salt, length, label, ...values) },
  };
});

const macOf = (fields: Fields) => ({ key: fields.bytes("key") });
const kdfOf = (fields: Fields) => ({ ikm: fields.bytes("ikm"), salt: fields.bytes("salt"), length: fields.integer("length") });

testTopic("dh", (fields) => {
  const shared = dh(fields.bytes("a"), fields.bytes("public_b"));
  return { shared, public_a: agreementPair(fields.bytes("a")).public };
});

test.each(casesOf("signature"))("signature/%s", (_, fields) => {
  const [label, values] = [labelOf(fields), fieldsOf(fields)];
  const holds = verify(fields.bytes("public"), fields.bytes("signature"), label, ...values);
  const signed = fields.has("seed") ? toHex(sign(fields.bytes("seed"), label, ...values)) : fields.text("signature");
  expect([holds ? "ok" : "invalid", signed]).toEqual([fields.text("expect"), fields.text("signature")]);
});

testTopic("seal", (fields) => {
  const plaintext = open(fields.bytes("key"), fields.bytes("ad"), fields.bytes("sealed"));
  if (plaintext === undefined) throw new ProtocolError("message.undecryptable");
  const { random } = fixedRandom(fields.bytes("nonce"));
  return { plaintext, sealed: seal(fields.bytes("key"), fields.bytes("ad"), plaintext, random) };
});

testTopic("certificate", (fields) => {
  const { device, signing, identity, mailbox, cosigning } = openCertificate(fields.bytes("certificate"));
  const secrets = {
    signing: fields.bytes("signing_seed"),
    identity: fields.bytes("identity_secret"),
    mailbox: fields.bytes("mailbox_seed"),
    cosigning: fields.bytes("cosigning_seed"),
  };
  const kind: DeviceKind = fields.text("kind") === "patient" ? "patient" : "agent";
  const made = certify(secrets, fields.bytes("clinic") as ClinicId, kind, fields.integer("created"));
  return { device, signing, identity, mailbox, cosigning, certificate: made.certificate.bytes };
});

const KINDS: readonly PrekeyKind[] = ["signed", "one-time", "kem-last", "kem-once"];

testTopic("prekey", (fields) => {
  const owner = openCertificate(fields.bytes("certificate"));
  const { kind, id, expires, public: point } = openPrekey(fields.bytes("prekey"), owner, KINDS, fields.integer("now"));
  const signing = signingPair(fields.bytes("signing_seed"));
  const device = { signing, identity: signing, mailbox: signing, certificate: owner };
  const made = makePrekey(device, kind, id, expires, fixedRandom(fields.bytes("secret")).random);
  return { kind, id, expires, public: point, prekey: made.bytes };
});

testTopic("prekey-bundle", (fields) => {
  const certificate = openCertificate(fields.bytes("certificate"));
  const bundle = openBundle(decode(BUNDLE, fields.bytes("bundle")), certificate, fields.integer("now"));
  return { certificate: bundle.certificate.bytes };
});

// The page downloads the whole log and computes its roots; consistency proofs are the witness's and the desk's.
testTopic(
  "merkle",
  (fields) => {
    if (fields.has("leaves")) return { root: rootOfLeaves(fields.bytesList("leaves").map(leafHash)) };
    const [root, leaf] = [fields.bytes("root"), fields.bytes("leaf_hash")];
    verifyInclusion(root, fields.integer("size"), fields.integer("index"), leaf, fields.bytesList("path"));
    return {};
  },
  (name) => !name.startsWith("consistency-"),
);
