import type { JoinWindows } from '../dsl/windows.ts';
import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import type { Serde } from '../serdes/serde.ts';
import type { TimeQueue } from '../state/time-queue.ts';
import type { WindowStore } from '../state/window-store.ts';
import { isNull } from './change.ts';
import { type JoinTime, keyOfName, type Side, type Unmatched, unmatchedName } from './unmatched.ts';

/** Puts the records of one side where the other side finds them, after they have been joined themselves. */
export class JoinWindow<K, V> implements Processor<K, V, K, V> {
  private readonly storeName: string;
  private context!: ProcessorContext<K, V>;
  private store!: WindowStore<K, V>;

  constructor(storeName: string) {
    this.storeName = storeName;
  }

  init(context: ProcessorContext<K, V>): void {
    this.context = context;
    this.store = context.store(this.storeName);
  }

  process(record: StreamRecord<K, V>): void {
    this.context.forward(record);
    if (!isNull(record.key)) this.store.put(record.key, record.value ?? null, record.timestamp);
  }
}

/** A join of two streams, as both of its sides know it. */
export interface StreamJoin<K, V, VO, VR> {
  readonly windows: JoinWindows;
  readonly key: Serde<K>;
  readonly joiner: (left: V | null, right: VO | null, key: K) => VR;
  readonly leftOuter: boolean;
  readonly rightOuter: boolean;
  readonly leftStore: string;
  readonly rightStore: string;
  readonly timeStore: string;
  /** Of a left or outer join: the records that wait for a match. */
  readonly unmatchedStore: string | undefined;
}

/**
 * One side of a windowed join of two streams. Joins a record with all records of the other side, of its key, within
 * the window; there is no check for late records, a late one joins whatever is still stored. Both sides share one
 * time, which every record moves.
 *
 * A record of an outer side without a match is sent, joined with null, at once if its window is over, and otherwise
 * waits until it is over for the grace too; then it is sent when a record moves time. When exactly follows Kafka 4.1
 * to the letter (`emitUnmatched`), which can be a little later than need be.
 */
abstract class StreamJoinSide<K, V, VO, VR, VOwn, VOther> implements Processor<K, VOwn, K, VR> {
  protected readonly join: StreamJoin<K, V, VO, VR>;
  protected context!: ProcessorContext<K, VR>;
  protected unmatched: TimeQueue<Unmatched<V, VO>> | undefined;
  protected time!: JoinTime;
  private others!: WindowStore<K, VOther>;

  constructor(join: StreamJoin<K, V, VO, VR>) {
    this.join = join;
  }

  protected abstract readonly otherSide: Side;
  protected abstract readonly otherStore: string;
  protected abstract readonly outer: boolean;
  /** The other side's records are looked for from so long before this one's time to so long after it. */
  protected abstract readonly beforeMs: number;
  protected abstract readonly afterMs: number;
  protected abstract joined(own: VOwn, other: VOther | null, key: K): VR;
  protected abstract wait(record: StreamRecord<K, VOwn>, queue: TimeQueue<Unmatched<V, VO>>): void;

  init(context: ProcessorContext<K, VR>): void {
    const { timeStore, unmatchedStore } = this.join;
    this.context = context;
    this.others = context.store(this.otherStore);
    this.time = context.store(timeStore);
    this.unmatched = unmatchedStore === undefined ? undefined : context.store(unmatchedStore);
  }

