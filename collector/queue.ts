import type { Storage } from './storage.ts';

/** An event waiting to be sent, as the JSON that will be sent: what the page does to its objects later is nothing to it. */
export interface QueuedEvent {
  readonly key_: string;
  readonly json_: string;
}

/**
 * Events not yet taken by the gateway, oldest first: those of all tabs, and of pages that are gone. Each is its own
 * entry in storage, so that taking one costs one small write, and tabs never overwrite one another's.
 */
export interface Queue {
  /** As known here: this page's, and the other tabs' when they were last looked at. */
  size_(): number;
  /** Throws where the event is not JSON (a circle, a BigInt) or too large. */
  add_(event: { readonly messageId: string }): void;
  /** The first `count` events at most, and no more than one beacon holds; or all of this page's own. */
  head_(count: number, own?: boolean): readonly QueuedEvent[];
  remove_(events: readonly QueuedEvent[]): void;
  /** Gives the anonymousId to those waiting without one: they are of the visitor it was learned for. */
  attribute_(anonymousId: string): void;
}

// One event fits a beacon, of which browsers take 64 KB at a time.
const MAX_EVENT_BYTES = 32_000;
const MAX_BATCH_CHARACTERS = 60_000;
// localStorage holds 5 MB in most browsers, and is the site's before it is ours.
const MAX_EVENTS = 1_000;
const MAX_CHARACTERS = 1_000_000;

export function createQueue(storage: Storage, prefix: string, onDropped: () => void): Queue {
  let sequence = 1e6;
  // Kept along, because listing a site's whole storage for each event is work. Never less than what this page added.
  let size = 0;
  let characters = 0;
  const length = (key: string) => Number(key.split('.').slice(-2)[0]) || 0;
  const list = () => {
    const keys = storage.keys_(prefix);
    size = keys.length;
    characters = keys.reduce((sum, key) => sum + length(key), 0);
    return keys;
  };
  const remove = (key: string) => {
    size--;
    storage.remove_(key);
  };

  return {
    size_: () => size,
    add_(event) {
      const json = JSON.stringify(event);
      // A character is three bytes at most.
      if (json.length * 3 > MAX_EVENT_BYTES && new Blob([json]).size > MAX_EVENT_BYTES)
        throw new TypeError('over 32 KB');
      // Keys begin with the time, so that their order is the events'; the length saves reading all to know their sum.
      const time = `${Date.now()}-${sequence++}`;
      storage.set_(`${prefix}${time}.${json.length}.${event.messageId}`, json);
      size++;
      characters += json.length;
      if (size <= MAX_EVENTS && characters <= MAX_CHARACTERS) return;
      for (const oldest of list()) {
        if (size <= MAX_EVENTS && characters <= MAX_CHARACTERS) break;
        characters -= length(oldest);
        remove(oldest);
        onDropped();
      }
    },
    head_(count, own) {
      const head: QueuedEvent[] = [];
      let taken = 0;
      for (const key of own ? storage.keys_(prefix, own) : list()) {
        const json = storage.get_(key) || '';
        taken += json.length;
        if (!own && head.length && (head.length >= count || taken > MAX_BATCH_CHARACTERS)) break;
        try {
          // Anything on the page can write to the storage, and one event that is not JSON would spoil its batch.
          JSON.parse(json);
          head.push({ key_: key, json_: json });
        } catch {
          remove(key);
        }
      }
      return head;
    },
    remove_(events) {
      for (const event of events) remove(event.key_);
    },
    attribute_(anonymousId) {
      for (const key of list()) {
        // The later of two equal keys counts, so an anonymousId that is there already stays.
        const json = `{"anonymousId":${JSON.stringify(anonymousId)},${(storage.get_(key) || '').slice(1)}`;
        storage.set_(key, json);
      }
    },
  };
}

/** The messageId is the last part of the key. */
export function messageIdOf(event: QueuedEvent): string {
  return event.key_.split('.').pop() || '';
}
