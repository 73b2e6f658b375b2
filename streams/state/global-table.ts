import type { StoredRecord } from '../log/log.ts';
import type { Serde } from '../serdes/serde.ts';
import type { GlobalTableNode } from '../topology/nodes.ts';
import type { KeyValueStore, TimestampedKeyValueStore } from './key-value-store.ts';
import type { ValueAndTimestamp } from './value-and-timestamp.ts';

/**
 * A table that a process holds whole, in memory, fed straight from its topic's partitions. Read-only for processors.
 * A record without a key is ignored; else the last one of a key is its row, null deletes it.
 */
export class GlobalTable implements TimestampedKeyValueStore<unknown, unknown> {
  readonly name: string;
  readonly topic: string;
  private readonly node: GlobalTableNode;
  private readonly rows = new Map<string, { key: Buffer; row: ValueAndTimestamp<unknown> }>();

  constructor(node: GlobalTableNode) {
    this.name = node.store;
    this.topic = node.topic;
    this.node = node;
  }

  /** Takes the next record of the topic in. */
  apply({ key, value: bytes, timestamp }: StoredRecord): void {
    if (key === null) return;
    const id = key.toString('latin1');
    if (bytes === null) {
      this.rows.delete(id);
      return;
    }
    const value = this.node.value.deserialize(bytes);
    const time = this.node.timestampExtractor?.(value, timestamp) ?? timestamp;
    this.rows.set(id, { key, row: { value, timestamp: time } });
  }

  get(key: unknown): ValueAndTimestamp<unknown> | null {
    return this.rows.get(this.idOf(key))?.row ?? null;
  }

  range: KeyValueStore<unknown, ValueAndTimestamp<unknown>>['range'] = (from, to, options = {}) => {
    const [low, high] = [
      from === undefined ? undefined : this.idOf(from),
      to === undefined ? undefined : this.idOf(to),
    ];
    const ids = [...this.rows.keys()].filter(
      (id) => !(low !== undefined && id < low) && !(high !== undefined && id > high),
    );
    ids.sort();
    if (options.reverse === true) ids.reverse();
    const key: Serde<unknown> = this.node.key;
    return ids.slice(0, options.limit).flatMap((id): [unknown, ValueAndTimestamp<unknown>][] => {
      const entry = this.rows.get(id);
      return entry === undefined ? [] : [[key.deserialize(entry.key), entry.row]];
    });
  };

  all(options?: { reverse?: boolean; limit?: number }): [unknown, ValueAndTimestamp<unknown>][] {
    return this.range(undefined, undefined, options);
  }

  put(): never {
    throw this.readOnly();
  }

  putIfAbsent(): never {
    throw this.readOnly();
  }

  delete(): never {
    throw this.readOnly();
  }

  private idOf(key: unknown): string {
    return this.node.key.serialize(key).toString('latin1');
  }

  private readOnly(): Error {
    return new Error(`the global table "${this.name}" is changed by its topic "${this.topic}" only`);
  }
}
