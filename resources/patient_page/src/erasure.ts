/** Takes everything away that this origin keeps in the browser, and looks whether it is gone. */
import { DATABASE, VaultError, clearStorages, denied } from "./storage";
import { removeWorker } from "./worker";

const [LETTING_GO, PATIENCE] = [5_000, 30_000];

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
      // A tab that is frozen does not let go: waiting for it could take for ever. Not every browser tells of it.
      const giveUp = (): void => reject(new VaultError("not-erased"));
      setTimeout(giveUp, PATIENCE);
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
