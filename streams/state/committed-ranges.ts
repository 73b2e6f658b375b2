import type { KeyRange } from '../log/log.ts';
import { Suspend } from '../suspend.ts';
import { idOf } from './sorted-ids.ts';
import { type StateReader, scanNowOrLater } from './state-reader.ts';

export type Bounds = Pick<KeyRange, 'gte' | 'lt'>;

export interface RangeItem<V> {
  readonly id: string;
  readonly key: Buffer;
  readonly bytes: Buffer;
  value?: V;
}

/** Ranges of a store as committed, each read once between two commits. */
export class CommittedRanges<V> {
  private readonly store: string;
  private readonly reader: StateReader;
  private readonly stats: { hits: number; misses: number };
  private readonly known = new Map<string, readonly RangeItem<V>[]>();

  constructor(store: string, reader: StateReader, stats: { hits: number; misses: number }) {
    this.store = store;
    this.reader = reader;
    this.stats = stats;
  }

  read(bounds: Bounds): readonly RangeItem<V>[] {
    const id = rangeId(bounds);
    const known = this.known.get(id);
    if (known !== undefined) {
      this.stats.hits++;
      return known;
    }
    this.stats.misses++;
    const waiting = scanNowOrLater(this.reader, this.store, bounds, (entries) => {
      this.known.set(
        id,
        entries.map(([key, bytes]) => ({ id: idOf(key), key, bytes })),
      );
    });
    if (waiting !== undefined) throw new Suspend(waiting);
    return this.known.get(id) ?? [];
  }

  clear(): void {
    this.known.clear();
  }
}

const rangeId = ({ gte, lt }: Bounds): string =>
  `${gte === undefined ? '-' : `[${idOf(gte)}`}\u0100${lt === undefined ? '-' : `)${idOf(lt)}`}`;
