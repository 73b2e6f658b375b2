import type { KeyRange } from '../log/log.ts';
import type { StateBuffer } from './state-buffer.ts';
import type { Codec, StateReader } from './state-reader.ts';

/** A store that is in memory only. */
export interface EphemeralStore {
  readonly buffer: StateBuffer<unknown>;
  readonly codec: Codec<unknown>;
}

/** A task's state for those outside: as committed; of stores that are never committed, as processed so far. */
export class OutsideReader implements StateReader {
  private readonly committed: StateReader;
  private readonly ephemeral: ReadonlyMap<string, EphemeralStore>;

  constructor(committed: StateReader, ephemeral: ReadonlyMap<string, EphemeralStore>) {
    this.committed = committed;
    this.ephemeral = ephemeral;
  }

  async getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    const found = this.ephemeral.get(store);
    if (found === undefined) return this.committed.getMany(store, keys);
    return keys.map((key) => {
      const value = found.buffer.get(key);
      return value === null ? null : found.codec.encode(value);
    });
  }

  async scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]> {
    const found = this.ephemeral.get(store);
    if (found === undefined) return this.committed.scan(store, range);
    return found.buffer.range(range).map(([key, value]) => [key, found.codec.encode(value)]);
  }
}
