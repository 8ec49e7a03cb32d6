/**
 * docs/protocol.md sections 14.2 and 14.3: what the statements of a clinic log amount to. Nobody becomes a member in any
 * other way: the relay can withhold a statement, it cannot add one.
 *
 * Heads count statements: what statement `i` says is in force under heads of size `i + 1` and more.
 */
import { type Bytes, sameBytes, toHex } from "../protocol/encoding";
import { ProtocolError, isProtocolError } from "../protocol/errors";
import type { Role } from "../protocol/content";
import type { Membership } from "../protocol/conversation";
import { type Certificate, type ClinicId, type DeviceId, type MailboxId, type PersonId, openCertificate } from "../protocol/keys";
import { ADMINISTRATORS } from "../protocol/limits";
import { requireKemKey, requirePoint } from "../protocol/primitives";
import { requireHours } from "./opening_hours";
import {
  type Action,
  type ActionOf,
  type Administrator,
  type AuditRecipient,
  type Hours,
  type Policy,
  type Relay,
  type Statement,
  clinicOf,
  verifySigners,
} from "./statement";

export interface Revoked {
  /** The first size under which the device is no member any more. */
  readonly size: number;
  readonly reason: ActionOf<"revoke">["reason"];
  readonly time: number;
}

/** An agent's device that the clinic admitted, with its whole past. */
export interface Member {
  readonly certificate: Certificate;
  readonly person: PersonId;
  readonly nameCommitment: Bytes;
  /** With the first size under which each is in force, ascending; the first is that of the admission. */
  readonly roles: readonly { readonly size: number; readonly role: Role }[];
  readonly revoked: Revoked | null;
}

export interface Roster {
  readonly clinic: ClinicId;
  readonly size: number;
  readonly name: string;
  readonly timeZone: string;
  readonly administrators: readonly Administrator[];
  readonly threshold: number;
  /** With the first size under which each is in force, ascending: old receipts were signed by old keys. */
  readonly relays: readonly { readonly size: number; readonly relay: Relay }[];
  readonly auditRecipient: AuditRecipient;
  readonly policy: Policy;
  /** Undefined until an administrator has told them. */
  readonly hours?: Hours;
  /** By the hex of the device id, in the order of admission; revoked ones included. */
  readonly members: ReadonlyMap<string, Member>;
  /** By the hex of the team's id; ended ones are not there. */
  readonly teams: ReadonlyMap<string, readonly DeviceId[]>;
  /** The hex of a mailbox to its device, revoked ones included. */
  readonly mailboxes: ReadonlyMap<string, DeviceId>;
}

const refused = (detail: string): ProtocolError => new ProtocolError("statement.refused", detail);

const lastUpTo = <T extends { readonly size: number }>(history: readonly T[], size: number): T | undefined =>
  history.findLast((entry) => entry.size <= size);

export const relayAt = ({ relays }: Roster, size: number): Relay | undefined => lastUpTo(relays, size)?.relay;

export function currentRelay({ relays }: Roster): Relay {
  const current = relays.at(-1);
  if (current === undefined) throw refused("a log without a charter");
  return current.relay;
}

export const memberOf = ({ members }: Roster, device: DeviceId): Member | undefined => members.get(toHex(device));

export function memberByMailbox(roster: Roster, mailbox: MailboxId): Member | undefined {
  const device = roster.mailboxes.get(toHex(mailbox));
  return device === undefined ? undefined : memberOf(roster, device);
}

const roleOf = ({ roles }: Member): Role | undefined => roles.at(-1)?.role;

/** Under a head of that size; undefined where it was no member yet, or none any more. */
export function roleAt(roster: Roster, device: DeviceId, size: number): Role | undefined {
  const member = memberOf(roster, device);
  if (member === undefined || (member.revoked !== null && size >= member.revoked.size)) return undefined;
  return lastUpTo(member.roles, size)?.role;
}

export const activeMembers = ({ members }: Roster): readonly Member[] =>
  [...members.values()].filter(({ revoked }) => revoked === null);

/** To whom a patient's messages go. Auditors are sent nothing. */
export const recipientsOf = (roster: Roster): readonly Member[] =>
  activeMembers(roster).filter((member) => roleOf(member) !== "auditor");

/** As the log has it now; undefined for whom is no active member. */
export function currentRole(roster: Roster, device: DeviceId): Role | undefined {
  const member = memberOf(roster, device);
  return member === undefined || member.revoked !== null ? undefined : roleOf(member);
}

export const isAdministrator = ({ administrators }: Roster, key: Bytes): boolean =>
  administrators.some((administrator) => sameBytes(administrator.key, key));

