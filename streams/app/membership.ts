import { setTimeout as sleep } from 'node:timers/promises';
import { LogError } from '../log/errors.ts';
import type { Log, LogConsumer } from '../log/log.ts';

export interface MembershipOptions {
  readonly log: Pick<Log, 'kind'>;
  join(): Promise<LogConsumer>;
  /** Puts away what it had as a member. */
  left(): Promise<void>;
  onRejoin(): void;
  /** It joins again. */
  onInterruption(error: Error): void;
  /** It cannot go on. */
  onError(error: Error): void;
}

/** Before it is tried again to join a group whose brokers did not answer. */
const REJOIN_MS = 1_000;

/** Of an application in its consumer group, kept until it is closed. */
export class Membership {
  readonly #options: MembershipOptions;
  #consumer: LogConsumer | undefined;
  /** It was lost, or the log was, since it last began to join. */
  #lost = false;
  #rejoining: Promise<void> | undefined;
  #closing = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  async join(): Promise<void> {
    this.#consumer = await this.#options.join();
  }

  /** Of the consumer, or of a task. Nothing is wrong with what it did where a task was fenced, because the group took
   * this instance for dead and gave the task to another, or where the brokers were away for too long: so it joins
   * again as a new member. */
  failed(error: Error): void {
    if (!this.#isPassing(error)) {
      this.#options.onError(error);
      return;
    }
    this.#lost = true;
    this.#options.onInterruption(error);
    this.#rejoining ??= this.#rejoin();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#rejoining;
    await this.#leave();
  }

  async #rejoin(): Promise<void> {
    this.#options.onRejoin();
    try {
      while (this.#lost && !this.#closing) await this.#tryToRejoin();
    } catch (failure) {
      if (!this.#closing)
        this.#options.onError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      this.#rejoining = undefined;
    }
  }

  async #tryToRejoin(): Promise<void> {
    try {
      await this.#leave();
      // What its tasks said while they were closed is of no interest.
      this.#lost = false;
      if (!this.#closing) await this.join();
    } catch (error) {
      if (!this.#isPassing(error)) throw error;
      this.#lost = true;
      this.#options.onInterruption(error);
      await sleep(REJOIN_MS);
    }
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.close();
    await this.#options.left();
  }

  /** An embedded log that fails is not there again before the process is. */
  #isPassing(error: unknown): error is LogError {
    if (!(error instanceof LogError)) return false;
    return error.code === 'FENCED' || (error.code === 'UNAVAILABLE' && this.#options.log.kind === 'kafka');
  }
}
