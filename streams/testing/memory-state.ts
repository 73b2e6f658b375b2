import type { KeyRange, StateChange } from '../log/log.ts';
import type { StateReader } from '../state/state-buffer.ts';

/** Committed state in memory, readable without waiting. */
export class MemoryState implements StateReader {
  private readonly stores = new Map<string, Map<string, [key: Buffer, value: Buffer]>>();

  apply(changes: readonly StateChange[]): void {
    for (const { store, key, value } of changes) {
      const id = key.toString('latin1');
      if (value === null) this.entries(store).delete(id);
      else this.entries(store).set(id, [key, value]);
    }
  }

  getNow(store: string, key: Buffer): Buffer | null {
    return this.entries(store).get(key.toString('latin1'))?.[1] ?? null;
  }

  scanNow(store: string, range: KeyRange): [key: Buffer, value: Buffer][] {
    const found = [...this.entries(store).values()]
      .filter(([key]) => range.gte === undefined || key.compare(range.gte) >= 0)
      .filter(([key]) => range.lt === undefined || key.compare(range.lt) < 0)
      .sort(([a], [b]) => a.compare(b));
    if (range.reverse === true) found.reverse();
    return found.slice(0, range.limit);
  }

  async getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return keys.map((key) => this.getNow(store, key));
  }

  async scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]> {
    return this.scanNow(store, range);
  }

  private entries(store: string): Map<string, [Buffer, Buffer]> {
    const entries = this.stores.get(store) ?? new Map<string, [Buffer, Buffer]>();
    this.stores.set(store, entries);
    return entries;
  }
}
