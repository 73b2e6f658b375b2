import type { StreamRecord } from '../record.ts';
import type { ValueAndTimestamp } from '../state/value-and-timestamp.ts';

/** What travels between tables: a row as it is now and, for those who asked for it, as it was. `null`: no row. */
export interface Change<V> {
  readonly newValue: V | null;
  readonly oldValue: V | null;
}

export type ChangeRecord<K, V> = StreamRecord<K, Change<V>>;

/** Reads the row of a key as it is. */
export type TableReader<K, V> = (key: K) => ValueAndTimestamp<V> | null;

/** How a join looks into a table. */
export interface TableView<K, V> {
  /** Those that have to be connected to the reader. */
  readonly stores: readonly string[];
  open(context: { store<S>(name: string): S }): TableReader<K, V>;
}

/** The operator that makes a table, as operators after it see it. */
export interface TableOrigin<K, V> {
  /** From now on its changes carry the old values. If it has to keep a store for that and has none, only if
   * `forced`; answers whether they will. */
  sendOldValues(forced: boolean): boolean;
  view(): TableView<K, V>;
}

/** Null as Kafka knows it; what a mapper leaves undefined counts as null too. */
export const isNull = (value: unknown): value is null | undefined => value === null || value === undefined;
