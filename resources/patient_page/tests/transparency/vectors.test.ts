import "../support/sodium";

import { expect, test } from "vitest";

import { concat, toHex } from "../../src/protocol/encoding";
import { ProtocolError } from "../../src/protocol/errors";
import type { ClinicId, DeviceId } from "../../src/protocol/keys";
import { hash, signBytes } from "../../src/protocol/primitives";
import { checkpointText, parseCheckpoint } from "../../src/transparency/checkpoint";
import {
  type ClinicLog,
  decodeLog,
  encodeLog,
  extendLog,
  foundLog,
  isBehind,
  logSize,
  observeHead,
  openLog,
  requireHead,
} from "../../src/transparency/clinic_log";
import { fingerprintText } from "../../src/transparency/fingerprint";
import { judgeFreshness } from "../../src/transparency/freshness";
import { type NoteKey, cosigned, formatLine, formatNote, keyId, parseNote, verifyNote } from "../../src/transparency/note";
import { parsePageConfig, verifyPageConfig } from "../../src/transparency/page_config";
import { type Roster, activeMembers, cosigners, currentRelay, roleAt } from "../../src/transparency/roster";
import { standing, wallTime } from "../../src/transparency/opening_hours";
import type { Hours } from "../../src/transparency/statement";
import { type Fields, answerOf, asText, casesOf, testTopic } from "../support/vectors";

const keyOf = (fields: Fields): NoteKey => ({
  name: fields.text("name"),
  public: fields.bytes("public"),
  type: fields.integer("type") === 1 ? "ed25519" : "cosignature",
});

testTopic("note", (fields) => {
  const keys = fields.fieldsList("keys").map(keyOf);
  const note = parseNote(fields.text("note"));
  const verified = verifyNote(note, keys).map(({ key, time }) => ({ name: key.name, time }));
  return { verified, note: formatNote(note) };
});

test.each(casesOf("note"))("note/%s: the ids of its keys", (_, fields) => {
  const keys = fields.fieldsList("keys");
  expect(keys.map((key) => toHex(keyId(keyOf(key))))).toEqual(keys.map((key) => key.text("id")));
});

testTopic("checkpoint", (fields) => {
  const { origin, size, root } = parseCheckpoint({ text: fields.text("text"), signatures: [] }, fields.text("origin"));
  return { origin, size, root, text: checkpointText({ origin, size, root }) };
});

testTopic("cosignature", (fields) => {
  const [key, seconds] = [keyOf(fields.fields("key")), Math.floor(fields.integer("now") / 1_000)];
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = concat(time, signBytes(fields.bytes("seed"), cosigned(fields.text("text"), seconds)));
  const line = formatLine({ name: key.name, keyId: keyId(key), signature });
  const [verified] = verifyNote(parseNote(`${fields.text("text")}\n${line}`), [key]);
  return { line, now: (verified?.time ?? 0) + (fields.integer("now") % 1_000) };
});

/** As somebody who compared no fingerprint yet: whichever clinic the charter founds. */
function logOf(fields: Fields): ClinicLog {
  const [charter, ...rest] = fields.bytesList("statements");
  if (charter === undefined) throw new ProtocolError("statement.invalid");
  return extendLog(foundLog(charter), 1, rest);
}

const untagged = ({ timeZone, week, closed }: Hours): unknown => [
  timeZone,
  week.map((spans) => spans.map(({ opens, closes }) => [opens, closes])),
  closed,
];

function hoursOf(fields: Fields): Hours {
  const [timeZone, week, closed] = fields.list("hours") as [string, [number, number][][], number[]];
  return { timeZone, week: week.map((spans) => spans.map(([opens, closes]) => ({ opens, closes }))), closed };
}

testTopic("opening-hours", (fields) => {
  const hours = hoursOf(fields);
  const rows = fields.fieldsList("rows").map((row) => {
    const [day, minute] = [row.integer("day"), row.integer("minute")];
    const { open, until } = standing(hours, { day, minute });
    return { day, minute, open, until: until === null ? null : [until.day, until.minute] };
  });
  return { rows, hours: untagged(hours) };
});

testTopic("wall-time", (fields) => ({
  rows: fields.fieldsList("rows").map((row) => {
    const { day, minute } = wallTime(fields.text("time_zone"), row.integer("now")) ?? { day: null, minute: null };
    return { now: row.integer("now"), day, minute };
  }),
}));

