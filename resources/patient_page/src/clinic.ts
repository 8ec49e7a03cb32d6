/** The clinic log as the page fetches, proves and keeps it: docs/protocol.md sections 14, 14.4 and 14.5. */
import type { Bytes } from "./protocol/encoding";
import { ProtocolError } from "./protocol/errors";
import type { ClinicId } from "./protocol/keys";
import { clinicOrigin, parseCheckpoint } from "./transparency/checkpoint";
import { type ClinicLog, confirms, extendLog, logSize, observeHead, openLog, verifyCheckpoint } from "./transparency/clinic_log";
import { type Freshness, judgeFreshness } from "./transparency/freshness";
import { parseNote } from "./transparency/note";
import { type SignedPageConfig, verifyPageConfig } from "./transparency/page_config";
import { currentRelay } from "./transparency/roster";
import { parseStatement } from "./transparency/statement";
import type { KeptLog } from "./ledger";
import type { Relay } from "./relay";

/** A relay that now withholds somebody's word cannot take back what it showed: a few earlier notes are kept. */
const NOTES = 16;

const isOf = (log: ClinicLog, note: string): boolean => confirms(log, parseCheckpoint(parseNote(note), clinicOrigin(log.roster.clinic)));

/** Fetches from the log's end on, until the relay has no more. */
async function fetchRest(relay: Relay, clinic: ClinicId, log: ClinicLog | undefined): Promise<{ readonly log: ClinicLog; readonly note: string }> {
  let current = log;
  for (;;) {
    const from = current === undefined ? 0 : logSize(current);
    const page = await relay.logPage(clinic, from);
    current = current === undefined ? openLog(page.statements, clinic) : extendLog(current, from, page.statements);
    if (logSize(current) >= page.size) return { log: current, note: page.note };
    // A relay that names more than it shows is asked again, but not for ever.
    if (page.statements.length === 0) throw new ProtocolError("log.stale", "the relay withholds statements");
  }
}

/** The log up to the relay's head, and its checkpoint, which the relay signed and this log confirms. */
export async function fetchLog(relay: Relay, clinic: ClinicId, kept: KeptLog | undefined): Promise<KeptLog> {
  const [{ log, note }, shown] = await Promise.all([fetchRest(relay, clinic, kept?.log), relay.cosignedNotes(clinic)]);
  const checkpoint = verifyCheckpoint(log, note);
  const observed = observeHead(log, checkpoint);
  const notes = [...new Set([...shown, ...(kept?.notes ?? [])])].filter((one) => isOf(observed, one));
  return { log: observed, notes: notes.slice(0, NOTES) };
}

/** Statements that came with a 409, from the size on that we had named. */
export const extend = (kept: KeptLog, from: number, statements: readonly Bytes[]): KeptLog => ({
  ...kept,
  log: extendLog(kept.log, from, statements),
});

export function freshness({ log, notes }: KeptLog, now: number): Freshness {
  return judgeFreshness(log, notes.map(parseNote), now);
}

/** Section 14.5: a `policy` statement that was made after an alarm is the administrators' word that it is over. */
export const isCleared = ({ log }: KeptLog, alarm: number): boolean =>
  log.statements.map(parseStatement).some(({ payload: { action, time } }) => action.kind === "policy" && time > alarm);

/** Throws where the configuration is not this clinic's, or names another relay than the clinic log does. */
export function requireConfig(signed: SignedPageConfig, { log }: KeptLog): void {
  const config = verifyPageConfig(signed, log.roster);
  if (currentRelay(log.roster).origin !== config.origin) throw new ProtocolError("statement.refused", "another relay");
}
