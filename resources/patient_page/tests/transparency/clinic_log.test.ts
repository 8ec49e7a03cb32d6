import "../support/sodium";

import { expect, test } from "vitest";

import { decodeLog, encodeLog, extendLog, foundLog, isBehind, logHead, observeHead, openLog, verifyCheckpoint } from "../../src/transparency/clinic_log";
import { activeMembers, memberByMailbox, recipientsOf } from "../../src/transparency/roster";
import { Clinic } from "../support/written_clinic";
import { seededRandom } from "../support/random";
import { Fields, answerOf, asText, casesOf } from "../support/vectors";

const random = seededRandom(3);

test("auditors and revoked devices are sent nothing", () => {
  const clinic = new Clinic(random);
  const [agent, auditor, gone] = [clinic.admit("agent"), clinic.admit("auditor"), clinic.admit("agent")];
  clinic.revoke(gone.keys.certificate.device);
  const { roster } = openLog(clinic.statements, clinic.id);
  expect(recipientsOf(roster).map(({ certificate }) => certificate.device)).toEqual([agent.keys.certificate.device]);
  expect(activeMembers(roster)).toHaveLength(2);
  expect(memberByMailbox(roster, auditor.keys.certificate.mailbox)?.certificate).toEqual(auditor.keys.certificate);
  expect(memberByMailbox(roster, gone.keys.certificate.mailbox)?.revoked?.size).toBe(5);
});

test("a size that the relay has shown stays seen, also over a restart", () => {
  const clinic = new Clinic(random);
  clinic.admit("agent");
  const log = openLog(clinic.statements, clinic.id);
  const ahead = observeHead(log, { size: 9, root: random(32) });
  const restarted = decodeLog(encodeLog(ahead), clinic.id);
  expect([isBehind(log), isBehind(ahead), isBehind(restarted)]).toEqual([false, true, true]);
  expect(answerOf(() => void observeHead(restarted, logHead(log)))).toBe("log.rolled-back");
});

test("another past is a fork, whether a statement or a head shows it", () => {
  const [one, other] = [new Clinic(random), new Clinic(random)];
  one.admit("agent");
  other.admit("agent");
  const log = openLog(one.statements, one.id);
  expect(answerOf(() => void extendLog(log, 0, other.statements))).toBe("log.forked");
  expect(answerOf(() => void observeHead(log, other.head))).toBe("log.forked");
  expect(answerOf(() => void extendLog(log, 7, []))).toBe("log.stale");
});

test("a store that was written by another clinic is not read as this one's", () => {
  const [one, other] = [new Clinic(random), new Clinic(random)];
  expect(answerOf(() => void decodeLog(encodeLog(foundLog(other.statements[0] ?? random(1))), one.id))).toBe("statement.invalid");
});

const [, fresh] = casesOf("freshness").find(([name]) => name === "fresh") ?? ["", new Fields({})];
const [charter, ...rest] = fresh.bytesList("statements");
const vouched = extendLog(foundLog(charter ?? random(1)), 1, rest);
const [note] = fresh.list("notes").map((text) => asText(text));

test("a checkpoint counts when the relay signed it and the log confirms it", () => {
  expect(verifyCheckpoint(vouched, note ?? "").size).toBe(3);
});

test.each([
  ["not signed by the relay", (text: string) => text.replace(/\u2014 sealdesk\/relay [^\n]*\n/, ""), "note.invalid"],
  ["altered", (text: string) => text.replace(/\n3\n/, "\n2\n"), "log.forked"],
  ["of another log", (text: string) => text.replace("sealdesk/clinic/", "sealdesk/audit/"), "note.invalid"],
])("a checkpoint that is %s does not", (_, change, expected) => {
  expect(answerOf(() => void verifyCheckpoint(vouched, change(note ?? "")))).toBe(expected);
});