  process(record: StreamRecord<K, VOwn>): void {
    const { key, value, timestamp, headers } = record;
    const { latest } = this.time;
    if (timestamp > latest.get()) latest.set(timestamp);
    if (isNull(value)) return;
    if (isNull(key)) {
      if (this.outer) this.context.forward({ key, value: this.joined(value, null, key), timestamp, headers });
      return;
    }
    if (this.unmatched !== undefined && timestamp === latest.get())
      this.emitUnmatched(this.unmatched, record);
    const to = Math.max(0, timestamp + this.afterMs);
    const matches = this.others.fetchRange(key, Math.max(0, timestamp - this.beforeMs), to);
    for (const [time, other] of matches) {
      this.unmatched?.remove(time, unmatchedName(this.otherSide, this.join.key.serialize(key)));
      this.context.forward({
        key,
        value: this.joined(value, other, key),
        timestamp: Math.max(timestamp, time),
        headers,
      });
    }
    if (matches.length > 0 || !this.outer) return;
    if (this.unmatched === undefined || to < latest.get()) {
      this.context.forward({ key, value: this.joined(value, null, key), timestamp, headers });
    } else {
      const { earliestUnmatched } = this.time;
      if (timestamp < earliestUnmatched.get()) earliestUnmatched.set(timestamp);
      this.wait(record, this.unmatched);
    }
  }

  /** Kafka's `emitNonJoinedOuterRecords`: looks only if there might be something, and stops when it has met a record
   * that still waits on each side. */
  private emitUnmatched(queue: TimeQueue<Unmatched<V, VO>>, { headers }: StreamRecord<K, VOwn>): void {
    const { latest, earliestUnmatched } = this.time;
    const { beforeMs, afterMs, graceMs = 0 } = this.join.windows;
    const now = latest.get();
    if (earliestUnmatched.get() + this.afterMs + graceMs >= now) return;
    earliestUnmatched.set(Number.POSITIVE_INFINITY);
    const open = { left: false, right: false };
    queue.walk((timestamp, name, unmatched) => {
      earliestUnmatched.set(timestamp);
      if (open.left && open.right) return false;
      if (timestamp + (unmatched.side === 'left' ? afterMs : beforeMs) + graceMs >= now) {
        open[unmatched.side] = true;
        return true;
      }
      const key = this.join.key.deserialize(keyOfName(name));
      for (const value of this.joinedWithNull(unmatched, key)) {
        this.context.forward({ key, value, timestamp, headers });
      }
      queue.remove(timestamp, name);
      return true;
    });
  }

  private joinedWithNull(unmatched: Unmatched<V, VO>, key: K): VR[] {
    const { joiner } = this.join;
    return unmatched.side === 'left'
      ? unmatched.values.map((value) => joiner(value, null, key))
      : unmatched.values.map((value) => joiner(null, value, key));
  }
}

export class LeftJoinSide<K, V, VO, VR> extends StreamJoinSide<K, V, VO, VR, V, VO> {
  protected override readonly otherSide = 'right';
  protected override readonly otherStore = this.join.rightStore;
  protected override readonly outer = this.join.leftOuter;
  protected override readonly beforeMs = this.join.windows.beforeMs;
  protected override readonly afterMs = this.join.windows.afterMs;

  protected override joined(own: V, other: VO | null, key: K): VR {
    return this.join.joiner(own, other, key);
  }

  protected override wait(
    { key, value, timestamp }: StreamRecord<K, V>,
    queue: TimeQueue<Unmatched<V, VO>>,
  ): void {
    const name = unmatchedName('left', this.join.key.serialize(key));
    const there = queue.get(timestamp, name);
    queue.put(timestamp, name, {
      side: 'left',
      values: there?.side === 'left' ? [...there.values, value] : [value],
    });
  }
}

export class RightJoinSide<K, V, VO, VR> extends StreamJoinSide<K, V, VO, VR, VO, V> {
  protected override readonly otherSide = 'left';
  protected override readonly otherStore = this.join.leftStore;
  protected override readonly outer = this.join.rightOuter;
  protected override readonly beforeMs = this.join.windows.afterMs;
  protected override readonly afterMs = this.join.windows.beforeMs;

  protected override joined(own: VO, other: V | null, key: K): VR {
    return this.join.joiner(other, own, key);
  }

  protected override wait(
    { key, value, timestamp }: StreamRecord<K, VO>,
    queue: TimeQueue<Unmatched<V, VO>>,
  ): void {
    const name = unmatchedName('right', this.join.key.serialize(key));
    const there = queue.get(timestamp, name);
    queue.put(timestamp, name, {
      side: 'right',
      values: there?.side === 'right' ? [...there.values, value] : [value],
    });
  }
}
