import { hash } from 'node:crypto';
import { MAX_DEDUPLICATION_HOURS } from '../../config/index.ts';
import { type StoreBuilder, serdes, type WindowStore, windowStore } from '../../streams/index.ts';

export const SEEN_MESSAGES = 'seen-messages';

const HOUR_MS = 3_600_000;
const WINDOW_MS = MAX_DEDUPLICATION_HOURS * HOUR_MS;

/** Of one visitor that are remembered, the latest: more than a client has under way. Bounds what one visitor costs. */
const MAX_MESSAGES = 1_000;

/** An entry is the second in which a message was received (4 bytes) and a digest of its id (6). */
const TIME_BYTES = 4;
const ENTRY_BYTES = 10;

/** Entries of one visitor in order of arrival. A list per visitor and window, not a record per message: most of a
 * batch's visitors have been seen a moment ago, so that a message costs no read of its own. */
type Entries = Buffer;

export type SeenStore = WindowStore<string, Entries>;

const windowOf = (time: number): number => Math.floor(time / WINDOW_MS) * WINDOW_MS;

/** Two windows are kept, so that whatever the time, all of the longest period is. */
export const seenStore = (): StoreBuilder<SeenStore> =>
  windowStore({
    name: SEEN_MESSAGES,
    key: serdes.string(),
    value: serdes.bytes(),
    windowSizeMs: WINDOW_MS,
    retentionMs: 2 * WINDOW_MS,
    startsOf: (time) => [windowOf(time)],
  });

/** A message of a source, to be looked for among those that its visitor has sent. */
export class Message {
  readonly #store: SeenStore;
  readonly #anonymousId: string;
  readonly #receivedAt: number;
  readonly #digest: Buffer;

  /** `receivedAt`: epoch milliseconds. Ids are unique within a source. */
  constructor(
    store: SeenStore,
    message: { readonly sourceId: string; readonly messageId: string; readonly anonymousId: string },
    receivedAt: number,
  ) {
    this.#store = store;
    this.#anonymousId = message.anonymousId;
    this.#receivedAt = receivedAt;
    this.#digest = hash('sha1', `${message.sourceId}\0${message.messageId}`, 'buffer');
  }

  /** Whether it was remembered within so many hours before. */
  wasSeenWithin(hours: number): boolean {
    if (hours === 0) return false;
    const since = this.#receivedAt - hours * HOUR_MS;
    const window = windowOf(this.#receivedAt);
    if (this.#isIn(window, since)) return true;
    return since < window && this.#isIn(window - WINDOW_MS, since);
  }

  remember(): void {
    const start = windowOf(this.#receivedAt);
    const known = this.#store.fetch(this.#anonymousId, start);
    const kept = known === null ? 0 : Math.min(known.length, (MAX_MESSAGES - 1) * ENTRY_BYTES);
    const entries = Buffer.allocUnsafe(kept + ENTRY_BYTES);
    known?.copy(entries, 0, known.length - kept);
    entries.writeUInt32BE(Math.floor(this.#receivedAt / 1000), kept);
    this.#digest.copy(entries, kept + TIME_BYTES, 0, ENTRY_BYTES - TIME_BYTES);
    this.#store.put(this.#anonymousId, entries, start);
  }

  #isIn(window: number, since: number): boolean {
    const entries = this.#store.fetch(this.#anonymousId, window);
    if (entries === null) return false;
    const first = this.#digest.readUInt32BE(0);
    const second = this.#digest.readUInt16BE(4);
    for (let at = entries.length - ENTRY_BYTES; at >= 0; at -= ENTRY_BYTES)
      if (
        entries.readUInt32BE(at + TIME_BYTES) === first &&
        entries.readUInt16BE(at + TIME_BYTES + 4) === second
      )
        return entries.readUInt32BE(at) * 1000 > since;
    return false;
  }
}
