import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../cli/package-root.ts';
import { freePort } from '../scripts/kafka.mjs';
import { openKafkaLog } from '../streams/index.ts';
import { describeWithKafka } from './support/kafka.ts';
import { ADMIN_TOKEN, startSignal } from './support/signal-process.ts';
import { waitFor } from './support/wait-for.ts';

const OUTAGE_MS = 30_000;
const VISITORS = 8;

/** Each visitor's events one after the other, each sent until it is acknowledged, as an SDK that loses nothing does. */
class Load {
  readonly acknowledged = new Map<string, string[]>();
  readonly refused = new Map<number, number>();
  readonly #visitors: Promise<void>[];
  #stopped = false;

  constructor(url: string, key: string) {
    this.#visitors = Array.from({ length: VISITORS }, (_, i) => this.#visit(url, key, `df_${i}`));
  }

  get count(): number {
    return [...this.acknowledged.values()].reduce((sum, { length }) => sum + length, 0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#visitors);
  }

  async #visit(url: string, key: string, anonymousId: string): Promise<void> {
    const own: string[] = [];
    this.acknowledged.set(anonymousId, own);
    while (!this.#stopped) {
      const messageId = `${anonymousId}:${own.length}`;
      const body = JSON.stringify({ event: 'Seen', anonymousId, messageId });
      while ((await this.#post(url, key, body)) !== 200) await sleep(50);
      own.push(messageId);
      await sleep(5);
    }
  }

  async #post(url: string, key: string, body: string): Promise<number> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const status = await fetch(`${url}/v1/t`, { method: 'POST', headers, body }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    if (status !== 200) this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    return status;
  }
}

async function spoolOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^signal_gateway_spool_events (\d+)/m.exec(metrics)?.[1]);
}

/** The message ids of each visitor in the order of the log, and how many came twice. */
async function eventsOf(
  brokers: readonly string[],
): Promise<{ ids: Map<string, string[]>; doubles: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'signal-outage-reader-'));
  const log = await openKafkaLog({ brokers, clientId: 'test', stateDirectory: directory });
  const ids = new Map<string, string[]>();
  const seen = new Set<string>();
  let doubles = 0;
  for (const { partition } of await log.offsets('raw-events')) {
    for await (const records of log.read({ topic: 'raw-events', partition, from: 0 })) {
      for (const { key, headers } of records) {
        const id = headers.find(([name]) => name === 'message-id')?.[1].toString() ?? '';
        const visitor = key?.toString() ?? '';
        if (seen.has(id)) doubles++;
        else ids.set(visitor, [...(ids.get(visitor) ?? []), id]);
        seen.add(id);
      }
    }
  }
  await log.close();
  rmSync(directory, { recursive: true, force: true });
  return { ids, doubles };
}

describeWithKafka('a gateway without its Kafka', (kafka) => {
  it('loses and reorders nothing while the broker is away for 30 s, though it is killed meanwhile', {
    timeout: 600_000,
  }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'signal-outage-'));
    const port = await freePort();
    const env = { KAFKA_BROKERS: kafka().brokers.join(','), GATEWAY_PORT: `${port}` };
    const args = ['--roles', 'gateway,api'];
    const first = await startSignal(dataDir, { env, args });
    let second: ChildProcess | undefined;
    onTestFinished(async () => {
      await first.kill();
      if (second?.exitCode === null && second.signalCode === null) {
        second.kill('SIGKILL');
        await once(second, 'exit');
      }
      rmSync(dataDir, { recursive: true, force: true });
    });
    const source = await first.admin.post<{ pipeline_key: string }>('sources', { name: 'Web', type: 'web' });
    const url = first.gateway;
    const load = new Load(url, source.pipeline_key);
    await waitFor(() => load.count > 200, { what: 'events with the broker' });

    await kafka().stop();
    const stopped = performance.now();
    const before = load.count;
    await waitFor(async () => (await spoolOf(url)) > 500, { timeoutMs: 300_000, what: 'events in the spool' });
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'degraded' });

    await first.kill();
    second = spawn(
      process.execPath,
      [join(packageRoot(), 'dist/cli/main.js'), 'start', '--data-dir', dataDir, ...args],
      {
        stdio: 'ignore',
        env: {
          PATH: process.env.PATH,
          ...env,
          API_PORT: '0',
          REGISTRY_PORT: '0',
          SIGNAL_HOST: '127.0.0.1',
          SIGNAL_ADMIN_TOKEN: ADMIN_TOKEN,
        },
      },
    );
    const killed = load.count;
    await waitFor(() => load.count > killed + 500, { timeoutMs: 300_000, what: 'events after the restart' });
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'degraded' });

    await sleep(Math.max(0, stopped + OUTAGE_MS - performance.now()));
    await kafka().restart();
    await waitFor(async () => (await spoolOf(url)) === 0, { timeoutMs: 300_000, what: 'an empty spool' });
    const drained = load.count;
    await waitFor(() => load.count > drained + 100, { what: 'events after the outage' });
    await load.stop();
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });

    const { ids, doubles } = await eventsOf(kafka().brokers);
    expect(ids).toEqual(load.acknowledged);
    // Whom the broker or the gateway left without an answer sent once more: each visitor once for each of the two.
    expect(doubles).toBeLessThanOrEqual(2 * VISITORS);
    console.info(
      `${load.count} events, ${load.count - before} of them from the outage on, ${doubles} twice, refused: ${JSON.stringify([...load.refused])}`,
    );
  });
});
