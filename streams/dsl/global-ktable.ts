import type { TableView } from '../operators/change.ts';

/** A table that every process holds whole, to be joined with streams under any key. Changes of it send nothing. */
export class GlobalKTable<K, V> {
  /** Name of its store. */
  readonly store: string;
  /** For the library itself. */
  readonly view: TableView<K, V>;

  constructor(store: string, view: TableView<K, V>) {
    this.store = store;
    this.view = view;
  }
}
