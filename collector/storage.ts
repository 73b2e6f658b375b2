/**
 * Web storage that never throws: it may be missing, forbidden, full or emptied by the page at any time. What this
 * page has set also lives in memory, so that it lasts at least as long as the page. What is stored wins: another tab
 * may have changed it.
 */
export interface Storage {
  get_(key: string): string | undefined;
  set_(key: string, value: string): void;
  remove_(key: string): void;
  /** Those that begin so, in order; `own`: only what this page has set. */
  keys_(start: string, own?: boolean): string[];
  /** Another tab has removed it. */
  forget_(key: string): void;
}

export function createStorage(area: () => globalThis.Storage): Storage {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (area: globalThis.Storage) => T): T | undefined => {
    try {
      return use(area());
    } catch {
      return undefined;
    }
  };
  const forget = (key: string) => memory.delete(key);
  return {
    get_: (key) => attempt((store) => store.getItem(key)) || memory.get(key),
    set_(key, value) {
      memory.set(key, value);
      attempt((store) => store.setItem(key, value));
    },
    remove_(key) {
      forget(key);
      attempt((store) => store.removeItem(key));
    },
    keys_(start, own) {
      const stored = !own && attempt((store) => Object.keys(store));
      return Array.from(new Set([...(stored || []), ...Array.from(memory.keys())]))
        .filter((key) => key.startsWith(start))
        .sort();
    },
    forget_: forget,
  };
}
