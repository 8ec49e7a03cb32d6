/**
 * docs/protocol.md section 14.4. A relay that withholds a revocation is not caught by what it shows, only by what it can no
 * longer show: a cosignature made today, by people of the clinic, over the log that it serves.
 */
import { toHex } from "../protocol/encoding";
import { ProtocolError } from "../protocol/errors";
import { CLOCK_AHEAD, STALE_STOP, STALE_WARNING } from "../protocol/limits";
import { clinicOrigin, cosignerKey, parseCheckpoint } from "./checkpoint";
import { type ClinicLog, confirms } from "./clinic_log";
import { type Note, verifyNote } from "./note";
import { cosigners } from "./roster";

export interface Freshness {
  /** When the q-th newest person vouched, in milliseconds; null where fewer have. */
  readonly time: number | null;
  readonly state: "fresh" | "warn" | "stop";
}

/** Ages in milliseconds from which on a device warns, and sends nothing. */
export interface Bounds {
  readonly warn: number;
  readonly stop: number;
}

export const PAGE_BOUNDS: Bounds = { warn: STALE_WARNING, stop: STALE_STOP };

/** Vouched for by one person, for a head that this log confirms. */
interface Attestation {
  readonly person: string;
  readonly time: number;
}

function attestations(log: ClinicLog, note: Note): readonly Attestation[] {
  if (!confirms(log, parseCheckpoint(note, clinicOrigin(log.roster.clinic)))) {
    throw new ProtocolError("note.invalid", "not a head of this log");
  }
  const known = cosigners(log.roster).map(({ key, person }) => ({ key: cosignerKey(key), person: toHex(person) }));
  const verified = verifyNote(note, known.map(({ key }) => key));
  return verified.flatMap(({ key, time }) => {
    const cosigner = known.find((one) => one.key === key);
    return cosigner === undefined || time === null ? [] : [{ person: cosigner.person, time }];
  });
}

/** Two different persons, or one where the clinic has no second. */
const quorum = (log: ClinicLog): number => Math.min(2, new Set(cosigners(log.roster).map(({ person }) => toHex(person))).size);

/** Keep the notes and judge them anew: whose word counts changes with the roster. */
export function judgeFreshness(log: ClinicLog, notes: readonly Note[], now: number, bounds = PAGE_BOUNDS): Freshness {
  const newest = new Map<string, number>();
  for (const { person, time } of notes.flatMap((note) => attestations(log, note))) {
    if (time <= now + CLOCK_AHEAD) newest.set(person, Math.max(time, newest.get(person) ?? 0));
  }
  const time = [...newest.values()].toSorted((a, b) => b - a)[quorum(log) - 1];
  if (time === undefined) return { time: null, state: "stop" };
  const age = now - time;
  if (age >= bounds.stop) return { time, state: "stop" };
  return { time, state: age >= bounds.warn ? "warn" : "fresh" };
}
