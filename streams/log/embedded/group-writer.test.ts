import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../log.ts';
import type { Write } from './group.ts';
import { GroupWriter } from './group-writer.ts';
import { Partition } from './partition.ts';
import { encodedSize } from './record-batch.ts';
import type { Mutation } from './storage.ts';
import { TailCache } from './tail-cache.ts';

/** A storage and a disk that do nothing until told. */
class Steps {
  readonly #waiting: { name: string; done: (error?: Error) => void }[] = [];
  readonly written: (readonly Mutation[])[] = [];

  write(mutations: readonly Mutation[]): Promise<void> {
    this.written.push(mutations);
    return this.#wait('write');
  }

  sync(): Promise<void> {
    return this.#wait('sync');
  }

  /** Lets the operation that has waited longest end; it must be this one. */
  async end(name: 'write' | 'sync', error?: Error): Promise<void> {
    await vi.waitFor(() => expect(this.waiting).toContain(name), { interval: 1 });
    const index = this.#waiting.findIndex((each) => each.name === name);
    this.#waiting.splice(index, 1)[0]?.done(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  get waiting(): string[] {
    return this.#waiting.map(({ name }) => name);
  }

  #wait(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, done: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  }
}

const RECORD: LogRecord = { key: null, value: Buffer.from('v'), timestamp: 1, headers: [] };

function setUp() {
  const steps = new Steps();
  const writer = new GroupWriter(steps, new TailCache(1024), steps, () => 0);
  const outcomes: string[] = [];
  const submit = (name: string, write: Partial<Write>): void => {
    const partitions = write.partitions ?? [];
    const records = partitions.map(() => RECORD);
    writer
      .submit({
        records,
        partitions,
        sizes: records.map(encodedSize),
        mutations: [],
        durable: true,
        ...write,
      })
      .then((offsets) => outcomes.push(`${name}:${offsets.join()}`))
      .catch(({ code }: { code: string }) => outcomes.push(`${name}:${code}`));
  };
  const partition = (index: number): Partition => new Partition('t', 1, index);
  return { steps, writer, outcomes, submit, partition };
}

test('a durable write is acknowledged, and seen, after the sync', async () => {
  const { steps, outcomes, submit, partition } = setUp();
  const p = partition(0);
  submit('a', { partitions: [p, p] });
  await steps.end('write');
  expect([outcomes, p.end, p.next]).toEqual([[], 0, 2]);
  await steps.end('sync');
  expect([outcomes, p.end]).toEqual([['a:0,1'], 2]);
});

