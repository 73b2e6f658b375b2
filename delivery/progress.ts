import type { CommittedOffset } from '../streams/index.ts';

/**
 * How far a partition has come. The offset committed is that of the first record not decided; between it and
 * `claimed`, every record is either a member of a claimed batch (see `BatchStore`) or decided already. So a restart
 * neither forgets nor repeats any. Members of waiting batches are in the store and hold no offset back.
 *
 * `claimed` and the number of waiting events travel as the committed offset's metadata.
 */
export class Progress {
  #claimed: number | undefined;
  #waiting: number;
  /** First offset of each claimed batch, in order of offsets. */
  readonly #batches = new Map<string, number>();

  constructor(committed: CommittedOffset | undefined) {
    const { claimed, waiting } = parse(committed?.metadata ?? '');
    // An operator may have moved the offset by hand.
    this.#claimed =
      typeof claimed === 'number' ? Math.max(claimed, committed?.offset ?? 0) : committed?.offset;
    this.#waiting = typeof waiting === 'number' ? waiting : 0;
  }

  /** The next record to be put into a batch; undefined: from the beginning. */
  get claimed(): number | undefined {
    return this.#claimed;
  }

  /** Events that wait for another attempt. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Records up to this one have left the topic's order: they are decided, or in a claimed batch. */
  advance(lastOffset: number): void {
    this.#claimed = lastOffset + 1;
  }

  batchClaimed(id: string, firstOffset: number): void {
    this.#batches.set(id, firstOffset);
  }

  batchSettled(id: string): void {
    this.#batches.delete(id);
  }

  /** Batches claimed and not settled. */
  get openBatches(): number {
    return this.#batches.size;
  }

  waitingChanged(change: number): void {
    this.#waiting += change;
  }

  /** What to commit; undefined as long as there is nothing. */
  position(): { readonly offset: number; readonly metadata: string } | undefined {
    if (this.#claimed === undefined) return undefined;
    const [firstUndecided] = this.#batches.values();
    const metadata = JSON.stringify({ claimed: this.#claimed, waiting: this.#waiting });
    return { offset: firstUndecided ?? this.#claimed, metadata };
  }
}

function parse(metadata: string): { readonly claimed?: unknown; readonly waiting?: unknown } {
  try {
    const value: unknown = JSON.parse(metadata);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
