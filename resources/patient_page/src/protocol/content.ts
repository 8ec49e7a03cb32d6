/** docs/protocol.md section 9: what a device signs, in which stream, and who may say what. */
import {
  type Bytes,
  type Infer,
  SUITE,
  type Shape,
  binary,
  blob,
  boolean,
  decode,
  encode,
  list,
  malformed,
  named,
  oneOf,
  record,
  sameBytes,
  suite,
  tagged,
  text,
  uint,
} from "./encoding";
import { ProtocolError } from "./errors";
import { type VerdictOutcome, identifiers } from "./invitation";
import {
  type Certificate,
  type ClinicId,
  type ConversationId,
  type DeviceId,
  type DeviceKeys,
  type MessageHash,
  type StreamId,
  certificateBytes,
  conversationId as conversationIdShape,
  deviceId,
  hash32,
  invitationId,
  messageHash as messageHashShape,
  messageId,
  openCertificate,
  signature64,
  streamId,
  transcriptHash,
} from "./keys";
import { BODY, CLOCK_AHEAD_OF_TIME, CODE, FILE, HISTORY, NAME, NOTE, OUTCOME, PATIENT_CLOCK_AHEAD_OF_TIME, READ_MARKS, REASON, RECIPIENTS, TAG, TEXT } from "./limits";
import { HASH, hash, sign, verify } from "./primitives";

/** Of 9.1 and 8.4: the signed bytes and their signature, which travel and are kept together. */
export const SIGNED_CONTENT = record({ content: blob(BODY), signature: signature64 });
export type SignedContent = Infer<typeof SIGNED_CONTENT>;

const EVENT_FIELDS = tagged({
  open: { nonce: binary(16), certificate: certificateBytes, consentVersion: uint(), consentHash: hash32 },
  text: { text: text(TEXT) },
  file: {
    name: text(NAME),
    mediaType: text(NAME),
    size: uint(),
    fileHash: hash32,
    key: binary(32),
    blob: hash32,
    readSecret: binary(16),
    deleteSecret: binary(16),
    caption: text(TEXT),
  },
  read: { marks: list(record({ author: deviceId, sequence: uint() }), READ_MARKS) },
  check: {},
  verdict: {
    patient: deviceId,
    transcript: transcriptHash,
    outcome: oneOf<VerdictOutcome>("passed", "wrong", "refused"),
    level: uint(2),
    triesLeft: uint(),
  },
  ended: {},
  name: { device: deviceId, name: text(NAME), salt: binary(32) },
  claim: {},
  release: {},
  assign: { device: deviceId },
  transfer: { device: deviceId, note: text(NOTE) },
  close: { outcome: text(OUTCOME) },
  reopen: {},
  handover: { team: binary(16), note: text(NOTE) },
  conclude: { outcome: text(OUTCOME), sequence: uint() },
  joined: {},
  note: { text: text(NOTE) },
  tag: { tag: text(TAG), present: boolean },
  label: { name: text(NAME), identifiers },
  reason: { reason: text(REASON) },
  guardian: { name: text(NAME), relation: text(NAME) },
  hold: { on: boolean, reason: text(REASON) },
  checked: { patient: deviceId, method: oneOf<"identifiers" | "safety-number">("identifiers", "safety-number"), matches: boolean },
  block: { patient: deviceId },
  retract: { message: messageId, hash: messageHashShape },
  invite: {
    registration: blob(BODY),
    signature: signature64,
    secret: binary(16),
    code: text(CODE),
    identifiers,
    name: text(NAME),
    reason: text(REASON),
  },
  uninvite: { invitation: invitationId },
  history: { conversation: conversationIdShape, messages: list(SIGNED_CONTENT, HISTORY) },
  earlier: { messages: list(SIGNED_CONTENT, HISTORY, 1) },
  copied: { device: deviceId },
});
export type Event = Infer<typeof EVENT_FIELDS>;
export type EventKind = Event["kind"];
export type EventOf<K extends EventKind> = Extract<Event, { readonly kind: K }>;

/** Rules within one event that its fields cannot say. */
function requireSound(event: Event): Event {
  if (event.kind === "file" && event.size > FILE.value) throw new ProtocolError("limit.exceeded", FILE.name);
  if (event.kind === "verdict" && event.level > 0 !== (event.outcome === "passed")) throw malformed("a level that was not passed");
  return event;
}

export const EVENT: Shape<Event> = {
  read: (reader) => requireSound(EVENT_FIELDS.read(reader)),
  write: (event) => EVENT_FIELDS.write(requireSound(event)),
};

