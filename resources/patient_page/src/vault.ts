/**
 * The page's state at rest (docs/protocol.md section 17): records in IndexedDB, each sealed under an AES-256-GCM key that
 * WebCrypto will use and never show. A copy of the browser's files without its key store opens nothing. Whoever wants a
 * lock (lock.ts) has them sealed under a key that only a PIN or passkey brings back.
 *
 * One page writes at a time (writer_lock.ts); should a browser fail to keep that, `commit` still refuses to write over what another tab has written.
 */
import { type Lock, type NewLock, type Proof, openLock, parseLock } from "./lock";
import { type Bytes, concat, fromUtf8, toUtf8 } from "./protocol/encoding";
import { META, RECORDS, VaultError, asVaultError, denied, glance, openDatabase, settled, within } from "./storage";
import { eraseEverything } from "./erasure";
import { TRIES } from "./tries";

/** What the conversation's engine needs of a place to keep things: `commit` is all or nothing, and on disk when it returns. */
export interface Store {
  names(): Promise<readonly string[]>;
  /** Those of the names that are there. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Bytes>>;
  /** Null deletes. */
  commit(changes: ReadonlyMap<string, Bytes | null>): Promise<void>;
  erase(): Promise<void>;
}

const KEY = "key";
const GENERATION = "generation";
const LOCK = "lock";
const NONCE = 12;
const DATA_KEY = 32;
const AES = { name: "AES-GCM", length: 256 } as const;

type Sealed = readonly (readonly [string, Bytes | null])[];
/** What is written beside the records: undefined deletes. */
type Meta = Readonly<Record<string, unknown>>;

/** A record is bound to its name: two cannot be exchanged. */
const nameOf = (name: string): Bytes => toUtf8(`sealdesk/1/record/${name}`);
const buffer = (bytes: Bytes): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;
const newKey = (): Promise<CryptoKey> => crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]);
const importKey = (bytes: Bytes): Promise<CryptoKey> => crypto.subtle.importKey("raw", buffer(bytes), AES, false, ["encrypt", "decrypt"]);

async function seal(key: CryptoKey, name: string, bytes: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const algorithm = { name: "AES-GCM", iv, additionalData: buffer(nameOf(name)) };
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, buffer(bytes))));
}

async function unseal(key: CryptoKey, name: string, sealed: unknown): Promise<Bytes> {
  try {
    if (!(sealed instanceof Uint8Array)) throw new TypeError("not bytes");
    const algorithm = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: buffer(nameOf(name)) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(NONCE)));
  } catch (error) {
    throw new VaultError("unreadable", { cause: error });
  }
}

/** The lock on what lies here, if there is one. */
export const findLock = (): Promise<Lock | undefined> =>
  glance((database) => within(database, META, "readonly", async (transaction) => parseLock(await settled<unknown>(transaction.objectStore(META).get(LOCK)))));

export class Vault implements Store {
  readonly #database: IDBDatabase;
  /** The browser's own; the records' too, while there is no lock. */
  #device: CryptoKey;
  #key: CryptoKey;
  #lock: Lock | undefined;
  #generation: number;
  /** Nothing is read or written while everything is sealed anew. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(database: IDBDatabase, device: CryptoKey, key: CryptoKey, lock: Lock | undefined, generation: number) {
    this.#database = database;
    [this.#device, this.#key, this.#lock] = [device, key, lock];
    this.#generation = generation;
    // A later page that erases must not wait for this one.
    database.addEventListener("versionchange", () => database.close());
  }

  /** Throws `VaultError` where the browser keeps nothing, and `LockRefused` where what is given does not open the lock. */
  static async open(prove?: Proof): Promise<Vault> {
    const database = await denied(openDatabase());
    try {
      // Made before the transaction, which does not outlive a wait for anything else; dropped where there is one.
      const fresh = await newKey();
      const begun = within(database, META, "readwrite", async (transaction) => {
        const meta = transaction.objectStore(META);
        const read = await Promise.all([KEY, GENERATION, LOCK].map((name) => settled<unknown>(meta.get(name))));
        if (read[0] === undefined) meta.put(fresh, KEY);
        return read;
      });
      const [key, generation, lock] = await denied(begun);
      const device = key instanceof CryptoKey ? key : fresh;
      const locked = parseLock(lock);
      const records = locked === undefined ? device : await importKey(await openLock(locked, device, prove));
      return new Vault(database, device, records, locked, typeof generation === "number" ? generation : 0);
    } catch (error) {
      database.close();
      throw error instanceof DOMException ? asVaultError(error) : error;
    }
  }

