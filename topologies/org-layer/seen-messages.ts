import { MAX_DEDUPLICATION_HOURS } from '../../config/index.ts';
import { type Serde, type StoreBuilder, serdes, type WindowStore, windowStore } from '../../streams/index.ts';

export const SEEN_MESSAGES = 'seen-messages';

const HOUR_MS = 3_600_000;
/** Much longer than messages are looked for, so that most of the time one window has them all. */
const WINDOW_MS = 7 * 24 * HOUR_MS;
const MAX_AGE_MS = MAX_DEDUPLICATION_HOURS * HOUR_MS;

/** Of one visitor that are remembered, the latest: more than a client has under way. Bounds what one visitor costs. */
const MAX_MESSAGES = 1_000;

/**
 * What one visitor has sent in one window, in order of arrival: of each message the second in which it was received (4
 * bytes) and a digest of its id (6), as characters of a byte each. A list per visitor, not a record per message: most
 * of a batch's visitors were here a moment ago, so that few messages cost a read.
 */
type Entries = string;
const TIME_BYTES = 4;
const ENTRY_BYTES = 10;

export type SeenStore = WindowStore<string, Entries>;

const entriesSerde: Serde<Entries> = {
  serialize: (entries) => Buffer.from(entries, 'latin1'),
  deserialize: (bytes) => bytes.toString('latin1'),
};

const windowOf = (time: number): number => Math.floor(time / WINDOW_MS) * WINDOW_MS;

export const seenStore = (): StoreBuilder<SeenStore> =>
  windowStore({
    name: SEEN_MESSAGES,
    key: serdes.string(),
    value: entriesSerde,
    windowSizeMs: WINDOW_MS,
    // The window before is kept as long as the present one lasts.
    retentionMs: WINDOW_MS + MAX_AGE_MS,
    startsOf(time) {
      const window = windowOf(time);
      return time - MAX_AGE_MS < window ? [window, window - WINDOW_MS] : [window];
    },
  });

export interface MessageIds {
  readonly sourceId: string;
  /** Unique within its source. */
  readonly messageId: string;
  readonly anonymousId: string;
}

/** One message, to be looked for among those that its visitor has sent. */
export class Message {
  readonly #store: SeenStore;
  readonly #anonymousId: string;
  readonly #receivedAt: number;
  readonly #digest: string;
  readonly #window: number;
  /** Of the present window; undefined until they are asked for. */
  #entries: Entries | undefined;

  /** `receivedAt`: epoch milliseconds. */
  constructor(store: SeenStore, { sourceId, messageId, anonymousId }: MessageIds, receivedAt: number) {
    this.#store = store;
    this.#anonymousId = anonymousId;
    this.#receivedAt = receivedAt;
    this.#window = windowOf(receivedAt);
    this.#digest = digestOf(`${sourceId}\0${messageId}`);
  }

  /** Whether it was remembered within so many hours before. */
  wasSeenWithin(hours: number): boolean {
    if (hours === 0) return false;
    const since = this.#receivedAt - hours * HOUR_MS;
    if (this.#isIn(this.#present(), since)) return true;
    if (since >= this.#window) return false;
    return this.#isIn(this.#store.fetch(this.#anonymousId, this.#window - WINDOW_MS) ?? '', since);
  }

  remember(): void {
    const kept = this.#present().slice(-(MAX_MESSAGES - 1) * ENTRY_BYTES);
    const time = characters(Math.floor(this.#receivedAt / 1000), TIME_BYTES);
    this.#store.put(this.#anonymousId, `${kept}${time}${this.#digest}`, this.#window);
  }

  #present(): Entries {
    this.#entries ??= this.#store.fetch(this.#anonymousId, this.#window) ?? '';
    return this.#entries;
  }

  #isIn(entries: Entries, since: number): boolean {
    let at = entries.lastIndexOf(this.#digest);
    // What is found across two entries is none.
    while (at > 0 && at % ENTRY_BYTES !== TIME_BYTES) at = entries.lastIndexOf(this.#digest, at - 1);
    return at > 0 && secondsAt(entries, at - TIME_BYTES) * 1000 > since;
  }
}

/** 48 bits: of a thousand messages of a visitor, two have the same once in 10^8 visitors. It need not withstand
 * attacks: whoever could make one would suppress nothing but what the same visitor sends. */
function digestOf(text: string): string {
  // Two FNV-1a hashes with different beginnings, mixed as MurmurHash3 does in the end.
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x85ebca6b);
  }
  return characters(mixed(first), 4) + characters(mixed(second) & 0xffff, 2);
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

/** A number as bytes, the lowest last. */
const characters = (number: number, bytes: 2 | 4): string =>
  bytes === 2
    ? String.fromCharCode((number >>> 8) & 0xff, number & 0xff)
    : String.fromCharCode(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);

const secondsAt = (entries: Entries, at: number): number =>
  entries.charCodeAt(at) * 2 ** 24 +
  (entries.charCodeAt(at + 1) << 16) +
  (entries.charCodeAt(at + 2) << 8) +
  entries.charCodeAt(at + 3);