test('what arrives during a sync goes together into the next write, as one batch per partition', async () => {
  const { steps, outcomes, submit, partition } = setUp();
  const p = partition(0);
  submit('a', { partitions: [p] });
  await steps.end('write');
  submit('b', { partitions: [p] });
  await new Promise((resolve) => setImmediate(resolve));
  submit('c', { partitions: [p, p] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(steps.waiting).toEqual(['sync']);
  await steps.end('sync');
  await steps.end('write');
  await steps.end('sync');
  expect(outcomes).toEqual(['a:0', 'b:1', 'c:2,3']);
  expect(steps.written.map((mutations) => mutations.length)).toEqual([1, 1]);
});

test('what every turn of the event loop adds to goes together, but waits for no more than a few turns', async () => {
  const { steps, submit } = setUp();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const count = () => steps.written.at(-1)?.length;
  const mutations = [{ key: Buffer.from('k'), value: null }];
  submit('a', { mutations });
  submit('b', { mutations });
  await turn();
  submit('c', { mutations });
  await turn();
  expect(steps.waiting).toEqual([]);
  await turn();
  expect(count()).toBe(3);
  await steps.end('write');
  await steps.end('sync');
  let more = 0;
  while (steps.waiting.length === 0) {
    for (let i = 0; i < 4; i++) submit(`${more++}`, { mutations });
    await turn();
  }
  expect(count()).toBeGreaterThan(4);
});

test('a write that need not be durable neither waits for the sync of others nor lets a gap be seen', async () => {
  const { steps, outcomes, submit, partition } = setUp();
  const [synced, free] = [partition(0), partition(1)];
  submit('append', { partitions: [synced] });
  await steps.end('write');
  submit('commit elsewhere', { partitions: [free], durable: false });
  submit('commit behind', { partitions: [synced], durable: false });
  await steps.end('write');
  expect(outcomes).toEqual(['commit elsewhere:0']);
  expect([synced.end, free.end]).toEqual([0, 1]);
  await steps.end('sync');
  expect([synced.end, outcomes]).toEqual([1, ['commit elsewhere:0', 'append:0']]);
  await steps.end('sync');
  expect([synced.end, outcomes.at(-1)]).toEqual([2, 'commit behind:1']);
});

describe('callers who were answered together', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answerTwo = async () => {
    const set = setUp();
    set.submit('a', {});
    set.submit('b', {});
    await set.steps.end('write');
    await set.steps.end('sync');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    return set;
  };
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are one group when they come back', async () => {
    const { steps, submit } = await answerTwo();
    submit('a', {});
    await turn();
    expect(steps.waiting).toEqual([]);
    submit('b', {});
    await turn();
    expect(steps.waiting).toEqual(['write']);
  });

  test('are not waited for longer than a millisecond', async () => {
    const { steps, submit } = await answerTwo();
    submit('a', {});
    await turn();
    vi.advanceTimersByTime(1);
    expect(steps.waiting).toEqual(['write']);
  });

  test('keep no one waiting whose write need not be durable', async () => {
    const { steps, submit } = await answerTwo();
    submit('commit', { durable: false });
    await turn();
    expect(steps.waiting).toEqual(['write']);
  });
});

test('a durable write of no records waits for the sync too', async () => {
  const { steps, outcomes, submit } = setUp();
  const mutations = [{ key: Buffer.from('k'), value: null }];
  submit('volatile', { mutations, durable: false });
  submit('durable', { mutations });
  await steps.end('write');
  expect(outcomes).toEqual(['volatile:']);
  await steps.end('sync');
  expect(outcomes).toEqual(['volatile:', 'durable:']);
});

test('a failed write rejects its own group only; its offsets are given to the next', async () => {
  const { steps, outcomes, submit, partition } = setUp();
  const p = partition(0);
  submit('a', { partitions: [p] });
  await steps.end('write', new Error('No space left on device'));
  submit('b', { partitions: [p] });
  await steps.end('write');
  await steps.end('sync');
  expect(outcomes).toEqual(['a:UNAVAILABLE', 'b:0']);
});

test('after a failed sync nothing more is accepted, and what it left uncertain is never seen', async () => {
  const { steps, writer, outcomes, submit, partition } = setUp();
  const p = partition(0);
  submit('a', { partitions: [p] });
  await steps.end('write');
  submit('during', { partitions: [p], durable: false });
  submit('queued', { partitions: [p] });
  await vi.waitFor(() => expect(steps.waiting).toEqual(['sync', 'write']));
  await steps.end('sync', new Error('EIO'));
  await steps.end('write');
  submit('late', { partitions: [p] });
  await writer.idle();
  await vi.waitFor(() => expect(outcomes).toHaveLength(4));
  expect(outcomes.sort()).toEqual([
    'a:UNAVAILABLE',
    'during:UNAVAILABLE',
    'late:UNAVAILABLE',
    'queued:UNAVAILABLE',
  ]);
  expect(p.end).toBe(0);
  expect(steps.waiting).toEqual([]);
});

test('is idle when all is written and synced', async () => {
  const { steps, writer, outcomes, submit, partition } = setUp();
  await writer.idle();
  submit('a', { partitions: [partition(0)] });
  const idle = writer.idle().then(() => outcomes.push('idle'));
  await steps.end('write');
  await steps.end('sync');
  await idle;
  expect(outcomes).toEqual(['a:0', 'idle']);
});
