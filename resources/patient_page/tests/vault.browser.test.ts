/** The vault in a real browser's IndexedDB. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { eraseEverything } from "../src/erasure";
import { RECORDS, VaultError, isEmpty, openDatabase, settled, within } from "../src/storage";
import { Vault } from "../src/vault";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SECRET = "the patient's secret words";

let opened: Vault[] = [];

async function open(): Promise<Vault> {
  const vault = await Vault.open();
  opened.push(vault);
  return vault;
}

/** What lies in the database, past the vault. */
async function raw(use: (records: IDBObjectStore, meta: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("sealdesk");
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("open")));
  });
  const transaction = database.transaction(["records", "meta"], "readwrite");
  const request = use(transaction.objectStore("records"), transaction.objectStore("meta"));
  await new Promise((resolve) => transaction.addEventListener("complete", resolve));
  database.close();
  return request.result;
}

beforeEach(eraseEverything);
afterEach(async () => {
  opened = [];
  await eraseEverything();
});

describe("a page that is left", () => {
  const [leave, comeBack] = ["pagehide", "pageshow"].map((kind) => () => void globalThis.dispatchEvent(new Event(kind))) as [() => void, () => void];

  test("gives up what it was writing, so that nobody waits for it, and does it anew when somebody comes back", async () => {
    const database = await openDatabase();
    let times = 0;
    const written = within(database, RECORDS, "readwrite", async (transaction) => {
      times += 1;
      await settled(transaction.objectStore(RECORDS).put(times, "a"));
      if (times === 1) leave();
    });
    expect(await raw((records) => records.get("a"))).toBeUndefined();
    comeBack();
    await written;
    database.close();
    expect(await raw((records) => records.get("a"))).toBe(2);
  });

  test("begins to write nothing", async () => {
    const vault = await open();
    leave();
    const written = vault.commit(new Map([["a", bytes(SECRET)]]));
    expect(await raw((records) => records.count())).toBe(0);
    comeBack();
    await written;
    expect(await vault.names()).toEqual(["a"]);
  });
});

describe("a vault", () => {
  test("gives back what was committed, after it was opened anew", async () => {
    const first = await open();
    await first.commit(new Map([["a", bytes(SECRET)], ["b", bytes("")]]));
    await first.commit(new Map([["b", null], ["c", bytes("3")]]));
    const second = await open();
    expect(await second.names()).toEqual(["a", "c"]);
    expect(await second.read(["a", "b", "c"])).toEqual(new Map([["a", bytes(SECRET)], ["c", bytes("3")]]));
  });

  test("keeps nothing in the open", async () => {
    const vault = await open();
    await vault.commit(new Map([["a", bytes(SECRET)]]));
    const sealed = (await raw((records) => records.get("a"))) as Uint8Array;
    expect(new TextDecoder("latin1").decode(sealed)).not.toContain(SECRET);
    expect(sealed.length).toBe(12 + SECRET.length + 16);
  });

  test("has a key that nobody can take out", async () => {
    await open();
    const key = (await raw((_, meta) => meta.get("key"))) as CryptoKey;
    expect(key).toMatchObject({ extractable: false, algorithm: { name: "AES-GCM", length: 256 } });
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow("extractable");
  });

  test.for(["flipped", "exchanged", "cut", "not bytes"])("refuses a record that was %s", async (how) => {
    const vault = await open();
    await vault.commit(new Map([["a", bytes(SECRET)], ["b", bytes("another")]]));
    const sealed = (await raw((records) => records.get("a"))) as Uint8Array;
    const other = (await raw((records) => records.get("b"))) as Uint8Array;
    const flipped = sealed.slice();
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    const bent: Record<string, unknown> = { flipped, exchanged: other, cut: sealed.slice(0, 8), "not bytes": SECRET };
    await raw((records) => records.put(bent[how], "a"));
    await expect(vault.read(["a"])).rejects.toThrow(new VaultError("unreadable"));
    expect(await vault.read(["b"])).toEqual(new Map([["b", bytes("another")]]));
  });

  test("writes over nothing that another page wrote", async () => {
    const [one, other] = [await open(), await open()];
    await one.commit(new Map([["a", bytes("one")]]));
    await expect(other.commit(new Map([["a", bytes("other")], ["b", bytes("b")]]))).rejects.toThrow(new VaultError("overtaken"));
    expect(await other.read(["a", "b"])).toEqual(new Map([["a", bytes("one")]]));
    await one.commit(new Map([["a", bytes("two")]]));
  });

  test("says where nothing can be kept", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    await expect(Vault.open()).rejects.toThrow(new VaultError("denied"));
    vi.restoreAllMocks();
  });

  test("says that a full device keeps nothing more, and still has what it had", async () => {
    const vault = await open();
    await vault.commit(new Map([["a", bytes("kept")]]));
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(vault.commit(new Map([["a", bytes("lost")], ["b", bytes("lost")]]))).rejects.toThrow(new VaultError("full"));
    put.mockRestore();
    expect(await vault.read(["a", "b"])).toEqual(new Map([["a", bytes("kept")]]));
    await vault.commit(new Map([["b", bytes("room again")]]));
    expect(await (await open()).names()).toEqual(["a", "b"]);
  });

  test("is gone when it was erased, with what the page had cached, also while another tab has it open", async () => {
    const [vault] = [await open(), await open()];
    await vault.commit(new Map([["a", bytes(SECRET)]]));
    await (await caches.open("page")).put("/x", new Response("x"));
    await vault.erase();
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain("sealdesk");
    expect(await caches.keys()).toEqual([]);
    expect(await isEmpty()).toBe(true);
  });
});

describe("an erasure", () => {
  test("is looked after where a browser does not list its databases", async () => {
    const vault = await open();
    await vault.commit(new Map([["a", bytes(SECRET)]]));
    Object.defineProperty(indexedDB, "databases", { value: undefined, configurable: true });
    try {
      await vault.erase();
      const kept = vi.spyOn(indexedDB, "deleteDatabase").mockImplementation((name) => indexedDB.open(`not-${name}`));
      await (await open()).commit(new Map([["a", bytes(SECRET)]]));
      await expect(eraseEverything()).rejects.toThrow(new VaultError("not-erased"));
      kept.mockRestore();
    } finally {
      Reflect.deleteProperty(indexedDB, "databases");
    }
    indexedDB.deleteDatabase("not-sealdesk");
    await eraseEverything();
    expect(await isEmpty()).toBe(true);
  });

  test("holds where a browser denies its small storages", async () => {
    vi.spyOn(Storage.prototype, "clear").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    await expect(eraseEverything()).resolves.toBeUndefined();
    vi.restoreAllMocks();
  });
});
