import type { Log } from '../log/log.ts';
import { GlobalTable } from '../state/global-table.ts';
import type { GlobalTableNode } from '../topology/nodes.ts';

/** The global tables of a process: read to the end of their topics at start, and followed until closed. */
export class GlobalTables {
  readonly stores: ReadonlyMap<string, GlobalTable>;
  private readonly log: Log;
  private readonly onError: (error: Error) => void;
  private readonly stopping = new AbortController();
  private following: Promise<void>[] = [];

  constructor(nodes: readonly GlobalTableNode[], log: Log, onError: (error: Error) => void) {
    this.stores = new Map(nodes.map((node) => [node.store, new GlobalTable(node)]));
    this.log = log;
    this.onError = onError;
  }

  /** Resolves when every table holds what its topic held at the start. */
  async start(): Promise<void> {
    const loading = [...this.stores.values()].map(async (table) => {
      const partitions = await this.log.offsets(table.topic);
      await Promise.all(
        partitions.map(({ partition, start, end }) => this.load(table, partition, start, end)),
      );
    });
    await Promise.all(loading);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.following);
  }

  private async load(table: GlobalTable, partition: number, from: number, to: number): Promise<void> {
    const { topic } = table;
    if (to > from) {
      for await (const records of this.log.read({ topic, partition, from, to })) {
        for (const record of records) table.apply(record);
      }
    }
    this.following.push(this.follow(table, partition, to));
  }

  private async follow(table: GlobalTable, partition: number, from: number): Promise<void> {
    const { signal } = this.stopping;
    try {
      const { topic } = table;
      for await (const records of this.log.read({ topic, partition, from, follow: true, signal })) {
        for (const record of records) table.apply(record);
      }
    } catch (error) {
      if (!signal.aborted) this.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
