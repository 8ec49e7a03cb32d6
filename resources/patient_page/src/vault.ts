/**
 * The page's state at rest (docs/protocol.md section 17): records in IndexedDB, each sealed under an AES-256-GCM key that
 * WebCrypto will use and never show. A copy of the browser's files without its key store opens nothing.
 *
 * One page writes at a time (writer_lock.ts); should a browser fail to keep that, `commit` still refuses to write over what another tab has written.
 */
import { type Bytes, concat, toUtf8 } from "./protocol/encoding";
import { removeWorker } from "./worker";

/** What the conversation's engine needs of a place to keep things: `commit` is all or nothing, and on disk when it returns. */
export interface Store {
  names(): Promise<readonly string[]>;
  /** Those of the names that are there. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Bytes>>;
  /** Null deletes. */
  commit(changes: ReadonlyMap<string, Bytes | null>): Promise<void>;
  erase(): Promise<void>;
}

export type VaultFault =
  /** Storage is switched off or full, as in some private windows. */
  | "denied"
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

const DATABASE = "sealdesk";
const VERSION = 1;
const RECORDS = "records";
const META = "meta";
const KEY = "key";
const GENERATION = "generation";
const NONCE = 12;
const LETTING_GO = 5_000;

function settled<T>(request: IDBRequest<T>): Promise<T> {
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

function openDatabase(): Promise<IDBDatabase> {
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

async function denied<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof VaultError ? error : new VaultError("denied", { cause: error });
  }
}

/** A record is bound to its name: two cannot be exchanged. */
const nameOf = (name: string): Bytes => toUtf8(`sealdesk/1/record/${name}`);
const buffer = (bytes: Bytes): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

export class Vault implements Store {
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  #generation: number;

  private constructor(database: IDBDatabase, key: CryptoKey, generation: number) {
    this.#database = database;
    this.#key = key;
    this.#generation = generation;
    // A later page that erases must not wait for this one.
    database.addEventListener("versionchange", () => database.close());
  }

  /** Throws `VaultError` where the browser keeps nothing. */
  static async open(): Promise<Vault> {
    return denied(
      (async () => {
        const database = await openDatabase();
        // Made before the transaction, which does not outlive a wait for anything else; dropped where there is one.
        const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
        const transaction = database.transaction(META, "readwrite", { durability: "strict" });
        const meta = transaction.objectStore(META);
        const [key, generation] = await Promise.all([settled<unknown>(meta.get(KEY)), settled<unknown>(meta.get(GENERATION))]);
        if (key === undefined) meta.put(fresh, KEY);
        await committed(transaction);
        return new Vault(database, key instanceof CryptoKey ? key : fresh, typeof generation === "number" ? generation : 0);
      })(),
    );
  }

  /** Whether a conversation lies here, without opening it: decides which screen comes first. */
  static async isEmpty(): Promise<boolean> {
    const database = await denied(openDatabase());
    try {
      return (await settled(database.transaction(RECORDS).objectStore(RECORDS).count())) === 0;
    } finally {
      database.close();
    }
  }

  async names(): Promise<readonly string[]> {
    const store = this.#database.transaction(RECORDS).objectStore(RECORDS);
    return (await denied(settled(store.getAllKeys()))).map(String);
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Bytes>> {
    const store = this.#database.transaction(RECORDS).objectStore(RECORDS);
    const sealed = await denied(Promise.all(names.map(async (name) => [name, await settled<unknown>(store.get(name))] as const)));
    const present = sealed.filter(([, value]) => value !== undefined);
    return new Map(await Promise.all(present.map(async ([name, value]) => [name, await this.#open(name, value)] as const)));
  }

  async commit(changes: ReadonlyMap<string, Bytes | null>): Promise<void> {
    const sealed = await Promise.all(
      [...changes].map(async ([name, bytes]) => [name, bytes === null ? null : await this.#seal(name, bytes)] as const),
    );
    await denied(this.#write(sealed));
  }

  async #write(changes: readonly (readonly [string, Bytes | null])[]): Promise<void> {
    const transaction = this.#database.transaction([META, RECORDS], "readwrite", { durability: "strict" });
    const done = committed(transaction);
    const meta = transaction.objectStore(META);
    const records = transaction.objectStore(RECORDS);
    const generation = await settled<unknown>(meta.get(GENERATION));
    if ((typeof generation === "number" ? generation : 0) !== this.#generation) {
      transaction.abort();
      await done.catch(() => undefined);
      throw new VaultError("overtaken");
    }
    for (const [name, bytes] of changes) {
      if (bytes === null) records.delete(name);
      else records.put(bytes, name);
    }
    meta.put(this.#generation + 1, GENERATION);
    await done;
    this.#generation += 1;
  }

  /** Deletes the database, and every cache and worker of this origin, and looks whether they are gone. */
  async erase(): Promise<void> {
    this.#database.close();
    await eraseEverything();
  }

  async #seal(name: string, bytes: Bytes): Promise<Bytes> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE));
    const algorithm = { name: "AES-GCM", iv, additionalData: buffer(nameOf(name)) };
    return concat(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, this.#key, buffer(bytes))));
  }

  async #open(name: string, sealed: unknown): Promise<Bytes> {
    try {
      if (!(sealed instanceof Uint8Array)) throw new TypeError("not bytes");
      const algorithm = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: buffer(nameOf(name)) };
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, sealed.slice(NONCE)));
    } catch (error) {
      throw new VaultError("unreadable", { cause: error });
    }
  }
}

export function clearStorages(): void {
  try {
    for (const storage of [localStorage, sessionStorage]) storage.clear();
  } catch (error) {
    // Where a browser denies them, nothing was ever kept in them.
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}

/** Whether the database exists. Firefox can list databases only since 126; where it cannot, one that opens empty was not there. */
async function isThere(): Promise<boolean> {
  const { databases } = indexedDB as { readonly databases?: IDBFactory["databases"] };
  if (databases !== undefined) return (await databases.call(indexedDB)).some(({ name }) => name === DATABASE);
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE);
    let isNew = false;
    request.addEventListener("upgradeneeded", () => {
      isNew = true;
      request.transaction?.abort();
    });
    request.addEventListener("success", () => {
      request.result.close();
      resolve(true);
    });
    request.addEventListener("error", () => (isNew ? resolve(false) : reject(request.error ?? new DOMException("open", "UnknownError"))));
  });
}

export async function eraseEverything(): Promise<void> {
  await denied(
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(DATABASE);
      request.addEventListener("success", () => resolve());
      // A tab that is frozen does not let go: waiting for it could take for ever.
      const giveUp = (): void => reject(new VaultError("not-erased"));
      request.addEventListener("blocked", () => setTimeout(giveUp, LETTING_GO));
      request.addEventListener("error", () => reject(request.error ?? new DOMException("delete", "UnknownError")));
    }),
  );
  const cached = "caches" in globalThis ? await caches.keys() : [];
  await Promise.all(cached.map((name) => caches.delete(name)));
  clearStorages();
  const asleep = await removeWorker().catch(() => false);
  const left = "caches" in globalThis ? await caches.keys() : [];
  if ((await denied(isThere())) || left.length > 0 || !asleep) throw new VaultError("not-erased");
}
