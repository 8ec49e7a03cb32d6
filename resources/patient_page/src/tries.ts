/**
 * How often a wrong PIN was given. It slows a person down who has the phone in hand, and no more: whoever runs a program of
 * their own in this browser profile can set it back.
 */
import { META, glance, settled, within } from "./storage";

export const TRIES = "tries";

const FREE = 3;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;

interface Tries {
  readonly count: number;
  readonly last: number;
}

const NONE: Tries = { count: 0, last: 0 };

function parse(value: unknown): Tries {
  if (typeof value !== "object" || value === null || !("count" in value) || !("last" in value)) return NONE;
  const { count, last } = value;
  return Number.isSafeInteger(count) && Number.isSafeInteger(last) ? { count: Number(count), last: Number(last) } : NONE;
}

/** Three are free; from there on each wait is twice the one before. A clock that was set back keeps nobody longer than that. */
export function waitOf(count: number, since: number): number {
  if (count < FREE) return 0;
  const wait = Math.min(FIRST_WAIT * 2 ** (count - FREE), LONGEST_WAIT);
  return Math.min(Math.max(0, wait - since), wait);
}

const inMeta = <T>(mode: IDBTransactionMode, work: (meta: IDBObjectStore) => Promise<T>): Promise<T> =>
  glance((database) => within(database, META, mode, (transaction) => work(transaction.objectStore(META))));

/** How many milliseconds until the next try is taken. */
export const waitLeft = (now: number): Promise<number> =>
  inMeta("readonly", async (meta) => {
    const { count, last } = parse(await settled<unknown>(meta.get(TRIES)));
    return waitOf(count, now - last);
  });

/** Counts a try before it is made, on disk: a page that is killed meanwhile has used it. Gives the wait, if it is too soon for one. */
export const beginTry = (now: number): Promise<number> =>
  inMeta("readwrite", async (meta) => {
    const { count, last } = parse(await settled<unknown>(meta.get(TRIES)));
    const wait = waitOf(count, now - last);
    if (wait === 0) meta.put({ count: count + 1, last: now }, TRIES);
    return wait;
  });

export const forgetTries = (): Promise<void> =>
  inMeta("readwrite", (meta) => settled(meta.delete(TRIES)));