  get lock(): Lock | undefined {
    return this.#lock;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#look((records) => settled(records.getAllKeys()))).map(String);
  }

  read(names: readonly string[]): Promise<ReadonlyMap<string, Bytes>> {
    return this.#turn(async () => {
      const sealed = await this.#look((records) => Promise.all(names.map(async (name) => [name, await settled<unknown>(records.get(name))] as const)));
      const present = sealed.filter(([, value]) => value !== undefined);
      return new Map(await Promise.all(present.map(async ([name, value]) => [name, await unseal(this.#key, name, value)] as const)));
    });
  }

  commit(changes: ReadonlyMap<string, Bytes | null>): Promise<void> {
    return this.#turn(async () => {
      const sealed = [...changes].map(async ([name, bytes]) => [name, bytes === null ? null : await seal(this.#key, name, bytes)] as const);
      await denied(this.#write(await Promise.all(sealed), {}));
    });
  }

  /**
   * Sets, changes or takes off the lock. Everything is sealed anew, under keys that never lay on this disk, in one
   * transaction: whatever happens, the old way opens all of it or the new one does. Throws `LockRefused`.
   */
  relock(prove: Proof | undefined, make: NewLock | undefined): Promise<void> {
    return this.#turn(async () => {
      if (this.#lock !== undefined) (await openLock(this.#lock, this.#device, prove)).fill(0);
      const device = await newKey();
      const data = crypto.getRandomValues(new Uint8Array(DATA_KEY));
      const lock = await make?.(device, data);
      const key = lock === undefined ? device : await importKey(data);
      data.fill(0);
      await denied(this.#write(await this.#sealAnew(key), { [KEY]: device, [LOCK]: lock, [TRIES]: undefined }));
      [this.#device, this.#key, this.#lock] = [device, key, lock];
    });
  }

  /** For what a page holds while it is locked. */
  sealText(text: string): Promise<Bytes> {
    return seal(this.#key, "text", toUtf8(text));
  }

  async openText(sealed: Bytes): Promise<string> {
    return fromUtf8(await unseal(this.#key, "text", sealed));
  }

  /** Deletes the database, and every cache and worker of this origin, and looks whether they are gone. */
  async erase(): Promise<void> {
    this.#database.close();
    await eraseEverything();
  }

  /** The page lets go of what is in it. */
  close(): void {
    this.#database.close();
  }

  /** One record after another: photos are large, and an old phone's memory is small. */
  async #sealAnew(key: CryptoKey): Promise<Sealed> {
    const sealed: [string, Bytes][] = [];
    for (const name of await this.names()) {
      const bytes = await unseal(this.#key, name, await this.#look((records) => settled<unknown>(records.get(name))));
      sealed.push([name, await seal(key, name, bytes)]);
    }
    return sealed;
  }

  #look<T>(work: (records: IDBObjectStore) => Promise<T>): Promise<T> {
    return denied(within(this.#database, RECORDS, "readonly", (transaction) => work(transaction.objectStore(RECORDS))));
  }

  async #write(changes: Sealed, beside: Meta): Promise<void> {
    await within(this.#database, [META, RECORDS], "readwrite", async (transaction) => {
      const [meta, records] = [transaction.objectStore(META), transaction.objectStore(RECORDS)];
      const generation = await settled<unknown>(meta.get(GENERATION));
      if ((typeof generation === "number" ? generation : 0) !== this.#generation) throw new VaultError("overtaken");
      for (const [name, bytes] of changes) {
        if (bytes === null) records.delete(name);
        else records.put(bytes, name);
      }
      for (const [name, value] of Object.entries(beside)) {
        if (value === undefined) meta.delete(name);
        else meta.put(value, name);
      }
      meta.put(this.#generation + 1, GENERATION);
    });
    this.#generation += 1;
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
