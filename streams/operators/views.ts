import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import type { SessionStore } from '../state/session-store.ts';
import type { TimestampedWindowStore } from '../state/window-store.ts';
import type { Windowed } from '../windowed.ts';
import type { TableView } from './change.ts';

/** A table as its own store has it. */
export const storeView = <K, V>(name: string): TableView<K, V> => ({
  stores: [name],
  open(context) {
    const store = context.store<TimestampedKeyValueStore<K, V>>(name);
    return (key) => store.get(key);
  },
});

export const windowStoreView = <K, V>(name: string): TableView<Windowed<K>, V> => ({
  stores: [name],
  open(context) {
    const store = context.store<TimestampedWindowStore<K, V>>(name);
    return ({ key, window }) => store.fetch(key, window.start);
  },
});

export const sessionStoreView = <K, V>(name: string): TableView<Windowed<K>, V> => ({
  stores: [name],
  open(context) {
    const store = context.store<SessionStore<K, V>>(name);
    return ({ key, window }) => {
      const value = store.fetchSession(key, window.start, window.end);
      return value === null ? null : { value, timestamp: window.end };
    };
  },
});

/** A table computed from another's rows; `compute` gives null where there is no row. */
export const derivedView = <K, V, VR>(
  parent: TableView<K, V>,
  compute: (key: K, value: V) => VR | null,
): TableView<K, VR> => ({
  stores: parent.stores,
  open(context) {
    const read = parent.open(context);
    return (key) => {
      const row = read(key);
      const value = row === null ? null : compute(key, row.value);
      return row === null || value === null ? null : { value, timestamp: row.timestamp };
    };
  },
});
