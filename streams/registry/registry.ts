import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Log,
  LogError,
  NO_HEADERS,
  type OutgoingRecord,
  type StoredRecord,
  type TaskLog,
} from '../log/index.ts';
import type { Decision } from './commands/decision.ts';
import { RegistryError } from './errors.ts';
import type { CompatibilityLevel } from './levels.ts';
import { decodeRecord, encodeRecord, type RegistryRecord, SCHEMAS_TOPIC } from './records.ts';
import { SchemaStore } from './schema-store.ts';

const PARTITION = { topic: SCHEMAS_TOPIC, partition: 0 };
const TASK_ID = 'schema-registry';
/** An attempt is lost only to another registry that decided in the same moment; both then wait a random while, or
 * they would go on taking the task from each other. */
const ATTEMPTS = 20;
const BACKOFF_MS = 100;

export interface RegistryOptions {
  readonly log: Log;
  /** The level of subjects that have none of their own, until it is configured. */
  readonly compatibility?: CompatibilityLevel | undefined;
  /** Hears that the topic can no longer be followed; questions are then answered from what is known. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/**
 * A schema registry on a log. Several of them, in one process or many, may serve the same log: each follows the topic,
 * and one that decides a command first fences the others, so that no two decide on the same state.
 */
export class Registry {
  readonly #log: Log;
  readonly #store: SchemaStore;
  readonly #onError: (error: Error) => void;
  readonly #stop = new AbortController();
  /** Ours until another registry opens it. */
  #task: TaskLog | undefined;
  #next = 0;
  #following: Promise<void> = Promise.resolve();
  #lastCommand: Promise<unknown> = Promise.resolve();

  static async open(options: RegistryOptions): Promise<Registry> {
    const registry = new Registry(options);
    const spec = { name: SCHEMAS_TOPIC, partitions: 1, cleanup: 'compact' } as const;
    await options.log.createTopics([spec]);
    await registry.#catchUp();
    registry.#following = registry.#follow();
    return registry;
  }

  private constructor({ log, compatibility = 'BACKWARD_TRANSITIVE', onError = () => {} }: RegistryOptions) {
    this.#log = log;
    this.#store = new SchemaStore(compatibility);
    this.#onError = onError;
  }

  /** What is known now; read only. */
  get store(): SchemaStore {
    return this.#store;
  }

  /** Decides a command on the newest state, and resolves with its answer once its records are durable and applied.
   * Commands run one after the other. */
  run<T>(command: (store: SchemaStore) => Decision<T>): Promise<T> {
    const result = this.#lastCommand.then(() => this.#run(command));
    this.#lastCommand = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#lastCommand;
    await this.#following;
    await this.#task?.close();
  }

  async #run<T>(command: (store: SchemaStore) => Decision<T>): Promise<T> {
    let wasUnavailable = false;
    for (let attempt = 1; ; attempt++) {
      try {
        this.#task ??= await this.#log.openTask({ id: TASK_ID, group: TASK_ID, partitions: [] });
        await this.#catchUp();
        const { records, answer } = command(this.#store);
        if (records.length === 0) return answer;
        await this.#task.commit({ records: records.map(outgoing) }, { durable: true });
        await this.#catchUp();
        return answer;
      } catch (error) {
        if (!(error instanceof LogError)) throw error;
        await this.#giveTaskUp();
        // Kafka may answer somebody who is being fenced with an unknown error. Deciding anew after that is safe: the
        // task opened again has ended the old transaction, one way or the other.
        const isWorthAnother = error.code === 'FENCED' || (error.code === 'UNAVAILABLE' && !wasUnavailable);
        wasUnavailable ||= error.code === 'UNAVAILABLE';
        if (!isWorthAnother || attempt === ATTEMPTS) throw storeError(error);
        await sleep(Math.random() * BACKOFF_MS * attempt);
      }
    }
  }

  async #giveTaskUp(): Promise<void> {
    const task = this.#task;
    this.#task = undefined;
    // It has failed, or is somebody else's by now.
    await task?.close().catch(() => {});
  }

  async #catchUp(): Promise<void> {
    for await (const chunk of this.#log.read({ ...PARTITION, from: this.#next })) this.#apply(chunk);
  }

  /** Learns what other registries write. */
  async #follow(): Promise<void> {
    const options = { ...PARTITION, from: this.#next, follow: true, signal: this.#stop.signal };
    try {
      for await (const chunk of this.#log.read(options)) this.#apply(chunk);
    } catch (error) {
      if (!this.#stop.signal.aborted)
        this.#onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Both readers come through here, so that each record counts once. */
  #apply(chunk: readonly StoredRecord[]): void {
    for (const { offset, key, value } of chunk) {
      if (offset < this.#next) continue;
      this.#next = offset + 1;
      const record = decodeRecord(key, value);
      if (record !== undefined) this.#store.apply(record);
    }
  }
}

function outgoing(record: RegistryRecord): OutgoingRecord {
  return { ...PARTITION, ...encodeRecord(record), timestamp: Date.now(), headers: NO_HEADERS };
}

function storeError(cause: LogError): RegistryError {
  if (cause.code === 'RECORD_TOO_LARGE')
    return new RegistryError('SCHEMA_TOO_LARGE', 'The schema is too large', { cause });
  return new RegistryError('STORE_FAILED', 'Writing to the schema topic failed', { cause });
}
