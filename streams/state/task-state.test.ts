import { describe, expect, it } from 'vitest';
import { serdes } from '../serdes/primitives.ts';
import { Suspend } from '../suspend.ts';
import { MemoryState } from '../testing/memory-state.ts';
import { type KeyValueStore, keyValueStore } from './key-value-store.ts';
import { sessionStore } from './session-store.ts';
import type { StateReader } from './state-reader.ts';
import type { StoreBuilder } from './store.ts';
import { TaskState } from './task-state.ts';
import { timeQueue } from './time-queue.ts';
import { windowStore } from './window-store.ts';

const text = serdes.string();
const strings = { key: text, value: text };

/** A task's state over memory that can only be read by waiting; `reads` counts how often. */
class Bench {
  readonly memory = new MemoryState();
  reads = 0;
  state: TaskState;
  private readonly maxEntriesPerStore: number;

  constructor(maxEntriesPerStore = 1_000) {
    this.maxEntriesPerStore = maxEntriesPerStore;
    this.state = this.open();
  }

  async restart<S>(builder: StoreBuilder<S>): Promise<S> {
    this.state = this.open();
    await this.state.restoreRegisters();
    return this.state.build(builder);
  }

  /** As the runtime does: undone and tried again until nothing is missing. */
  async record<T>(step: () => T): Promise<T> {
    for (;;) {
      try {
        const result = step();
        this.state.accept();
        return result;
      } catch (error) {
        this.state.rollback();
        if (!(error instanceof Suspend)) throw error;
        await error.until;
      }
    }
  }

  async commit(): Promise<void> {
    await this.state.sweep();
    this.memory.apply(this.state.changes());
    this.state.committed();
  }

  stored(store: string): number {
    return this.memory.scanNow(store, {}).length;
  }

  private open(): TaskState {
    const reader: StateReader = {
      getMany: (store, keys) => {
        this.reads++;
        return this.memory.getMany(store, keys);
      },
      scan: (store, range) => {
        this.reads++;
        return this.memory.scan(store, range);
      },
    };
    return new TaskState(reader, { maxEntriesPerStore: this.maxEntriesPerStore });
  }
}

describe('a record that is undone', () => {
  it('leaves no trace: values, deletions, new keys, ranges, registers', async () => {
    const bench = new Bench();
    const store = bench.state.build(keyValueStore({ name: 's', ...strings }));
    const register = bench.state.register('r');
    await bench.record(() => {
      store.put('a', '1');
      store.put('b', '2');
      register.set(7);
    });
    await bench.record(() => store.all());
    store.put('a', 'x');
    store.put('b', null);
    store.put('c', '3');
    store.put('a', 'y');
    register.set(8);
    bench.state.rollback();
    expect(await bench.record(() => store.all())).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(register.get()).toBe(7);
    await bench.commit();
    expect(bench.stored('s')).toBe(2);
  });
});

describe('a key-value store', () => {
  it('merges what is committed with what is not, in order of bytes', async () => {
    const bench = new Bench();
    const store = bench.state.build(keyValueStore({ name: 's', ...strings }));
    await bench.record(() => {
      for (const key of ['b', 'd', 'f']) store.put(key, 'old');
    });
    await bench.commit();
    await bench.record(() => {
      store.put('a', 'new');
      store.put('d', null);
      store.put('e', 'new');
      store.put('f', 'new');
    });
    const all = [
      ['a', 'new'],
      ['b', 'old'],
      ['e', 'new'],
      ['f', 'new'],
    ];
    expect(await bench.record(() => store.all())).toEqual(all);
    expect(await bench.record(() => store.range('b', 'e'))).toEqual(all.slice(1, 3));
    expect(await bench.record(() => store.all({ reverse: true, limit: 2 }))).toEqual(all.slice(2).reverse());
  });

  it('never waits again once it is resident, and outlives a restart', async () => {
    const builder = keyValueStore({ name: 's', ...strings, persistent: false });
    const bench = new Bench(0);
    const store = bench.state.build(builder);
    await bench.record(() => store.get('nobody'));
    expect(bench.reads).toBe(1);
    await bench.record(() => store.put('a', '1'));
    await bench.commit();
    const again: KeyValueStore<string, string> = await bench.restart(builder);
    bench.reads = 0;
    expect(await bench.record(() => again.get('a'))).toBe('1');
    expect(await bench.record(() => again.get('b'))).toBeNull();
    await bench.record(() => again.put('b', '2'));
    await bench.commit();
    await bench.record(() => again.put('a', null));
    await bench.commit();
    expect(await bench.record(() => again.all())).toEqual([['b', '2']]);
    expect(bench.reads).toBe(1);
  });

  it('without changelog and disk reads and commits nothing', async () => {
    const builder = keyValueStore({ name: 's', ...strings, persistent: false, logging: false });
    const bench = new Bench(0);
    const store = bench.state.build(builder);
    await bench.record(() => store.put('a', '1'));
    await bench.commit();
    expect(await bench.record(() => store.get('a'))).toBe('1');
    expect([bench.reads, bench.stored('s')]).toEqual([0, 0]);
  });
});

