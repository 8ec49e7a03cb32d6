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

export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new DOMException("aborted", "AbortError")));
  });
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
  glance(async (database) => (await settled(database.transaction(RECORDS).objectStore(RECORDS).count())) === 0);

export function clearStorages(): void {
  try {
    for (const storage of [localStorage, sessionStorage]) storage.clear();
  } catch (error) {
    // Where a browser denies them, nothing was ever kept in them.
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}
