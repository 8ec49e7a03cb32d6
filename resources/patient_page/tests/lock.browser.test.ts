/** The vault under a PIN, in a real browser's IndexedDB. */
import "./support/sodium";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { eraseEverything } from "../src/erasure";
import { type Lock, LockRefused, newPin, parseLock, pinFault, provePin } from "../src/lock";
import { VaultError, isEmpty } from "../src/storage";
import { Vault, findLock } from "../src/vault";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const KEPT = new Map([["line", bytes("the patient's words")], ["files/ab", bytes("photo")]]);
const [PIN, OTHER] = ["402718", "a blue door"];
const names = [...KEPT.keys()];

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

async function locked(pin = PIN): Promise<Vault> {
  const vault = await Vault.open();
  await vault.commit(KEPT);
  await vault.relock(undefined, newPin(pin));
  return vault;
}

const refused = (fault: LockRefused["fault"]): unknown => expect.objectContaining({ name: "LockRefused", fault });

/** The browser is killed before the change'th write of the transaction. */
function killedAt(change: number): void {
  let left = change;
  // oxlint-disable-next-line typescript/unbound-method -- called on the store that it was asked of
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function die(this: IDBObjectStore, ...given: Parameters<IDBObjectStore["put"]>) {
    left -= 1;
    if (left < 0) throw new DOMException("killed", "AbortError");
    return put.apply(this, given);
  });
}

beforeEach(eraseEverything);
afterEach(async () => {
  vi.restoreAllMocks();
  await eraseEverything();
});

describe("a vault with a PIN", () => {
  test("opens by it, and by nothing else, and goes on being written", async () => {
    const first = await locked();
    await first.commit(new Map([["line", bytes("later")]]));
    first.close();
    await expect(Vault.open()).rejects.toEqual(refused("wrong"));
    await expect(Vault.open(provePin("402719"))).rejects.toEqual(refused("wrong"));
    const again = await Vault.open(provePin(` ${PIN} `));
    expect(await again.read(names)).toEqual(new Map([...KEPT, ["line", bytes("later")]]));
    expect(await findLock()).toMatchObject({ kind: "pin", digits: true });
    again.close();
  });

  test("has no record that the browser's own key opens, neither the old one nor the new", async () => {
    const vault = await Vault.open();
    await vault.commit(KEPT);
    const before = (await raw((_, meta) => meta.get("key"))) as CryptoKey;
    await vault.relock(undefined, newPin(PIN));
    const after = (await raw((_, meta) => meta.get("key"))) as CryptoKey;
    const sealed = (await raw((records) => records.get("line"))) as Uint8Array<ArrayBuffer>;
    const additionalData = bytes("sealdesk/1/record/line") as Uint8Array<ArrayBuffer>;
    for (const key of [before, after]) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, 12), additionalData }, key, sealed.slice(12))).rejects.toMatchObject({ name: "OperationError" });
    }
    vault.close();
  });

  test("cannot be guessed on a copy of the database in another profile: its key is not there", async () => {
    (await locked()).close();
    const elsewhere = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await raw((_, meta) => meta.put(elsewhere, "key"));
    await expect(Vault.open(provePin(PIN))).rejects.toEqual(new VaultError("unreadable"));
  });

  test("takes another PIN or none only from who knows the one it has", async () => {
    const vault = await locked();
    await expect(vault.relock(provePin("000001"), newPin(OTHER))).rejects.toEqual(refused("wrong"));
    await expect(vault.relock(undefined, undefined)).rejects.toEqual(refused("wrong"));
    await vault.relock(provePin(PIN), newPin(OTHER));
    vault.close();
    await expect(Vault.open(provePin(PIN))).rejects.toEqual(refused("wrong"));
    const other = await Vault.open(provePin(OTHER));
    expect(other.lock).toMatchObject({ kind: "pin", digits: false });
    await other.relock(provePin(OTHER), undefined);
    other.close();
    const open = await Vault.open();
    expect([open.lock, await open.read(names)]).toEqual([undefined, KEPT]);
    expect(await raw((_, meta) => meta.getAllKeys())).toEqual(["generation", "key"]);
    open.close();
  });

  test("keeps what is written while everything is sealed anew", async () => {
    const vault = await Vault.open();
    await vault.commit(KEPT);
    const [, , read] = await Promise.all([vault.relock(undefined, newPin(PIN)), vault.commit(new Map([["line", bytes("meanwhile")]])), vault.read(["line"])]);
    expect(read).toEqual(new Map([["line", bytes("meanwhile")]]));
    vault.close();
    const again = await Vault.open(provePin(PIN));
    expect(await again.read(["line"])).toEqual(read);
    again.close();
  });

  test("gives back what a page held while it was locked", async () => {
    const vault = await locked();
    const draft = await vault.sealText("half written");
    vault.close();
    const again = await Vault.open(provePin(PIN));
    expect(await again.openText(draft)).toBe("half written");
    again.close();
  });

  test("is erased without it", async () => {
    (await locked()).close();
    await eraseEverything();
    expect([await isEmpty(), await findLock()]).toEqual([true, undefined]);
  });

  test.for([
    ["no bytes", { sealed: "x" }],
    ["of another kind", { kind: "face" }],
    ["that asks for all the memory there is", { memory: 2 ** 40 }],
    ["that would never end", { operations: 2 ** 30 }],
  ] as const)("refuses a lock with %s", async ([, change]) => {
    (await locked()).close();
    const lock = (await raw((_, meta) => meta.get("lock"))) as Lock;
    await raw((_, meta) => meta.put({ ...lock, ...change }, "lock"));
    await expect(Vault.open(provePin(PIN))).rejects.toEqual(new VaultError("unreadable"));
    await expect(findLock()).rejects.toEqual(new VaultError("unreadable"));
    expect(() => parseLock(null)).toThrow(VaultError);
  });
});

