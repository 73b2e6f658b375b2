import { metaKey, metaRange } from './keys.ts';
import type { Mutation, Storage } from './storage.ts';

interface StoredStore {
  readonly task: string;
  readonly store: string;
  readonly id: number;
}

/** Numbers for (task, store), so that state keys begin with four bytes and not with two names. */
export class StoreIds {
  readonly #ids = new Map<string, number>();
  #last = 0;

  static async load(storage: Storage): Promise<StoreIds> {
    const ids = new StoreIds();
    for (const { value } of await storage.entries(metaRange('store'))) {
      const { task, store, id }: StoredStore = JSON.parse(value.toString());
      ids.#ids.set(JSON.stringify([task, store]), id);
      ids.#last = Math.max(ids.#last, id);
    }
    return ids;
  }

  /** The ids of a task's stores, and what must be written before they are used. */
  of(task: string, stores: readonly string[]): { ids: Map<string, number>; mutations: Mutation[] } {
    const ids = new Map<string, number>();
    const mutations: Mutation[] = [];
    for (const store of stores) {
      const name = JSON.stringify([task, store]);
      const id = this.#ids.get(name) ?? ++this.#last;
      // Written each time, known or not: should the first write have failed, no state may go under an id that
      // another store is given later.
      const stored: StoredStore = { task, store, id };
      mutations.push({ key: metaKey('store', task, store), value: Buffer.from(JSON.stringify(stored)) });
      this.#ids.set(name, id);
      ids.set(store, id);
    }
    return { ids, mutations };
  }
}
