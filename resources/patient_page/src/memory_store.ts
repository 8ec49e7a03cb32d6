/** A place to keep things for as long as the page is open, and no longer: for a device that others use too. */
import type { Bytes } from "./protocol/encoding";
import type { Store } from "./vault";

export class MemoryStore implements Store {
  protected readonly records: Map<string, Bytes>;

  constructor(records: ReadonlyMap<string, Bytes> = new Map()) {
    this.records = new Map(records);
  }

  async names(): Promise<readonly string[]> {
    await Promise.resolve();
    return [...this.records.keys()];
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Bytes>> {
    await Promise.resolve();
    return new Map(
      names.flatMap((name) => {
        const bytes = this.records.get(name);
        return bytes === undefined ? [] : [[name, bytes.slice()] as const];
      }),
    );
  }

  async commit(changes: ReadonlyMap<string, Bytes | null>): Promise<void> {
    await Promise.resolve();
    for (const [name, bytes] of changes) {
      if (bytes === null) this.records.delete(name);
      else this.records.set(name, bytes.slice());
    }
  }

  async erase(): Promise<void> {
    await Promise.resolve();
    this.records.clear();
  }
}
