/** A place to keep things that a test can copy, and that can fail like a phone whose battery ends. */
import { type Store, VaultError } from "../../src/vault";

export class MemoryStore implements Store {
  readonly #records: Map<string, Uint8Array>;
  commits = 0;
  /** The commit with this number, and every later one, does not happen. */
  diesAt = Number.POSITIVE_INFINITY;

  constructor(records: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#records = new Map(records);
  }

  /** The same disk, in a phone that was switched on again; or a copy of it from before. */
  copy(): MemoryStore {
    return new MemoryStore(this.#records);
  }

  get size(): number {
    return this.#records.size;
  }

  /** All that a thief of the disk would read, if nothing sealed it. */
  get contents(): Uint8Array {
    return Buffer.concat([...this.#records.values()]);
  }

  async names(): Promise<readonly string[]> {
    await Promise.resolve();
    return [...this.#records.keys()];
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    await Promise.resolve();
    return new Map(
      names.flatMap((name) => {
        const bytes = this.#records.get(name);
        return bytes === undefined ? [] : [[name, bytes.slice()] as const];
      }),
    );
  }

  async commit(changes: ReadonlyMap<string, Uint8Array | null>): Promise<void> {
    await Promise.resolve();
    this.commits += 1;
    if (this.commits >= this.diesAt) throw new VaultError("denied");
    for (const [name, bytes] of changes) {
      if (bytes === null) this.#records.delete(name);
      else this.#records.set(name, bytes.slice());
    }
  }

  async erase(): Promise<void> {
    await Promise.resolve();
    this.#records.clear();
  }
}
