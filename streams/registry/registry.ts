import { type Log, LogError, type TaskLog } from '../log/index.ts';
import type { Decision } from './commands/decision.ts';
import { RegistryError } from './errors.ts';
import type { CompatibilityLevel } from './levels.ts';
import { decodeRecord, encodeRecord, type RegistryRecord, SCHEMAS_TOPIC } from './records.ts';
import { SchemaStore } from './schema-store.ts';

const PARTITION = { topic: SCHEMAS_TOPIC, partition: 0 };
const TASK_ID = 'schema-registry';
/** Each attempt is lost only to another registry that was at it in the same moment. */
const ATTEMPTS = 5;

export interface RegistryOptions {
  readonly log: Log;
  /** The level of subjects that have none of their own, until it is configured. */
  readonly compatibility?: CompatibilityLevel | undefined;
  /** Where a failure to follow the topic goes; the registry then answers from what it has. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/**
 * A schema registry on a log. Several of them, in one process or many, may serve the same log: each follows the topic,
 * and one that decides a command first fences the others, so that no two decide on the same state.
 */
export class Registry {
  readonly #log: Log;
  readonly #store: SchemaStore;
  readonly #stop = new AbortController();
  #task: TaskLog;
  #next = 0;
  #following: Promise<void> = Promise.resolve();
  #lastCommand: Promise<unknown> = Promise.resolve();

  static async open(options: RegistryOptions): Promise<Registry> {
    const { log, compatibility = 'BACKWARD_TRANSITIVE' } = options;
    await log.createTopics([{ name: SCHEMAS_TOPIC, partitions: 1, cleanup: 'compact' }]);
    const registry = new Registry(log, new SchemaStore(compatibility), await openTask(log));
    await registry.#catchUp();
    registry.#following = registry.#follow(options.onError ?? (() => {}));
    return registry;
  }

  private constructor(log: Log, store: SchemaStore, task: TaskLog) {
    this.#log = log;
    this.#store = store;
    this.#task = task;
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
    await this.#task.close();
  }

  async #run<T>(command: (store: SchemaStore) => Decision<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#catchUp();
        const { records, answer } = command(this.#store);
        if (records.length === 0) return answer;
        await this.#commit(records);
        await this.#catchUp();
        return answer;
      } catch (error) {
        if (error instanceof RegistryError) throw error;
        const isFenced = error instanceof LogError && error.code === 'FENCED';
        if (!isFenced || attempt === ATTEMPTS)
          throw new RegistryError('STORE_FAILED', 'Writing to the schema topic failed', { cause: error });
        this.#task = await openTask(this.#log);
      }
    }
  }

  async #commit(records: readonly RegistryRecord[]): Promise<void> {
    const timestamp = Date.now();
    const outgoing = records.map((record) => ({
      ...PARTITION,
      ...encodeRecord(record),
      timestamp,
      headers: [],
    }));
    await this.#task.commit({ records: outgoing }, { durable: true });
  }

  async #catchUp(): Promise<void> {
    for await (const chunk of this.#log.read({ ...PARTITION, from: this.#next })) this.#apply(chunk);
  }

  /** Learns what other registries write. */
  async #follow(onError: (error: Error) => void): Promise<void> {
    const options = { ...PARTITION, from: this.#next, follow: true, signal: this.#stop.signal };
    try {
      for await (const chunk of this.#log.read(options)) this.#apply(chunk);
    } catch (error) {
      if (!this.#stop.signal.aborted) onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Both readers come through here, so that each record counts once. */
  #apply(chunk: readonly { offset: number; key: Buffer | null; value: Buffer | null }[]): void {
    for (const { offset, key, value } of chunk) {
      if (offset < this.#next) continue;
      this.#next = offset + 1;
      const record = decodeRecord(key, value);
      if (record !== undefined) this.#store.apply(record);
    }
  }
}

function openTask(log: Log): Promise<TaskLog> {
  return log.openTask({ id: TASK_ID, group: TASK_ID, partitions: [] });
}