/** A device's signing key while it is a member: what an invitation's issuer and checkers are looked up with. */
export function activeSigning(roster: Roster, device: DeviceId): Bytes | undefined {
  const member = memberOf(roster, device);
  return member === undefined || member.revoked !== null ? undefined : member.certificate.signing;
}

export interface Cosigner {
  readonly key: Bytes;
  readonly person: PersonId;
}

/** Whose word about freshness counts now (14.4). */
export function cosigners(roster: Roster): readonly Cosigner[] {
  const ofAdministrators = roster.administrators.map(({ cosigning, person }) => ({ key: cosigning, person }));
  const ofDevices = activeMembers(roster)
    .filter((member) => roleOf(member) === "supervisor" || roleOf(member) === "administrator")
    .map(({ certificate, person }) => ({ key: certificate.cosigning, person }));
  return [...ofAdministrators, ...ofDevices.filter(({ key }) => key.length > 0)];
}

/** What a conversation asks of the clinic log. */
export const membership = (roster: Roster): Membership => ({
  roleAt: (device, size) => roleAt(roster, device, size),
  revokedAt: (device) => memberOf(roster, device)?.revoked?.size,
  nameCommitment: (device) => memberOf(roster, device)?.nameCommitment,
});

function areDistinct(values: readonly Bytes[]): boolean {
  return new Set(values.map(toHex)).size === values.length;
}

/** k of n means k people: one person with two keys, or one key listed twice, would be k - 1 of them. */
function requireAdministrators(administrators: readonly Administrator[], threshold: number): void {
  const count = administrators.length;
  if (count < 1 || count > ADMINISTRATORS.value || threshold < 1 || threshold > count) throw refused("administrators");
  const columns = [
    administrators.map(({ key }) => key),
    administrators.map(({ cosigning }) => cosigning),
    administrators.map(({ person }) => person),
  ];
  if (!columns.every(areDistinct)) throw refused("administrators that are not different");
}

/** No setting may keep a screen open for long, or let a device send for weeks on a log that nobody vouches for. */
function requirePolicy({ idleLockSeconds, retentionDays, warnHours, stopHours }: Policy): void {
  const fits =
    idleLockSeconds >= 10 &&
    idleLockSeconds <= 900 &&
    retentionDays <= 36_500 &&
    warnHours >= 1 &&
    warnHours < stopHours &&
    stopHours <= 336;
  if (!fits) throw refused("policy");
}

function requireRecipient({ x25519, mlKem }: AuditRecipient): void {
  try {
    requirePoint(x25519);
    requireKemKey(mlKem);
  } catch (error) {
    throw isProtocolError(error, "key.invalid") ? refused("audit recipient") : error;
  }
}

const invalid = (detail: string): ProtocolError => new ProtocolError("statement.invalid", detail);

/** The roster that a charter begins; `root` is that of the empty tree. */
export function foundRoster(entry: Statement, root: Bytes): Roster {
  const { action, index, clinic, rootBefore } = entry.payload;
  if (action.kind !== "charter" || index !== 0) throw refused("a log begins with its charter");
  if (clinic.length > 0) throw invalid("a charter names no clinic");
  const signers = verifySigners(entry);
  requireAdministrators(action.administrators, action.threshold);
  if (!action.administrators.every(({ key }) => signers.some((signer) => sameBytes(signer, key)))) {
    throw refused("a charter is signed by all its administrators");
  }
  if (!sameBytes(rootBefore, root)) throw invalid("a charter names no past");
  requirePolicy(action.policy);
  requireRecipient(action.auditRecipient);
  return {
    clinic: clinicOf(entry),
    size: 1,
    name: action.name,
    timeZone: action.timeZone,
    administrators: action.administrators,
    threshold: action.threshold,
    relays: [{ size: 1, relay: action.relay }],
    auditRecipient: action.auditRecipient,
    policy: action.policy,
    members: new Map(),
    teams: new Map(),
    mailboxes: new Map(),
  };
}

/** What statements change, while they are replayed. */
type Scalars = Omit<Roster, "members" | "teams" | "mailboxes">;

/** Replays statements over a copy of a roster: what fails half-way is thrown away with it, and a long log copies once. */
export class Replay {
  #now: Scalars;
  readonly #members: Map<string, Member>;
  readonly #teams: Map<string, readonly DeviceId[]>;
  readonly #mailboxes: Map<string, DeviceId>;
  /** Hex of the cosigning keys that devices ever had. */
  readonly #cosigning: Set<string>;

