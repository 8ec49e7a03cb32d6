/**
 * docs/protocol.md sections 14 and 14.2: statements of the clinic log, taken apart. Whether one is allowed, the roster says.
 */
import { type Bytes, type Infer, binary, blob, boolean, decode, list, named, oneOf, record, suite, tagged, text, uint } from "../protocol/encoding";
import { ProtocolError } from "../protocol/errors";
import type { Role } from "../protocol/content";
import { type ClinicId, certificateBytes, deviceId, hash32, personId, signature64 } from "../protocol/keys";
import { ADMINISTRATORS, NAME, STATEMENT, STATEMENTS } from "../protocol/limits";
import { HASH, KEM_PUBLIC, KEY, hash, verify } from "../protocol/primitives";

const ADMINISTRATOR = record({ key: binary(KEY), cosigning: binary(KEY), person: personId });
export type Administrator = Infer<typeof ADMINISTRATOR>;

const RELAY = { key: binary(KEY), origin: text(NAME) } as const;
const RELAY_RECORD = record(RELAY);
export type Relay = Infer<typeof RELAY_RECORD>;

const AUDIT_RECIPIENT = record({ x25519: binary(KEY), mlKem: binary(KEM_PUBLIC) });
export type AuditRecipient = Infer<typeof AUDIT_RECIPIENT>;

const POLICY = record({
  idleLockSeconds: uint(),
  retentionDays: uint(),
  readReceipts: boolean,
  historyToNewDevices: boolean,
  warnHours: uint(),
  stopHours: uint(),
});
export type Policy = Infer<typeof POLICY>;

/** Minutes of a day, from 0 to 1440: from `opens` on, and before `closes`. */
const SPAN = record({ opens: uint(), closes: uint() });
export type Span = Infer<typeof SPAN>;

/** When the clinic is open: the spans of each day, Monday first, and days without any, counted from 1970-01-01. */
const HOURS = { timeZone: text(NAME), week: list(list(SPAN, STATEMENT), STATEMENT), closed: list(uint(), STATEMENT) } as const;
const HOURS_RECORD = record(HOURS);
export type Hours = Infer<typeof HOURS_RECORD>;

const ROLE = oneOf<Role>("agent", "supervisor", "administrator", "auditor");
// The roster refuses a number of administrators that is not allowed; here is only a bound on what is read.
const ADMINISTRATOR_LIST = list(ADMINISTRATOR, STATEMENT);

const ACTION = tagged({
  charter: {
    name: text(NAME),
    timeZone: text(NAME),
    administrators: ADMINISTRATOR_LIST,
    threshold: uint(),
    relay: RELAY_RECORD,
    auditRecipient: AUDIT_RECIPIENT,
    policy: POLICY,
  },
  administrators: { administrators: ADMINISTRATOR_LIST, threshold: uint() },
  relay: RELAY,
  policy: { policy: POLICY },
  device: { certificate: certificateBytes, person: personId, role: ROLE, nameCommitment: hash32 },
  revoke: { device: deviceId, reason: oneOf<"stolen" | "left" | "replaced">("stolen", "left", "replaced") },
  role: { device: deviceId, role: ROLE },
  team: { team: binary(16), devices: list(deviceId, STATEMENTS) },
  hours: HOURS,
});
export type Action = Infer<typeof ACTION>;
export type ActionOf<K extends Action["kind"]> = Extract<Action, { readonly kind: K }>;

const PAYLOAD = record({
  suite,
  clinic: named<ClinicId>(HASH, 0),
  index: uint(),
  rootBefore: hash32,
  time: uint(),
  action: ACTION,
});
export type Payload = Infer<typeof PAYLOAD>;

const STATEMENT_SHAPE = record({
  payload: blob(STATEMENT),
  signatures: list(record({ key: binary(KEY), signature: signature64 }), ADMINISTRATORS),
});

export interface Statement {
  /** As it was received: the log's leaf. */
  readonly bytes: Bytes;
  readonly payloadBytes: Bytes;
  readonly payload: Payload;
  readonly signatures: readonly { readonly key: Bytes; readonly signature: Bytes }[];
}

/** Size, types, canonical form and suite. `verifySigners` checks the signatures. */
export function parseStatement(bytes: Bytes): Statement {
  if (bytes.length > STATEMENT.value) throw new ProtocolError("limit.exceeded", STATEMENT.name);
  const { payload, signatures } = decode(STATEMENT_SHAPE, bytes);
  return { bytes, payloadBytes: payload, payload: decode(PAYLOAD, payload), signatures };
}

/** The keys that signed. One signature that does not verify refuses the statement, whoever else signed. */
export function verifySigners({ payloadBytes, signatures }: Statement): readonly Bytes[] {
  return signatures.map(({ key, signature }) => {
    if (!verify(key, signature, "statement", payloadBytes)) throw new ProtocolError("statement.invalid", "signature");
    return key;
  });
}

/** 14.1: what a link, a page's build and a person compare. */
export const clinicOf = (charter: Statement): ClinicId => hash("clinic", charter.payloadBytes) as ClinicId;