/** The latest message of another author that the author had seen and not yet listed. */
const SEEN = record({ device: deviceId, sequence: uint(), hash: messageHashShape });
export type Seen = Infer<typeof SEEN>;

/** A clinic log's size, and its root at that size. */
export const LOG_HEAD = record({ size: uint(), root: hash32 });
export type LogHead = Infer<typeof LOG_HEAD>;

const CONTENT = record({
  suite,
  stream: streamId,
  message: messageId,
  author: deviceId,
  recipients: list(deviceId, RECIPIENTS),
  sequence: uint(Number.MAX_SAFE_INTEGER, 1),
  previous: named<MessageHash>(HASH, 0),
  heads: list(SEEN, BODY.value),
  clock: uint(Number.MAX_SAFE_INTEGER, 1),
  time: uint(),
  logHead: LOG_HEAD,
  event: EVENT,
});
export type Content = Infer<typeof CONTENT>;

export const contentShape: Shape<Content> = {
  read: (reader) => requireChained(CONTENT.read(reader)),
  write: (content) => CONTENT.write(requireChained(content)),
};

function requireChained(content: Content): Content {
  if ((content.sequence === 1) !== (content.previous.length === 0)) throw malformed("sequence and previous");
  return content;
}

/** A content whose signature holds. */
export interface Message {
  readonly content: Content;
  /** The bytes that were signed; they are stored and handed on, never encoded anew. */
  readonly signed: SignedContent;
  readonly hash: MessageHash;
}

const messageHashOf = (signed: SignedContent): MessageHash =>
  hash("message", signed.content, signed.signature) as MessageHash;

export function signContent(device: DeviceKeys, content: Omit<Content, "suite">): Message {
  const encoded = encode(contentShape, { suite: SUITE, ...content });
  const signed = { content: encoded, signature: sign(device.signing.secret, "content", encoded) };
  return { content: { suite: SUITE, ...content }, signed, hash: messageHashOf(signed) };
}

/** Of bytes whose signature was verified before. */
export const openSigned = (signed: SignedContent): Message => ({ content: readContent(signed), signed, hash: messageHashOf(signed) });

/** Not believed yet: it names the author with whose certificate `verifyContent` then checks it. */
export const readContent = (signed: SignedContent): Content => decode(contentShape, signed.content);

export function verifyContent(signed: SignedContent, author: Certificate): Message {
  const content = readContent(signed);
  if (!sameBytes(content.author, author.device)) throw new ProtocolError("message.forged", "author");
  if (!verify(author.signing, signed.signature, "content", signed.content)) {
    throw new ProtocolError("message.forged", "signature");
  }
  return { content, signed, hash: messageHashOf(signed) };
}

/** Somebody who passed on what was not meant for a device is found here. */
export function requireRecipient({ recipients }: Content, recipient: DeviceId): void {
  if (!recipients.some((device) => sameBytes(device, recipient))) throw new ProtocolError("message.forged", "recipients");
}

/**
 * Whoever writes next must count on from this clock: without a bound, one author could count to the end of all numbers, and
 * nobody could write in the stream again.
 */
export function requireClock({ clock }: Content, author: Certificate, now: number): void {
  const ahead = author.kind === "patient" ? PATIENT_CLOCK_AHEAD_OF_TIME : CLOCK_AHEAD_OF_TIME;
  if (clock > now + ahead) throw new ProtocolError("message.forged", "clock");
}

export const conversationId = (patient: DeviceId, clinic: ClinicId, nonce: Bytes): ConversationId =>
  hash("conversation", patient, clinic, nonce) as ConversationId;

export const sharedStream = (conversation: ConversationId): StreamId => hash("stream", conversation, "shared") as StreamId;
export const teamStream = (conversation: ConversationId): StreamId => hash("stream", conversation, "team") as StreamId;

export interface Opening {
  readonly conversation: ConversationId;
  readonly stream: StreamId;
  readonly patient: Certificate;
  readonly message: Message;
}

/** A conversation's first message, which brings the certificate that checks it. */
export function verifyOpening(signed: SignedContent, clinic: ClinicId): Opening {
  const { event } = readContent(signed);
  if (event.kind !== "open") throw malformed("expected an open event");
  const patient = openCertificate(event.certificate);
  const message = verifyContent(signed, patient);
  const conversation = conversationId(patient.device, clinic, event.nonce);
  const stream = sharedStream(conversation);
  const fits =
    patient.kind === "patient" &&
    sameBytes(patient.clinic, clinic) &&
    message.content.sequence === 1 &&
    sameBytes(message.content.stream, stream);
  if (!fits) throw new ProtocolError("message.forged", "opening");
  return { conversation, stream, patient, message };
}

