import { setTimeout as delay } from 'node:timers/promises';

/** A checkpoint as others get it. */
export interface PublishedCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

/** A place apart from the log. What stands there is what tells, later, that the whole log was made anew. */
export interface CheckpointPublisher {
  /** In what is logged: where it publishes to, without any secret. */
  readonly name: string;
  /** May be called again with what it has. Rejects if it is not sure that the checkpoint is there. */
  publish(checkpoint: PublishedCheckpoint, signal: AbortSignal): Promise<void>;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5 * 60_000;

/**
 * Publishes checkpoints in one place, in the background, until it succeeds. A newer checkpoint takes the place of
 * one still waiting: the newer vouches for all that the older did.
 */
export class Publishing {
  private readonly publisher: CheckpointPublisher;
  private readonly onError: (what: string, error: unknown) => void;
  private readonly firstRetryMs: number;
  private readonly stopped = new AbortController();
  private waiting: PublishedCheckpoint | undefined;
  private running: Promise<void> | undefined;
  /** Ends the pause before the next attempt. */
  private wake = new AbortController();
  private isClosing = false;

  constructor(
    publisher: CheckpointPublisher,
    onError: (what: string, error: unknown) => void,
    firstRetryMs = FIRST_RETRY_MS,
  ) {
    this.publisher = publisher;
    this.onError = onError;
    this.firstRetryMs = firstRetryMs;
  }

  offer(checkpoint: PublishedCheckpoint): void {
    this.waiting = checkpoint;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  /** Makes a last attempt, for at most `graceMs`, if anything waits. */
  async close(graceMs: number): Promise<void> {
    this.isClosing = true;
    this.wake.abort();
    const timer = setTimeout(() => this.stopped.abort(), graceMs);
    await this.running;
    clearTimeout(timer);
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.waiting !== undefined; ) {
      const checkpoint = this.waiting;
      try {
        await this.publisher.publish(checkpoint, this.stopped.signal);
        failures = 0;
        if (this.waiting === checkpoint) this.waiting = undefined;
      } catch (error) {
        const wasLast = this.isClosing;
        this.onError(`checkpoint ${checkpoint.size} could not be published to ${this.publisher.name}`, error);
        if (wasLast) return;
        await this.pause(Math.min(this.firstRetryMs * 2 ** failures++, LAST_RETRY_MS));
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.isClosing) return;
    await delay(ms, undefined, { signal: this.wake.signal, ref: false }).catch(() => {});
  }
}
