/** IndexedDB, as far as the first screen needs it: whether a conversation lies here, and what to say where nothing can. */

export type VaultFault =
  /** Storage is switched off, as in some private windows. */
  | "denied"
  /** There is no room for more. */
  | "full"
  /** Another page wrote in between. */
  | "overtaken"
  /** What lies there does not open: damaged, or by a newer version of the page. */
  | "unreadable"
  /** After an erasure something was still there. */
  | "not-erased";

export class VaultError extends Error {
  override readonly name = "VaultError";
  constructor(
    readonly fault: VaultFault,
    options?: ErrorOptions,
  ) {
    super(`The page's storage failed: ${fault}.`, options);
  }
}

export const DATABASE = "sealdesk";
export const RECORDS = "records";
export const META = "meta";
const VERSION = 1;

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new DOMException("request", "UnknownError")));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new DOMException("aborted", "AbortError")));
  });
}

/** Whether it could still be given up: one that is being committed is in nobody's hands any more. */
function givenUp(transaction: IDBTransaction): boolean {
  try {
    transaction.abort();
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") return false;
    throw error;
  }
}

const shown = (): Promise<unknown> => new Promise((resolve) => globalThis.addEventListener("pageshow", resolve, { once: true }));

/** Until somebody comes back, where this page has been left. */
let away: Promise<unknown> | undefined;
if ("document" in globalThis) {
  globalThis.addEventListener("pagehide", () => {
    away = shown().then(() => (away = undefined));
  });
}

/**
 * What `work` does in one transaction, all or nothing, and on disk when this resolves.
 *
 * WebKit keeps a page that was left, with the transaction that it has open, and whatever page comes next would wait for that
 * one for ever. So a page that is left gives it up, and begins it anew should somebody come back to it.
 */
export async function within<T>(database: IDBDatabase, stores: string | string[], mode: IDBTransactionMode, work: (transaction: IDBTransaction) => Promise<T>): Promise<T> {
  for (;;) {
    await away;
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    const ended = committed(transaction);
    // Told below, and not before.
    ended.catch(() => undefined);
    let isLeft = false;
    const leave = (): void => void (isLeft = givenUp(transaction));
    globalThis.addEventListener("pagehide", leave);
    try {
      const result = await work(transaction);
      await ended;
      return result;
    } catch (error) {
      // What was put before is not to stand alone.
      givenUp(transaction);
      await ended.catch(() => undefined);
      if (!isLeft) throw error;
    } finally {
      globalThis.removeEventListener("pagehide", leave);
    }
  }
}

export function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(RECORDS);
      request.result.createObjectStore(META);
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new DOMException("open", "UnknownError")));
    request.addEventListener("blocked", () => reject(new DOMException("another tab holds it open", "InvalidStateError")));
  });
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

export const asVaultError = (cause: unknown): VaultError => (cause instanceof VaultError ? cause : new VaultError(isFull(cause) ? "full" : "denied", { cause }));

/** What the browser throws, as a `VaultError`. */
export async function denied<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asVaultError(error);
  }
}

/** One look into the database, which is closed again: an erasure waits for whoever has it open. */
export async function glance<T>(look: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const database = await denied(openDatabase());
  try {
    return await denied(look(database));
  } finally {
    database.close();
  }
}

/** Whether a conversation lies here, without opening it: decides which screen comes first. */
export const isEmpty = (): Promise<boolean> =>
  glance((database) => within(database, RECORDS, "readonly", async (transaction) => (await settled(transaction.objectStore(RECORDS).count())) === 0));

export function clearStorages(): void {
  try {
    for (const storage of [localStorage, sessionStorage]) storage.clear();
  } catch (error) {
    // Where a browser denies them, nothing was ever kept in them.
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}