describe('a window store', () => {
  const builder = (retentionMs: number) =>
    windowStore({ name: 'w', ...strings, windowSizeMs: 10, retentionMs, retainDuplicates: true });

  it('reads the windows of one key only, also of keys that begin alike, and without waiting once they are there', async () => {
    const bench = new Bench();
    const store = bench.state.build(builder(1_000));
    const keys = ['user', 'user-1', 'user-10', 'use'];
    await bench.record(() => {
      for (const key of keys) store.put(key, `of ${key}`, 20);
    });
    await bench.commit();
    const again = await bench.restart(builder(1_000));
    expect(await bench.record(() => again.fetchRange('user-1', 0, 30))).toEqual([[20, 'of user-1']]);
    bench.reads = 0;
    await bench.record(() => again.put('user-1', 'late', 5));
    expect(await bench.record(() => again.fetchRange('user-1', 0, 30))).toEqual([
      [5, 'late'],
      [20, 'of user-1'],
    ]);
    expect(bench.reads).toBe(0);
  });

  it('goes on numbering duplicates after a restart', async () => {
    const bench = new Bench();
    const store = bench.state.build(builder(1_000));
    await bench.record(() => store.put('a', '1', 5));
    await bench.commit();
    const again = await bench.restart(builder(1_000));
    await bench.record(() => again.put('a', '2', 5));
    expect((await bench.record(() => again.fetchRange('a', 5, 5))).map(([, value]) => value)).toEqual([
      '1',
      '2',
    ]);
  });

  it('hides what is older than its retention at once, and deletes it a bounded number at a time', async () => {
    const bench = new Bench(10);
    const store = bench.state.build(builder(100_000));
    for (let index = 0; index < 2_500; index++) await bench.record(() => store.put(`k${index}`, 'v', index));
    await bench.commit();
    expect(bench.stored('w')).toBe(2_500);
    await bench.record(() => store.put('now', 'v', 200_000));
    expect((await bench.record(() => store.all())).length).toBe(1);
    const left: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await bench.commit();
      left.push(bench.stored('w'));
    }
    expect(left).toEqual([1_501, 501, 1, 1]);
  });
});

describe('a session store', () => {
  it('finds the sessions of a key that end late and start early enough, in order of end', async () => {
    const bench = new Bench();
    const store = bench.state.build(sessionStore({ name: 's', ...strings, retentionMs: 1_000 }));
    await bench.record(() => {
      store.put({ key: 'a', window: { start: 10, end: 20 } }, 'x');
      store.put({ key: 'a', window: { start: 30, end: 30 } }, 'y');
      store.put({ key: 'a', window: { start: 40, end: 60 } }, 'z');
      store.put({ key: 'b', window: { start: 30, end: 30 } }, 'other');
    });
    const found = await bench.record(() => store.findSessions('a', 20, 30));
    expect(found.map(([, value]) => value)).toEqual(['x', 'y']);
  });
});

describe('a queue in order of time', () => {
  const builder = timeQueue({ name: 'q', codec: { encode: text.serialize, decode: text.deserialize } });
  const name = (index: number) => Buffer.from(String(index).padStart(5, '0'));
  const first = (count: number, queue: ReturnType<typeof builder.build>) => (): string[] => {
    const found: string[] = [];
    queue.walk((_time, _name, value) => {
      found.push(value);
      return found.length < count;
    });
    return found;
  };

  it('reads its front in parts, and takes changes in wherever they belong', async () => {
    const bench = new Bench(0);
    const queue = bench.state.build(builder);
    await bench.record(() => {
      for (let index = 0; index < 5_000; index++) queue.put(index * 2, name(index), `v${index}`);
    });
    await bench.commit();
    const again = await bench.restart(builder);
    bench.reads = 0;
    expect(await bench.record(first(3, again))).toEqual(['v0', 'v1', 'v2']);
    expect(bench.reads).toBe(1);
    await bench.record(() => {
      again.put(1, name(0), 'between');
      again.put(9_999, name(0), 'last');
      again.remove(2, name(1));
      again.remove(8_000, name(4_000));
    });
    expect(await bench.record(first(3, again))).toEqual(['v0', 'between', 'v2']);
    await bench.commit();
    const all = await bench.record(first(Number.POSITIVE_INFINITY, again));
    expect(all.length).toBe(5_000);
    expect([all[1], all.at(-1), all.includes('v4000')]).toEqual(['between', 'last', false]);
    await bench.commit();
    await bench.record(() => again.put(1, name(9), 'early'));
    expect(await bench.record(first(4, again))).toEqual(['v0', 'between', 'early', 'v2']);
    expect((await bench.record(first(Number.POSITIVE_INFINITY, again))).length).toBe(5_001);
  });
});
