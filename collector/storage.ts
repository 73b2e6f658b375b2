/**
 * localStorage that never throws: it may be missing, forbidden, full or emptied by the page at any time, and
 * then nothing is kept beyond this page. Keys are prefixed, so collectors of several sources do not meet.
 */
export interface Storage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export function createStorage(area: () => globalThis.Storage, prefix: string): Storage {
  const attempt = <T>(use: (area: globalThis.Storage) => T): T | undefined => {
    try {
      return use(area());
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => attempt((store) => store.getItem(prefix + key)) || undefined,
    set: (key, value) => attempt((store) => store.setItem(prefix + key, value)),
    remove: (key) => attempt((store) => store.removeItem(prefix + key)),
    keys() {
      const keys = attempt((store) => Object.keys(store)) || [];
      return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    },
  };
}

/**
 * Storage whose values also live in memory, so that they last at least as long as the page. What is stored wins:
 * another tab may have changed it.
 */
export function rememberIn(storage: Storage): Pick<Storage, 'get' | 'set'> {
  const memory = new Map<string, string>();
  return {
    get: (key) => storage.get(key) || memory.get(key),
    set(key, value) {
      memory.set(key, value);
      storage.set(key, value);
    },
  };
}