test("a time zone that nobody knows is no reason to fail", () => {
  expect(wallTime("Mars/Olympus", 0)).toBeUndefined();
});

function described(roster: Roster): unknown {
  const sizes = Array.from({ length: roster.size + 1 }, (_, size) => size);
  return {
    ...(roster.hours === undefined ? {} : { hours: untagged(roster.hours) }),
    clinic: toHex(roster.clinic),
    size: roster.size,
    name: roster.name,
    time_zone: roster.timeZone,
    administrators: roster.administrators.map(({ key }) => toHex(key)),
    threshold: roster.threshold,
    relay: [toHex(currentRelay(roster).key), currentRelay(roster).origin],
    policy: Object.values(roster.policy),
    members: [...roster.members.values()].map((member) => ({
      device: toHex(member.certificate.device),
      mailbox: toHex(member.certificate.mailbox),
      person: toHex(member.person),
      active: activeMembers(roster).includes(member),
      roles: sizes.map((size) => roleAt(roster, member.certificate.device, size) ?? null),
    })),
    teams: Object.fromEntries([...roster.teams].map(([team, devices]) => [team, activeOf(roster, devices)])),
    cosigners: Object.fromEntries(cosigners(roster).map(({ key, person }) => [toHex(key), toHex(person)])),
  };
}

const activeOf = (roster: Roster, devices: readonly DeviceId[]): readonly string[] => {
  const active = new Set(activeMembers(roster).map(({ certificate }) => toHex(certificate.device)));
  return devices.map(toHex).filter((device) => active.has(device));
};

testTopic("roster", (fields) => {
  const log = logOf(fields);
  return { roots: log.roots, roster: described(log.roster), statements: log.statements };
});

test.each(casesOf("roster").filter(([, fields]) => fields.text("expect") === "ok"))("roster/%s is the same after a restart", (_, fields) => {
  const log = logOf(fields);
  expect(decodeLog(encodeLog(log), log.roster.clinic)).toEqual(log);
});

test("a statement that is refused leaves the log as it was", () => {
  const [, fields] = casesOf("roster").find(([name]) => name === "device-twice") ?? [];
  const [charter, ...rest] = fields?.bytesList("statements") ?? [];
  if (charter === undefined) throw new TypeError("the case is not there");
  const log = extendLog(foundLog(charter), 1, rest.slice(0, -1));
  const before = structuredClone({ statements: log.statements, roots: log.roots, tree: log.tree });
  expect(answerOf(() => void extendLog(log, logSize(log), rest.slice(-1)))).toBe("statement.refused");
  expect({ statements: log.statements, roots: log.roots, tree: log.tree }).toEqual(before);
});

test.each(casesOf("head"))("head/%s", (_, fields) => {
  const log = logOf(fields);
  const head = { size: fields.integer("size"), root: fields.bytes("root") };
  const fromRelay = answerOf(() => {
    if (isBehind(observeHead(log, head))) throw new ProtocolError("log.stale");
  });
  expect(answerOf(() => requireHead(log, head))).toBe(fields.text("expect_message"));
  expect(fromRelay).toBe(fields.text("expect_relay"));
});

testTopic("freshness", (fields) => {
  const notes = fields.list("notes").map((note) => parseNote(asText(note)));
  const [now, bounds] = [fields.integer("now"), fields.fields("bounds")];
  const { time, state } = judgeFreshness(logOf(fields), notes, now, { warn: bounds.integer("warn"), stop: bounds.integer("stop") });
  return { time, state };
});

testTopic("fingerprint", (fields) => {
  const clinic = hash("clinic", fields.bytes("payload")) as ClinicId;
  return { clinic, text: fingerprintText(clinic) };
});

testTopic("page-config", (fields) => {
  const { roster } = foundLog(fields.bytes("charter"));
  verifyPageConfig(parsePageConfig(fields.text("file")), roster);
  return {};
});

test("a link to another clinic does not open this clinic's log", () => {
  const [, fields] = casesOf("roster").find(([name]) => name === "small") ?? [];
  const log = fields === undefined ? null : logOf(fields);
  const other = new Uint8Array(32) as ClinicId;
  expect(log === null ? 0 : logSize(log)).toBeGreaterThan(1);
  expect(answerOf(() => void openLog(log?.statements ?? [], other))).toBe("statement.invalid");
});
