/** docs/protocol.md section 11: the link, what follows from its secret, the registration, proofs and whom to try. */
import {
  type Bytes,
  type Infer,
  type Shape,
  concat,
  binary,
  blob,
  decode,
  fromBase64Url,
  list,
  malformed,
  oneOf,
  record,
  sameBytes,
  suite,
  text,
  toBase64Url,
  uint,
} from "./encoding";
import { ProtocolError } from "./errors";
import { type ClinicId, type DeviceId, type InvitationId, type Transcript, clinicId, deviceId, invitationId, signature64 } from "./keys";
import { CHECKERS, CODE, IDENTIFIER, IDENTIFIERS, INVITATION_LIFE, INVITATION_TRIES } from "./limits";
import { HASH, hash, kdf, mac, verify } from "./primitives";

export type IdentifierKind = "birth-date" | "phone";
const FORMS: Readonly<Record<IdentifierKind, RegExp>> = {
  "birth-date": /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  phone: /^[0-9]+$/,
};

const IDENTIFIER_FIELDS = record({ kind: oneOf<IdentifierKind>("birth-date", "phone"), value: text(IDENTIFIER) });
export type Identifier = Infer<typeof IDENTIFIER_FIELDS>;

function requireForm(identifier: Identifier): Identifier {
  if (!FORMS[identifier.kind].test(identifier.value)) throw new ProtocolError("encoding.malformed", identifier.kind);
  return identifier;
}

const identifierShape: Shape<Identifier> = {
  read: (reader) => requireForm(IDENTIFIER_FIELDS.read(reader)),
  write: (identifier) => IDENTIFIER_FIELDS.write(requireForm(identifier)),
};
export const identifiers = list(identifierShape, IDENTIFIERS);

/** What a patient who opened the link has. The page holds it in memory until the button is pressed. */
export interface Link {
  readonly secret: Bytes;
  readonly clinic: ClinicId;
}

const LINK_SUITE = 1;
const SECRET = 16;

