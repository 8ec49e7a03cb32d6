/**
 * docs/protocol.md sections 14 and 14.5: the clinic log as this page knows it: statements, their tree, and the roster that
 * they amount to. It is a value: what fails leaves the one before. It forgets no size that was seen, and believes no second
 * root for one.
 */
import { type Bytes, EMPTY, blob, decode, encode, list, record, sameBytes, uint } from "../protocol/encoding";
import { ProtocolError } from "../protocol/errors";
import type { LogHead } from "../protocol/content";
import type { ClinicId } from "../protocol/keys";
import { STATEMENT, STATEMENTS } from "../protocol/limits";
import { EMPTY_TREE, type Frontier, grow, leafHash, rootHash } from "../protocol/merkle";
import { type Checkpoint, clinicOrigin, parseCheckpoint, relayKey } from "./checkpoint";
import { parseNote, verifyNote } from "./note";
import { Replay, type Roster, foundRoster, relayAt } from "./roster";
import { parseStatement } from "./statement";

export interface ClinicLog {
  readonly statements: readonly Bytes[];
  /** `roots[n]` is the root at size n. */
  readonly roots: readonly Bytes[];
  readonly tree: Frontier;
  readonly roster: Roster;
  /** The largest size that the relay has shown, which may be ahead of what could be fetched. */
  readonly seen: number;
}

export const logSize = ({ statements }: ClinicLog): number => statements.length;

export const logHead = (log: ClinicLog): LogHead => ({ size: logSize(log), root: rootHash(log.tree) });

const forked = (at: number): ProtocolError => new ProtocolError("log.forked", `at ${at}`);

/** Takes in statements from index `from` on. What is here already must be the same bytes. */
export function extendLog(log: ClinicLog, from: number, statements: readonly Bytes[]): ClinicLog {
  const size = logSize(log);
  if (from > size) throw new ProtocolError("log.stale", `statements ${size} to ${from - 1} are missing`);
  const known = Math.min(statements.length, size - from);
  const other = statements.slice(0, known).findIndex((bytes, i) => !sameBytes(bytes, log.statements[from + i] ?? EMPTY));
  if (other >= 0) throw forked(from + other);
  return known === statements.length ? log : append(log, statements.slice(known));
}

function append(log: ClinicLog, statements: readonly Bytes[]): ClinicLog {
  const size = logSize(log) + statements.length;
  if (size > STATEMENTS.value) throw new ProtocolError("limit.exceeded", STATEMENTS.name);
  const replay = new Replay(log.roster);
  const roots = [...log.roots];
  let { tree } = log;
  let root = rootHash(tree);
  for (const bytes of statements) {
    replay.apply(parseStatement(bytes), root);
    tree = grow(tree, leafHash(bytes));
    root = rootHash(tree);
    roots.push(root);
  }
  return { statements: [...log.statements, ...statements], roots, tree, roster: replay.roster, seen: Math.max(log.seen, size) };
}

/** A log of its charter alone, of whichever clinic that founds. */
export function foundLog(charter: Bytes): ClinicLog {
  const empty = rootHash(EMPTY_TREE);
  const roster = foundRoster(parseStatement(charter), empty);
  const tree = grow(EMPTY_TREE, leafHash(charter));
  return { statements: [charter], roots: [empty, rootHash(tree)], tree, roster, seen: 1 };
}

/** A log from its statements, all proven anew. `clinic` is the fingerprint that a link, a build or a store vouches for. */
export function openLog(statements: readonly Bytes[], clinic: ClinicId, seen = 0): ClinicLog {
  const [charter, ...rest] = statements;
  if (charter === undefined) throw new ProtocolError("statement.invalid", "a log begins with its charter");
  const founded = foundLog(charter);
  if (!sameBytes(founded.roster.clinic, clinic)) throw new ProtocolError("statement.invalid", "another clinic");
  return extendLog({ ...founded, seen: Math.max(seen, founded.seen) }, 1, rest);
}

/** Whether the head is one that this log has had. */
export function confirms(log: ClinicLog, { size, root }: LogHead): boolean {
  const own = log.roots[size];
  return size > 0 && own !== undefined && sameBytes(own, root);
}

/** The head that a message names. `log.stale` where it is ahead: fetch and prove up to it first, and send nothing meanwhile. */
export function requireHead(log: ClinicLog, head: LogHead): void {
  if (head.size > logSize(log)) throw new ProtocolError("log.stale", `the head names ${head.size}`);
  if (!confirms(log, head)) throw forked(head.size);
}

/**
 * What the relay shows as its newest head. The size is remembered even before the statements are here, so that a relay which
 * has once shown a revocation's size cannot go back behind it. While `seen` is ahead of the log, nothing is sent.
 */
export function observeHead(log: ClinicLog, head: LogHead): ClinicLog {
  if (head.size < log.seen) throw new ProtocolError("log.rolled-back", `from ${log.seen} to ${head.size}`);
  if (head.size <= logSize(log) && !confirms(log, head)) throw forked(head.size);
  return { ...log, seen: head.size };
}

export const isBehind = (log: ClinicLog): boolean => log.seen > logSize(log);

/** The checkpoint in a note that the relay under that head signed and that this log confirms. */
export function verifyCheckpoint(log: ClinicLog, text: string): Checkpoint {
  const note = parseNote(text);
  const checkpoint = parseCheckpoint(note, clinicOrigin(log.roster.clinic));
  requireHead(log, checkpoint);
  const relay = relayAt(log.roster, checkpoint.size);
  if (relay === undefined || verifyNote(note, [relayKey(relay.key)]).length === 0) {
    throw new ProtocolError("note.invalid", "not signed by the relay");
  }
  return checkpoint;
}

const STORED = record({ version: uint(1, 1), seen: uint(), statements: list(blob(STATEMENT), STATEMENTS) });

export const encodeLog = ({ seen, statements }: ClinicLog): Bytes => encode(STORED, { version: 1, seen, statements });

/** Proves every statement anew, so that whoever could write the store could not write a roster. */
export function decodeLog(bytes: Bytes, clinic: ClinicId): ClinicLog {
  const { seen, statements } = decode(STORED, bytes);
  return openLog(statements, clinic, seen);
}
