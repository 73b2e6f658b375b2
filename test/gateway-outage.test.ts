import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../cli/package-root.ts';
import { freePort } from '../scripts/kafka.mjs';
import { describeWithKafka } from './support/kafka.ts';
import { ADMIN_TOKEN, startSignal } from './support/signal-process.ts';
import { metricOf, storedEvents, TirelessLoad } from './support/tireless-load.ts';
import { waitFor } from './support/wait-for.ts';

const OUTAGE_MS = 30_000;
const VISITORS = 8;

const spoolOf = (url: string): Promise<number> => metricOf(url, 'signal_gateway_spool_events');

/** The status that a signed event is answered with. */
async function sendSigned(url: string, key: string, secret: string): Promise<number> {
  const body = JSON.stringify({ type: 'track', event: 'Signed', anonymousId: 'signer' });
  const time = String(Date.now());
  const hex = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-pipeline-key': key,
    'x-timestamp': time,
    'x-signature': `sha256=${hex}`,
  };
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
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
    const server = await first.admin.post<{ id: string; pipeline_key: string }>('sources', {
      name: 'Server',
      type: 'server',
      require_signature: true,
    });
    const { secret } = await first.admin.post<{ secret: string }>(`sources/${server.id}/signing-secret`, {});
    const url = first.gateway;
    await waitFor(async () => (await sendSigned(url, server.pipeline_key, secret)) === 200, {
      what: 'the secret to count',
    });
    const load = new TirelessLoad({ url, key: source.pipeline_key, visitors: VISITORS, pauseMs: 5 });
    await waitFor(() => load.count > 200, { what: 'events with the broker' });

    await kafka().stop();
    const stopped = performance.now();
    const before = load.count;
    await waitFor(async () => (await spoolOf(url)) > 500, {
      timeoutMs: 300_000,
      what: 'events in the spool',
    });
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

    expect(await sendSigned(url, server.pipeline_key, secret)).toBe(200);
    expect(await sendSigned(url, server.pipeline_key, 'sk_another')).toBe(401);

    await sleep(Math.max(0, stopped + OUTAGE_MS - performance.now()));
    await kafka().restart();
    await waitFor(async () => (await spoolOf(url)) === 0, { timeoutMs: 300_000, what: 'an empty spool' });
    const drained = load.count;
    await waitFor(() => load.count > drained + 100, { what: 'events after the outage' });
    await load.stop();
    const readiness = async () => (await fetch(`${url}/readyz`)).json();
    await vi.waitFor(async () => expect(await readiness()).toEqual({ status: 'ready' }));

    const { ids, doubles } = await storedEvents(kafka().brokers);
    expect(ids.get('signer')).toHaveLength(2);
    ids.delete('signer');
    expect(ids).toEqual(load.acknowledged);
    // Whom the broker or the gateway left without an answer sent once more: each visitor once for each of the two.
    expect(doubles).toBeLessThanOrEqual(2 * VISITORS);
    console.info(
      `${load.count} events, ${load.count - before} of them from the outage on, ${doubles} twice, refused: ${JSON.stringify([...load.refused])}`,
    );
  });
});
