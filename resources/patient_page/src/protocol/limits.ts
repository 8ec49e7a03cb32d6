/** docs/protocol.md section 18, and the numbers of the sections that it stands beside. Sizes in bytes, times in milliseconds. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1_024;

/** A limit with the name that a `limit.exceeded` gives. */
export interface Limit {
  readonly name: string;
  readonly value: number;
}

const limit = (name: string, value: number): Limit => ({ name, value });

/** Of texts, in bytes of UTF-8. */
export const TEXT = limit("text", 15 * KIB);
export const NAME = limit("name", 200);
export const NOTE = limit("note", 4 * KIB);
export const TAG = limit("tag", 64);
export const CODE = limit("code", 16);
export const OUTCOME = limit("outcome", 64);
export const REASON = limit("reason", 200);

/** One of each kind: a list of guesses would not be one try. */
export const IDENTIFIERS = limit("identifiers", 2);
export const IDENTIFIER = limit("identifier", 32);
export const READ_MARKS = limit("read marks", 64);
export const HISTORY = limit("history", 50);

export const BODY = limit("body", 32_808);
export const SLOT = limit("slot", 4 * KIB);
export const RECIPIENTS = limit("recipients", 50);
export const FILE = limit("file", 25 * KIB * KIB);
export const STATEMENT = limit("statement", 8 * KIB);
export const STATEMENTS = limit("statements", 10_000);

export const BODY_BUCKETS = [256, 32_768] as const;
export const SLOT_PLAINTEXT = { init: 512, next: 160, offer: 2_048 } as const;
export const FILE_CHUNK = 65_536;

/** Message keys kept for messages that were overtaken; more would let one header cost a phone its battery. */
export const SKIPPED_KEYS = 1_000;
export const SKIPPED_KEY_LIFE = 30 * DAY;
/** A hint that was under way for longer says nothing about now. */
export const SIGNAL_AGE = MINUTE;
/** Whoever was silent for longer may be asleep, and would find a mailbox full of stale hints. */
export const HEARD_LATELY = 5 * MINUTE;
export const RECEIVING_SESSIONS = 5;
export const SESSION_LIFE = 7 * DAY;
export const SESSION_MESSAGES = 200;
export const RETRIES = 3;
/** Of a content's clock: whoever jumps there leaves room for all that follows. */
export const CLOCK_AHEAD_OF_TIME = DAY;
/** So that desks which count on from a patient's jump stay within their own bound. */
export const PATIENT_CLOCK_AHEAD_OF_TIME = DAY / 2;

export const PREKEY_ROTATION = 7 * DAY;
export const PREKEY_LIFE = 14 * DAY;
export const ONE_TIME_LIFE = 30 * DAY;
export const ONE_TIME_PREKEYS = 20;

export const INVITATION_LIFE = 72 * HOUR;
export const CHECKERS = 3;
export const INVITATION_TRIES = 5;
export const CHECKER_PATIENCE = 20 * SECOND;

/** After which the page warns, and after which it sends nothing, when nobody has cosigned the clinic log. */
export const STALE_WARNING = 72 * HOUR;
export const STALE_STOP = 14 * DAY;
/** A cosignature from further ahead is ignored: else one clock that runs fast would hold a log fresh for ever. */
export const CLOCK_AHEAD = 10 * MINUTE;
export const ADMINISTRATORS = limit("administrators", 16);
