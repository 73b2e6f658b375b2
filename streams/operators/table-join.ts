import type { Processor, ProcessorContext } from '../processor.ts';
import type { TimestampedKeyValueStore } from '../state/key-value-store.ts';
import {
  type Change,
  type ChangeRecord,
  isNull,
  type TableOrigin,
  type TableReader,
  type TableView,
} from './change.ts';
import { storeView } from './views.ts';

/** Which sides may be without a row in a joined row. */
export type JoinKind = 'inner' | 'left' | 'outer';

export type TableJoiner<V, VO, VR> = (left: V | null, right: VO | null) => VR | null;

/**
 * Two tables joined by key: a change of either side is joined with the other side's row as it is. A tombstone of one
 * side passes on as one wherever the joined row might have been, even if there was none. Timestamps: the greatest of
 * the change's and the other row's.
 */
export class TableJoin<K, V, VO, VR> implements TableOrigin<K, VR> {
  readonly leftView: TableView<K, V>;
  readonly rightView: TableView<K, VO>;
  private readonly left: TableOrigin<K, V>;
  private readonly right: TableOrigin<K, VO>;
  private readonly joiner: TableJoiner<V, VO, VR>;
  private readonly kind: JoinKind;
  private readonly store: string | undefined;
  private sendsOldValues = false;

  constructor(
    left: TableOrigin<K, V>,
    right: TableOrigin<K, VO>,
    joiner: TableJoiner<V, VO, VR>,
    kind: JoinKind,
    store: string | undefined,
  ) {
    this.left = left;
    this.right = right;
    this.joiner = joiner;
    this.kind = kind;
    this.store = store;
    // A side that may stand alone must tell whether it was there.
    if (kind !== 'inner') left.sendOldValues(true);
    if (kind === 'outer') right.sendOldValues(true);
    this.leftView = left.view();
    this.rightView = right.view();
  }

  /** Both sides keep stores anyway, so old values cost nothing to have. */
  sendOldValues(): boolean {
    this.left.sendOldValues(true);
    this.right.sendOldValues(true);
    this.sendsOldValues = true;
    return true;
  }

  view(): TableView<K, VR> {
    if (this.store !== undefined) return storeView(this.store);
    const { leftView, rightView } = this;
    return {
      stores: [...leftView.stores, ...rightView.stores],
      open: (context) => {
        const [readLeft, readRight] = [leftView.open(context), rightView.open(context)];
        return (key) => {
          const [leftRow, rightRow] = [readLeft(key), readRight(key)];
          const value = this.has(leftRow !== null, rightRow !== null)
            ? this.joiner(leftRow?.value ?? null, rightRow?.value ?? null)
            : null;
          if (isNull(value)) return null;
          return { value, timestamp: Math.max(leftRow?.timestamp ?? -1, rightRow?.timestamp ?? -1) };
        };
      },
    };
  }

  /** For changes of the left side. */
  leftProcessor(): Processor<K, Change<V>, K, Change<VR>> {
    return new TableJoinSide<K, V, VO, VR>(
      this.rightView,
      (own, other) => (this.has(own !== null, other !== null) ? this.joiner(own, other) : null),
      this.kind === 'inner',
      this.sendsOldValues,
    );
  }

  /** For changes of the right side. */
  rightProcessor(): Processor<K, Change<VO>, K, Change<VR>> {
    return new TableJoinSide<K, VO, V, VR>(
      this.leftView,
      (own, other) => (this.has(other !== null, own !== null) ? this.joiner(other, own) : null),
      this.kind !== 'outer',
      this.sendsOldValues,
    );
  }

  mergeProcessor(): Processor<K, Change<VR>, K, Change<VR>> {
    return new TableJoinMerge(this.store, this.sendsOldValues);
  }

  /** Is there a joined row of these sides? */
  private has(left: boolean, right: boolean): boolean {
    switch (this.kind) {
      case 'inner':
        return left && right;
      case 'left':
        return left;
      case 'outer':
        return left || right;
    }
  }
}

/** Joins the changes of one side with the rows of the other. */
class TableJoinSide<K, V, VO, VR> implements Processor<K, Change<V>, K, Change<VR>> {
  private readonly otherView: TableView<K, VO>;
  private readonly join: (own: V | null, other: VO | null) => VR | null;
  private readonly needsOther: boolean;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<VR>>;
  private readOther!: TableReader<K, VO>;

  /** `needsOther`: without a row on the other side, nothing is sent. */
  constructor(
    otherView: TableView<K, VO>,
    join: (own: V | null, other: VO | null) => VR | null,
    needsOther: boolean,
    sendsOldValues: boolean,
  ) {
    this.otherView = otherView;
    this.join = join;
    this.needsOther = needsOther;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<VR>>): void {
    this.context = context;
    this.readOther = this.otherView.open(context);
  }

  process({ key, value: change, timestamp, headers }: ChangeRecord<K, V>): void {
    if (isNull(key)) return;
    const other = this.readOther(key);
    if (other === null && (this.needsOther || (change.newValue === null && change.oldValue === null))) return;
    this.context.forward({
      key,
      value: {
        newValue: this.join(change.newValue, other?.value ?? null) ?? null,
        oldValue: this.sendsOldValues ? (this.join(change.oldValue, other?.value ?? null) ?? null) : null,
      },
      timestamp: other === null ? timestamp : Math.max(timestamp, other.timestamp),
      headers,
    });
  }
}

/** Both sides' results as one table. */
class TableJoinMerge<K, V> implements Processor<K, Change<V>, K, Change<V>> {
  private readonly storeName: string | undefined;
  private readonly sendsOldValues: boolean;
  private context!: ProcessorContext<K, Change<V>>;
  private store: TimestampedKeyValueStore<K, V> | undefined;

  constructor(storeName: string | undefined, sendsOldValues: boolean) {
    this.storeName = storeName;
    this.sendsOldValues = sendsOldValues;
  }

  init(context: ProcessorContext<K, Change<V>>): void {
    this.context = context;
    if (this.storeName !== undefined) this.store = context.store(this.storeName);
  }

  process(record: ChangeRecord<K, V>): void {
    const { key, value, timestamp, headers } = record;
    this.store?.put(key, value.newValue === null ? null : { value: value.newValue, timestamp });
    this.context.forward(
      this.sendsOldValues
        ? record
        : { key, value: { newValue: value.newValue, oldValue: null }, timestamp, headers },
    );
  }
}
