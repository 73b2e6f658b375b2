import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import { isNull, type TableReader, type TableView } from './change.ts';

/**
 * Looks each record of a stream up in a table as it is at that moment; key, timestamp and headers stay the record's.
 * A null value is dropped. A null join key is dropped by an inner join and joined with null by a left one.
 */
export class StreamTableJoin<K, V, KT, VT, VR> implements Processor<K, V, K, VR> {
  private readonly table: TableView<KT, VT>;
  private readonly keyOf: (key: K, value: V) => KT | null;
  private readonly joiner: (value: V, row: VT | null, key: K) => VR;
  private readonly left: boolean;
  private context!: ProcessorContext<K, VR>;
  private read!: TableReader<KT, VT>;

  constructor(
    table: TableView<KT, VT>,
    keyOf: (key: K, value: V) => KT | null,
    joiner: (value: V, row: VT | null, key: K) => VR,
    left: boolean,
  ) {
    this.table = table;
    this.keyOf = keyOf;
    this.joiner = joiner;
    this.left = left;
  }

  init(context: ProcessorContext<K, VR>): void {
    this.context = context;
    this.read = this.table.open(context);
  }

  process({ key, value, timestamp, headers }: StreamRecord<K, V>): void {
    if (isNull(value)) return;
    const tableKey = this.keyOf(key, value);
    const row = isNull(tableKey) ? null : this.read(tableKey);
    if (row === null && !this.left) return;
    this.context.forward({ key, value: this.joiner(value, row?.value ?? null, key), timestamp, headers });
  }
}
