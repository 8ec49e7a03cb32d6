/** docs/protocol.md section 3: a device's keys, the certificate that names them, and the kinds of names. */
import { type Bytes, type Infer, EMPTY, SUITE, binary, blob, decode, encode, named, oneOf, record, suite, uint } from "./encoding";
import { ProtocolError } from "./errors";
import {
  HASH,
  KEY,
  type KeyPair,
  type Random,
  SIGNATURE,
  agreementPair,
  hash,
  requirePoint,
  sign,
  signingPair,
  verify,
} from "./primitives";

declare const NAMED: unique symbol;
type Named<Kind extends string> = Bytes & { readonly [NAMED]: Kind };

/** 32 bytes each unless stated; the compiler keeps them apart. */
export type ClinicId = Named<"clinic">;
export type DeviceId = Named<"device">;
export type MailboxId = Named<"mailbox">;
export type StreamId = Named<"stream">;
export type ConversationId = Named<"conversation">;
export type Transcript = Named<"transcript">;
export type MessageHash = Named<"message hash">;
/** 16 bytes. */
export type SessionId = Named<"session">;
export type MessageId = Named<"message">;
export type EnvelopeId = Named<"envelope">;
export type InvitationId = Named<"invitation">;
export type PersonId = Named<"person">;

export const clinicId = named<ClinicId>(HASH);
export const deviceId = named<DeviceId>(HASH);
export const mailboxId = named<MailboxId>(KEY);
export const streamId = named<StreamId>(HASH);
export const conversationId = named<ConversationId>(HASH);
export const transcriptHash = named<Transcript>(HASH);
export const messageHash = named<MessageHash>(HASH);
export const sessionId = named<SessionId>(16);
export const messageId = named<MessageId>(16);
export const envelopeId = named<EnvelopeId>(16);
export const invitationId = named<InvitationId>(16);
export const personId = named<PersonId>(16);
export const hash32 = binary(HASH);
export const signature64 = binary(SIGNATURE);

export type DeviceKind = "agent" | "patient";

const CORE = record({
  suite,
  clinic: clinicId,
  kind: oneOf<DeviceKind>("agent", "patient"),
  signing: binary(KEY),
  identity: binary(KEY),
  mailbox: mailboxId,
  cosigning: binary(KEY, 0),
  created: uint(),
});
export type Core = Infer<typeof CORE>;

const CERTIFICATE_LIMIT = { name: "certificate", value: 1_024 };
export const certificateBytes = blob(CERTIFICATE_LIMIT);
const CERTIFICATE = record({ core: blob(CERTIFICATE_LIMIT), signature: signature64 });

/** A certificate whose signature holds. Whether the device belongs to the clinic, the clinic log alone says. */
export interface Certificate extends Core {
  readonly device: DeviceId;
  /** As it was received; what is signed and hashed is this. */
  readonly bytes: Bytes;
}

/** What a device keeps to itself. */
export interface DeviceKeys {
  readonly signing: KeyPair;
  readonly identity: KeyPair;
  readonly mailbox: KeyPair;
  readonly certificate: Certificate;
}

/** 32 bytes each, made separately and never one from another; `cosigning` is empty where there is none. */
export interface DeviceSecrets {
  readonly signing: Bytes;
  readonly identity: Bytes;
  readonly mailbox: Bytes;
  readonly cosigning: Bytes;
}

const invalid = (detail: string): ProtocolError => new ProtocolError("certificate.invalid", detail);

export function openCertificate(bytes: Bytes): Certificate {
  const { core, signature } = decode(CERTIFICATE, bytes);
  const content = decode(CORE, core);
  if (!verify(content.signing, signature, "certificate", core)) throw invalid("signature");
  if (content.kind === "patient" && content.cosigning.length > 0) throw invalid("a patient cosigns nothing");
  requirePoint(content.identity);
  return { ...content, device: hash("device-id", core) as DeviceId, bytes };
}

const withCertificate = (secrets: Omit<DeviceSecrets, "cosigning">, certificate: Certificate): DeviceKeys => ({
  signing: signingPair(secrets.signing),
  identity: agreementPair(secrets.identity),
  mailbox: signingPair(secrets.mailbox),
  certificate,
});

/** Signs the certificate of the device that has these secrets. */
export function certify(secrets: DeviceSecrets, clinic: ClinicId, kind: DeviceKind, created: number): DeviceKeys {
  const core = encode(CORE, {
    suite: SUITE,
    clinic,
    kind,
    signing: signingPair(secrets.signing).public,
    identity: agreementPair(secrets.identity).public,
    mailbox: signingPair(secrets.mailbox).public as MailboxId,
    cosigning: secrets.cosigning.length === 0 ? EMPTY : signingPair(secrets.cosigning).public,
    created,
  });
  const bytes = encode(CERTIFICATE, { core, signature: sign(secrets.signing, "certificate", core) });
  return withCertificate(secrets, openCertificate(bytes));
}

/** A patient's new device. Draws the signing seed, the identity secret and the mailbox seed (32 each). */
export function makeDevice(clinic: ClinicId, random: Random, now: number): DeviceKeys {
  const secrets = { signing: random(KEY), identity: random(KEY), mailbox: random(KEY), cosigning: EMPTY };
  return certify(secrets, clinic, "patient", now);
}

const STORED = record({
  version: uint(1, 1),
  signing: binary(KEY),
  identity: binary(KEY),
  mailbox: binary(KEY),
  certificate: certificateBytes,
});

export const encodeDevice = (keys: DeviceKeys): Bytes =>
  encode(STORED, {
    version: 1,
    signing: keys.signing.secret,
    identity: keys.identity.secret,
    mailbox: keys.mailbox.secret,
    certificate: keys.certificate.bytes,
  });

export function decodeDevice(bytes: Bytes): DeviceKeys {
  const stored = decode(STORED, bytes);
  return withCertificate(stored, openCertificate(stored.certificate));
}