export interface Earlier {
  readonly opening: Opening;
  /** All of them, the opening first. */
  readonly messages: readonly Message[];
}

/**
 * What an `earlier` event in the conversation `here` brings. One message that does not hold spoils all of them. `member`
 * gives the certificate of a device of the clinic under a log of that size.
 */
export function verifyEarlier(
  [first, ...others]: readonly SignedContent[],
  clinic: ClinicId,
  here: ConversationId,
  member: (device: DeviceId, size: number) => Certificate | undefined,
): Earlier {
  if (first === undefined) throw malformed("nothing earlier");
  const opening = verifyOpening(first, clinic);
  if (sameBytes(opening.conversation, here)) throw new ProtocolError("message.forged", "earlier than itself");
  const verified = (signed: SignedContent): Message => {
    const { author, stream, logHead } = readContent(signed);
    const certificate = sameBytes(author, opening.patient.device) ? opening.patient : member(author, logHead.size);
    if (certificate === undefined || !sameBytes(stream, opening.stream)) throw new ProtocolError("message.forged", "earlier");
    return verifyContent(signed, certificate);
  };
  return { opening, messages: [opening.message, ...others.map(verified)] };
}

export type StreamKind = "shared" | "team" | "direct";
export type Role = "agent" | "supervisor" | "administrator" | "auditor";
export type Party = Role | "patient";

interface Permission {
  readonly streams: readonly StreamKind[];
  readonly parties: readonly Party[];
}

const STAFF = ["agent", "supervisor", "administrator"] as const;
const SENIOR: readonly Party[] = ["supervisor", "administrator"];
const EVERYBODY = ["patient", ...STAFF] as const;
const may = (streams: readonly StreamKind[], parties: readonly Party[]): Permission => ({ streams, parties });
const STAFF_IN_TEAM = may(["team"], STAFF);
const STAFF_DIRECT = may(["direct"], STAFF);

/** The table of 9.2. Nobody with the role `auditor` stands in it. */
export const PERMISSIONS: Readonly<Record<EventKind, Permission>> = {
  open: may(["shared"], ["patient"]),
  text: may(["shared"], EVERYBODY),
  file: may(["shared"], EVERYBODY),
  read: may(["shared"], EVERYBODY),
  check: may(["shared"], ["patient"]),
  verdict: may(["shared"], STAFF),
  ended: may(["shared"], ["patient"]),
  name: may(["shared", "team", "direct"], STAFF),
  claim: STAFF_IN_TEAM,
  release: STAFF_IN_TEAM,
  assign: may(["team"], SENIOR),
  transfer: STAFF_IN_TEAM,
  close: STAFF_IN_TEAM,
  reopen: STAFF_IN_TEAM,
  handover: STAFF_IN_TEAM,
  conclude: STAFF_IN_TEAM,
  joined: may(["shared"], STAFF),
  note: STAFF_IN_TEAM,
  tag: STAFF_IN_TEAM,
  label: STAFF_IN_TEAM,
  reason: STAFF_IN_TEAM,
  guardian: STAFF_IN_TEAM,
  hold: STAFF_IN_TEAM,
  checked: STAFF_IN_TEAM,
  block: STAFF_IN_TEAM,
  retract: may(["shared", "team"], EVERYBODY),
  invite: STAFF_DIRECT,
  uninvite: STAFF_DIRECT,
  history: STAFF_DIRECT,
  earlier: may(["shared"], STAFF),
  copied: may(["shared"], STAFF),
};

/** Retractions of others' messages, and which agents are checkers, depend on more than the event: see conversation.ts. */
export function isPermitted(event: Event, stream: StreamKind, author: DeviceId, party: Party): boolean {
  const { streams, parties } = PERMISSIONS[event.kind];
  const ofItself = event.kind !== "name" || sameBytes(event.device, author);
  // The other streams are the clinic's devices' only.
  const atHome = party !== "patient" || stream === "shared";
  // Anybody may keep; to let go is another thing.
  const mayLift = event.kind !== "hold" || event.on || SENIOR.includes(party);
  return ofItself && atHome && mayLift && streams.includes(stream) && parties.includes(party);
}
