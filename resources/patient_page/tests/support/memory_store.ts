/** A place to keep things that a test can copy, and that can fail like a phone whose battery ends. */
import { MemoryStore as Memory } from "../../src/memory_store";
import { VaultError } from "../../src/storage";

export class MemoryStore extends Memory {
  commits = 0;
  /** The commit with this number, and every later one, does not happen. */
  diesAt = Number.POSITIVE_INFINITY;

  /** The same disk, in a phone that was switched on again; or a copy of it from before. */
  copy(): MemoryStore {
    return new MemoryStore(this.records);
  }

  get size(): number {
    return this.records.size;
  }

  /** All that a thief of the disk would read, if nothing sealed it. */
  get contents(): Uint8Array {
    return Buffer.concat([...this.records.values()]);
  }

  override async commit(changes: ReadonlyMap<string, Uint8Array | null>): Promise<void> {
    this.commits += 1;
    if (this.commits >= this.diesAt) throw new VaultError("denied");
    await super.commit(changes);
  }
}