  constructor({ members, teams, mailboxes, ...scalars }: Roster) {
    this.#now = scalars;
    this.#members = new Map(members);
    this.#teams = new Map(teams);
    this.#mailboxes = new Map(mailboxes);
    this.#cosigning = new Set([...members.values()].map(({ certificate }) => toHex(certificate.cosigning)).filter((key) => key !== ""));
  }

  get roster(): Roster {
    return { ...this.#now, members: this.#members, teams: this.#teams, mailboxes: this.#mailboxes };
  }

  /** `root` is the tree's own root at the size before `entry`. */
  apply(entry: Statement, root: Bytes): void {
    const { action, clinic, index, rootBefore, time } = entry.payload;
    if (!sameBytes(clinic, this.#now.clinic)) throw invalid("another clinic");
    if (index !== this.#now.size) throw refused("index");
    const signers = new Set(verifySigners(entry).map(toHex));
    const present = this.#now.administrators.filter(({ key }) => signers.has(toHex(key))).length;
    if (present < this.#needed(action)) throw refused("too few administrators signed");
    if (!sameBytes(rootBefore, root)) throw new ProtocolError("log.forked", `statement ${index}`);
    this.#now = { ...this.#now, size: index + 1 };
    this.#act(action, time);
  }

  /** Who may change the administrators, the relay or the policy could undo every other rule. */
  #needed({ kind }: Action): number {
    return kind === "administrators" || kind === "relay" || kind === "policy" ? this.#now.threshold : 1;
  }

  #act(action: Action, time: number): void {
    const { size } = this.#now;
    switch (action.kind) {
      case "charter":
        throw refused("a charter stands at index 0 only");
      case "administrators":
        this.#setAdministrators(action);
        break;
      case "relay":
        this.#now = { ...this.#now, relays: [...this.#now.relays, { size, relay: { key: action.key, origin: action.origin } }] };
        break;
      case "policy":
        requirePolicy(action.policy);
        this.#now = { ...this.#now, policy: action.policy };
        break;
      case "device":
        this.#admit(action, size);
        break;
      case "revoke":
        this.#set({ ...this.#active(action.device), revoked: { size, reason: action.reason, time } });
        break;
      case "role": {
        const member = this.#active(action.device);
        this.#set({ ...member, roles: [...member.roles, { size, role: action.role }] });
        break;
      }
      case "team":
        this.#setTeam(action);
        break;
      case "hours": {
        const { timeZone, week, closed } = action;
        requireHours(action);
        this.#now = { ...this.#now, hours: { timeZone, week, closed } };
        break;
      }
    }
  }

  #setAdministrators({ administrators, threshold }: ActionOf<"administrators">): void {
    requireAdministrators(administrators, threshold);
    if (administrators.some(({ cosigning }) => this.#cosigning.has(toHex(cosigning)))) throw refused("a device's cosigning key");
    this.#now = { ...this.#now, administrators, threshold };
  }

  #admit(action: ActionOf<"device">, size: number): void {
    const certificate = openCertificate(action.certificate);
    const { kind, clinic, device, mailbox, cosigning } = certificate;
    if (kind !== "agent" || !sameBytes(clinic, this.#now.clinic)) throw refused("not an agent's device of this clinic");
    if (this.#members.has(toHex(device)) || this.#mailboxes.has(toHex(mailbox))) throw refused("admitted before");
    if (cosigning.length > 0) this.#takeCosigning(cosigning);
    const { person, nameCommitment, role } = action;
    this.#set({ certificate, person, nameCommitment, roles: [{ size, role }], revoked: null });
    this.#mailboxes.set(toHex(mailbox), device);
  }

  #takeCosigning(key: Bytes): void {
    const ofAdministrator = this.#now.administrators.some(({ cosigning }) => sameBytes(cosigning, key));
    if (ofAdministrator || this.#cosigning.has(toHex(key))) throw refused("another's cosigning key");
    this.#cosigning.add(toHex(key));
  }

  #set(member: Member): void {
    this.#members.set(toHex(member.certificate.device), member);
  }

  #setTeam({ team, devices }: ActionOf<"team">): void {
    if (!areDistinct(devices)) throw refused("a team names a device twice");
    for (const device of devices) this.#active(device);
    if (devices.length === 0) this.#teams.delete(toHex(team));
    else this.#teams.set(toHex(team), devices);
  }

  #active(device: DeviceId): Member {
    const member = this.#members.get(toHex(device));
    if (member === undefined || member.revoked !== null) throw refused("an unknown or revoked device");
    return member;
  }
}
