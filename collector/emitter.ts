import type { CollectorError } from './errors.ts';
import type { CollectedEvent } from './event.ts';

/** What `on` can listen to, with what the listener is given. */
export interface Notices {
  /** An event was taken and queued. */
  readonly event: CollectedEvent;
  readonly error: CollectorError;
}

export interface Emitter {
  /** Returns the function that stops listening. */
  on<N extends keyof Notices>(notice: N, listener: (value: Notices[N]) => void): () => void;
  emit_(given: Partial<Notices>): void;
  /** Logs every notice to the console. */
  debug(on?: boolean): void;
}

export function createEmitter(): Emitter {
  let debugging = false;
  const listeners = new Set<(given: Partial<Notices>) => void>();
  return {
    on(notice, listener) {
      const entry = (given: Partial<Notices>) => {
        const value = given[notice];
        if (value) callPage(() => listener(value));
      };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    debug(on = true) {
      debugging = on;
    },
    emit_(given) {
      if (debugging) console.log('[datafly]', given);
      for (const entry of listeners) entry(given);
    },
  };
}

/** Calls a function of the page's: its mistake is the page's to see, but must not stop the collector. */
export function callPage(fn: () => void): void {
  try {
    fn();
  } catch (error) {
    console.error('[datafly]', error);
  }
}