describe("a change of the lock that is cut off", () => {
  test.for([0, 1, 2, 3, 4])("before its write number %i leaves the way in that there was", async (change) => {
    const vault = await Vault.open();
    await vault.commit(KEPT);
    killedAt(change);
    await expect(vault.relock(undefined, newPin(PIN))).rejects.toEqual(new VaultError("denied"));
    vi.restoreAllMocks();
    expect(await vault.read(names)).toEqual(KEPT);
    vault.close();
    const again = await Vault.open();
    expect(await again.read(names)).toEqual(KEPT);
    again.close();
  });

  test("after its last write has the new one", async () => {
    const vault = await Vault.open();
    await vault.commit(KEPT);
    killedAt(5);
    await vault.relock(undefined, newPin(PIN));
    vi.restoreAllMocks();
    vault.close();
    const again = await Vault.open(provePin(PIN));
    expect(await again.read(names)).toEqual(KEPT);
    again.close();
  });

  test("changes nothing where another tab wrote meanwhile", async () => {
    const [one, other] = [await Vault.open(), await Vault.open()];
    await one.commit(KEPT);
    await expect(other.relock(undefined, newPin(PIN))).rejects.toEqual(new VaultError("overtaken"));
    expect([other.lock, await findLock()]).toEqual([undefined, undefined]);
    one.close();
    other.close();
  });
});

describe("tries", () => {
  test("are free three times, then cost a wait that grows, and are counted before they are made", async () => {
    (await locked()).close();
    let now = Date.UTC(2026, 0, 1);
    vi.spyOn(Date, "now").mockImplementation(() => now);
    for (let count = 0; count < 3; count += 1) await expect(Vault.open(provePin("000001"))).rejects.toEqual(refused("wrong"));
    await expect(Vault.open(provePin(PIN))).rejects.toMatchObject({ fault: "too-soon", wait: 30_000 });
    now += 30_000;
    await expect(Vault.open(provePin("000001"))).rejects.toEqual(refused("wrong"));
    now += 30_000;
    await expect(Vault.open(provePin(PIN))).rejects.toMatchObject({ fault: "too-soon", wait: 30_000 });
    // A clock that was set back by a year keeps nobody for a year.
    now -= 365 * 86_400_000;
    await expect(Vault.open(provePin(PIN))).rejects.toMatchObject({ fault: "too-soon", wait: 60_000 });
    now += 366 * 86_400_000;
    (await Vault.open(provePin(PIN))).close();
    expect(await raw((_, meta) => meta.get("tries"))).toBeUndefined();
  });
});

test.for([
  ["40271", "short"], ["402718", undefined], ["123456", "easy"], ["987654", "easy"], ["111111", "easy"], ["121212", "easy"], ["135790", undefined],
  ["blue", "short"], ["a blue door", undefined], ["aaaaaaaa", "easy"], ["  402718 ", undefined],
] as const)("the PIN %s is %s", ([pin, fault]) => {
  expect(pinFault(pin)).toBe(fault);
});
