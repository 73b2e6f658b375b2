import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaLog } from '../../streams/index.ts';

export interface TirelessLoadOptions {
  /** Base URL of the gateway. */
  readonly url: string;
  readonly key: string;
  readonly visitors: number;
  /** Milliseconds that each visitor waits after an answer. */
  readonly pauseMs: number;
}

/** By `performance.now()`; milliseconds. */
export interface Acknowledgement {
  readonly sentAt: number;
  readonly took: number;
}

/** Each visitor's events one after the other, each sent until it is acknowledged, as an SDK that loses nothing does. */
export class TirelessLoad {
  /** Message ids of each visitor, in the order they were acknowledged in. */
  readonly acknowledged = new Map<string, string[]>();
  readonly acknowledgements: Acknowledgement[] = [];
  /** How often each status other than 200 was answered; 0 is no answer. */
  readonly refused = new Map<number, number>();
  readonly #options: TirelessLoadOptions;
  readonly #visitors: Promise<void>[];
  #isStopped = false;

  constructor(options: TirelessLoadOptions) {
    this.#options = options;
    this.#visitors = Array.from({ length: options.visitors }, (_, i) => this.#visit(`df_${i}`));
  }

  get count(): number {
    return this.acknowledgements.length;
  }

  /** Resolves when the last event was acknowledged. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#visitors);
  }

  async #visit(anonymousId: string): Promise<void> {
    const own: string[] = [];
    this.acknowledged.set(anonymousId, own);
    while (!this.#isStopped) {
      const messageId = `${anonymousId}:${own.length}`;
      const body = JSON.stringify({ event: 'Seen', anonymousId, messageId });
      while (!(await this.#post(body))) await sleep(50);
      own.push(messageId);
      await sleep(this.#options.pauseMs);
    }
  }

  async #post(body: string): Promise<boolean> {
    const { url, key } = this.#options;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sentAt = performance.now();
    const status = await fetch(`${url}/v1/t`, { method: 'POST', headers, body }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    if (status === 200) this.acknowledgements.push({ sentAt, took: performance.now() - sentAt });
    else this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    return status === 200;
  }
}

/** A metric of the gateway that has no labels; NaN if there is none of this name. */
export async function metricOf(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
}

export interface StoredEvents {
  /** Of each visitor in the order of the log, each once. */
  readonly ids: Map<string, string[]>;
  /** How many came again. */
  readonly doubles: number;
}

/** What `raw-events` holds on a Kafka. */
export async function storedEvents(brokers: readonly string[]): Promise<StoredEvents> {
  const directory = mkdtempSync(join(tmpdir(), 'signal-outage-reader-'));
  const log = await openKafkaLog({ brokers, clientId: 'test', stateDirectory: directory });
  const ids = new Map<string, string[]>();
  const seen = new Set<string>();
  let doubles = 0;
  try {
    for (const { partition } of await log.offsets('raw-events')) {
      for await (const records of log.read({ topic: 'raw-events', partition, from: 0 })) {
        for (const { key, headers } of records) {
          const id = headers.find(([name]) => name === 'message-id')?.[1].toString() ?? '';
          const visitor = key?.toString() ?? '';
          if (seen.has(id)) {
            doubles++;
            continue;
          }
          seen.add(id);
          const own = ids.get(visitor);
          if (own === undefined) ids.set(visitor, [id]);
          else own.push(id);
        }
      }
    }
  } finally {
    await log.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return { ids, doubles };
}
