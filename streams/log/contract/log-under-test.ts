import { afterEach, beforeEach, expect } from 'vitest';
import type { LogErrorCode } from '../errors.ts';
import type {
  ConsumeOptions,
  Log,
  LogConsumer,
  ReadOptions,
  StateChange,
  StoredRecord,
  TaskLog,
  TaskOptions,
  TopicPartition,
} from '../log.ts';
import { text, unique } from './records.ts';

/** A place where a log lives: opened again, it has what it had when it was closed. */
export interface LogFixture {
  open(): Promise<Log>;
  remove(): Promise<void>;
}

/** For `vi.waitFor`. */
export const DEADLINE = { timeout: 60_000, interval: 5 };

/** One fresh log per test, and shorthands for what most tests do with it. */
export class LogUnderTest {
  readonly #create: () => Promise<LogFixture>;
  readonly #consumers: LogConsumer[] = [];
  #open: { readonly fixture: LogFixture; readonly log: Log } | undefined;

  constructor(create: () => Promise<LogFixture>) {
    this.#create = create;
    beforeEach(async () => {
      const fixture = await this.#create();
      this.#open = { fixture, log: await fixture.open() };
    });
    afterEach(async () => {
      await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
      await this.log.close();
      await this.#open?.fixture.remove();
    });
  }

  get log(): Log {
    if (this.#open === undefined) throw new Error('only inside a test');
    return this.#open.log;
  }

  async reopen(): Promise<void> {
    await this.log.close();
    if (this.#open !== undefined) this.#open = { ...this.#open, log: await this.#open.fixture.open() };
  }

  async createTopic(partitions: number): Promise<string> {
    const topic = unique('topic');
    await this.log.createTopics([{ name: topic, partitions }]);
    return topic;
  }

  readAll(topic: string, partition = 0, options: Partial<ReadOptions> = {}): Promise<StoredRecord[]> {
    return collect(this.log.read({ topic, partition, from: 0, ...options }));
  }

  async valuesOf(topic: string, partition = 0): Promise<(string | undefined)[]> {
    return (await this.readAll(topic, partition)).map(text);
  }

  /** With one store, `store`, unless stated. */
  openTask(options: Partial<TaskOptions>): Promise<TaskLog> {
    const id = unique('task');
    const group = unique('group');
    return this.log.openTask({ id, group, partitions: [], stores: [{ name: 'store' }], ...options });
  }

  /** Closed after the test, at the latest. */
  async consume(options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'topics'>): Promise<Recorder> {
    const recorder = new Recorder();
    recorder.consumer = await this.log.consume({
      group: unique('group'),
      onAssigned: async (partitions) => recorder.assigned(partitions),
      onRevoked: async (partitions) => recorder.revoked(partitions),
      onRecords: (records) => recorder.received(records),
      onError: (error) => recorder.errors.push(error),
      ...options,
    });
    this.#consumers.push(recorder.consumer);
    return recorder;
  }
}

/** What a consumer was told. */
export class Recorder {
  consumer: LogConsumer | undefined;
  /** As `topic-partition`. */
  readonly owned = new Set<string>();
  readonly errors: Error[] = [];
  readonly #records: StoredRecord[] = [];

  assigned(partitions: readonly TopicPartition[]): undefined {
    for (const at of partitions) this.owned.add(label(at));
  }

  revoked(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.owned.delete(label(at));
  }

  received(records: readonly StoredRecord[]): void {
    this.#records.push(...records);
  }

  get count(): number {
    return this.#records.length;
  }

  values(topic: string, partition: number): (string | undefined)[] {
    return this.#records.filter((each) => each.topic === topic && each.partition === partition).map(text);
  }
}

export function label({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

export async function collect(chunks: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const chunk of chunks) records.push(...chunk);
  return records;
}

export async function fails(code: LogErrorCode, outcome: Promise<unknown>): Promise<void> {
  await expect(outcome).rejects.toMatchObject({ name: 'LogError', code });
}

export async function get(task: TaskLog, ...keys: string[]): Promise<(string | undefined)[]> {
  const values = await task.getMany(
    'store',
    keys.map((key) => Buffer.from(key)),
  );
  return values.map((value) => value?.toString());
}

/** A change of the store `store`. */
export function change(key: string, value: string | null): StateChange {
  return { store: 'store', key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
}

/** Something to wait at until it is opened. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