/** `fragment` with or without its `#`. */
export function parseLink(fragment: string): Link {
  let bytes: Bytes;
  try {
    bytes = fromBase64Url(fragment.replace(/^#/, ""));
  } catch {
    throw new ProtocolError("invitation.invalid", "link");
  }
  if (bytes[0] !== LINK_SUITE || bytes.length !== 1 + SECRET + HASH) throw new ProtocolError("invitation.invalid", "link");
  return { secret: bytes.slice(1, 1 + SECRET), clinic: bytes.slice(1 + SECRET) as ClinicId };
}

/** The fragment without `#`. */
export const formatLink = ({ secret, clinic }: Link): string =>
  toBase64Url(concat(Uint8Array.of(LINK_SUITE), secret, clinic));

export interface InvitationSecrets {
  readonly id: InvitationId;
  readonly key: Bytes;
  /** Shown to the relay, which then binds the mailbox that shows it. */
  readonly token: Bytes;
}

export const deriveInvitation = ({ secret, clinic }: Link): InvitationSecrets => ({
  id: kdf(secret, clinic, 16, "invitation-id") as InvitationId,
  key: kdf(secret, clinic, 32, "invitation-key"),
  token: kdf(secret, clinic, 32, "invitation-token"),
});

const REGISTRATION = record({
  suite,
  clinic: clinicId,
  invitation: invitationId,
  tokenHash: binary(HASH),
  issuer: deviceId,
  checkers: list(deviceId, CHECKERS, 1),
  created: uint(),
  expires: uint(),
});
export type Registration = Infer<typeof REGISTRATION>;

function decodeRegistration(bytes: Bytes): Registration {
  const registration = decode(REGISTRATION, bytes);
  const { created, expires, checkers } = registration;
  if (expires <= created || expires - created > INVITATION_LIFE) throw malformed("an invitation's times");
  const differ = checkers.every((checker, i) => checkers.findIndex((other) => sameBytes(other, checker)) === i);
  if (!differ) throw malformed("a checker named twice");
  return registration;
}

/** What the relay answers to a redeemed token (16.4). */
export const SIGNED_REGISTRATION = record({
  registration: blob({ name: "registration", value: 1_024 }),
  signature: signature64,
});
export type SignedRegistration = Infer<typeof SIGNED_REGISTRATION>;

/** The clinic's word for whether a device belongs to it now, and its signing key; undefined when it does not. */
export type ActiveSigning = (device: DeviceId) => Bytes | undefined;

/** The device that signed a registration, as the clinic log knows it. */
export interface Issuer {
  readonly device: DeviceId;
  readonly clinic: ClinicId;
  readonly signing: Bytes;
}

/** A registration whose issuer signed it, for its own clinic. */
export function openRegistration(signed: SignedRegistration, issuer: Issuer): Registration {
  const registration = decodeRegistration(signed.registration);
  if (!sameBytes(registration.issuer, issuer.device) || !sameBytes(registration.clinic, issuer.clinic)) {
    throw new ProtocolError("invitation.invalid", "issuer");
  }
  if (!verify(issuer.signing, signed.signature, "invitation", signed.registration)) {
    throw new ProtocolError("invitation.invalid", "signature");
  }
  return registration;
}

export function requireUnexpired({ expires }: Registration, now: number): void {
  if (now >= expires) throw new ProtocolError("invitation.expired");
}

/** Whether that is the registration of the link's invitation, whoever issued it. */
export const isRegistered = ({ registration }: SignedRegistration, link: Link): boolean =>
  sameBytes(decodeRegistration(registration).invitation, deriveInvitation(link).id);

/** Whether the clinic issued the invitation that the link names: a link of somebody else's making ends here. */
export function verifyRegistration(signed: SignedRegistration, link: Link, activeSigning: ActiveSigning, now: number): Registration {
  const device = decodeRegistration(signed.registration).issuer;
  const signing = activeSigning(device);
  if (signing === undefined) throw new ProtocolError("invitation.invalid", "issuer");
  const registration = openRegistration(signed, { device, clinic: link.clinic, signing });
  const { id, token } = deriveInvitation(link);
  if (!sameBytes(registration.invitation, id) || !sameBytes(registration.tokenHash, hash("invitation-token-hash", token))) {
    throw new ProtocolError("invitation.invalid", "another invitation");
  }
  if (registration.checkers.some((checker) => activeSigning(checker) === undefined)) {
    throw new ProtocolError("invitation.invalid", "checkers");
  }
  requireUnexpired(registration, now);
  return registration;
}

export const INVITATION_PROOF = record({
  invitation: invitationId,
  mac: binary(HASH),
  code: text(CODE),
  identifiers,
});
export type InvitationProof = Infer<typeof INVITATION_PROOF>;

/** What the patient typed. */
export interface Answers {
  readonly code: string;
  readonly identifiers: readonly Identifier[];
}

export const NO_ANSWERS: Answers = { code: "", identifiers: [] };

/** Over one device's transcript: a proof that somebody else receives proves nothing in another handshake. */
export const makeProof = (secrets: InvitationSecrets, transcript: Transcript, answers: Answers): InvitationProof => ({
  invitation: secrets.id,
  mac: mac(secrets.key, "invitation-proof", transcript),
  ...answers,
});

export type VerdictOutcome = "passed" | "wrong" | "refused";

/** How far one checker has been used. */
export interface CheckerState {
  readonly checker: DeviceId;
  readonly triesLeft: number;
}

/** Each but the first answers one try, so that all have five together. */
export const newCheckers = ({ checkers }: Registration): readonly CheckerState[] =>
  checkers.map((checker, place) => ({ checker, triesLeft: place === 0 ? INVITATION_TRIES + 1 - checkers.length : 1 }));

/** After a checker's answer. */
export const afterVerdict = (
  checkers: readonly CheckerState[],
  checker: DeviceId,
  outcome: VerdictOutcome,
  triesLeft: number,
): readonly CheckerState[] =>
  checkers.map((state) =>
    sameBytes(state.checker, checker) ? { checker, triesLeft: outcome === "wrong" ? Math.min(triesLeft, state.triesLeft) : 0 } : state,
  );

/** The checker to turn to now; undefined when all have refused, and the patient is told to call. */
export const nextChecker = (checkers: readonly CheckerState[]): DeviceId | undefined =>
  checkers.find(({ triesLeft }) => triesLeft > 0)?.checker;
