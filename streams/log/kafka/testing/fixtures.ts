import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, OutgoingRecord, StateChange, StoredRecord, TaskLog } from '../../log.ts';
import { type KafkaLogOptions, openKafkaLog } from '../index.ts';

/** Tests share a broker: names must not meet. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

/** Logs and directories that a test leaves behind, to be put away after it. */
export class Bench {
  readonly #brokers: () => string[];
  readonly #logs: Log[] = [];
  readonly #directories: string[] = [];

  constructor(brokers: () => string[]) {
    this.#brokers = brokers;
  }

  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'kafka-log-'));
    this.#directories.push(directory);
    return directory;
  }

  /** As another process would be: with a state directory of its own, unless it is given one. */
  async open(options: Partial<KafkaLogOptions> = {}): Promise<Log> {
    const log = await openKafkaLog({
      brokers: this.#brokers(),
      clientId: 'test',
      stateDirectory: options.stateDirectory ?? (await this.directory()),
      heartbeatMs: 100,
      sessionTimeoutMs: 3_000,
      // A killed broker may take long to be back.
      retryMs: 300_000,
      ...options,
    });
    this.#logs.push(log);
    return log;
  }

  async clear(): Promise<void> {
    await Promise.all(this.#logs.splice(0).map((log) => log.close()));
    await Promise.all(this.#directories.splice(0).map((each) => rm(each, { recursive: true, force: true })));
  }
}

/** Of now: a broker that was killed forgets producers whose last record is a day old, and with them what they wrote. */
export function record(topic: string, value: string, rest: Partial<OutgoingRecord> = {}): OutgoingRecord {
  return { topic, key: null, value: Buffer.from(value), timestamp: Date.now(), headers: [], ...rest };
}

export function change(key: string, value: string | null): StateChange {
  return { store: 'store', key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
}

export async function valuesOf(log: Log, topic: string, partition = 0): Promise<string[]> {
  const records: StoredRecord[] = [];
  for await (const chunk of log.read({ topic, partition, from: 0 })) records.push(...chunk);
  return records.map(({ value }) => value?.toString() ?? '');
}

export async function stateOf(task: TaskLog): Promise<Record<string, string>> {
  const entries = await task.scan('store', {});
  return Object.fromEntries(entries.map(([key, value]) => [key.toString(), value.toString()]));
}
