import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { HEADERS } from '../schemas/index.ts';
import { openEmbeddedLog } from '../streams/index.ts';
import { startCountingVendor } from './support/counting-vendor.ts';
import { type SignalProcess, startSignal } from './support/signal-process.ts';
import { waitFor } from './support/wait-for.ts';

const EVENTS = 20_000;
const BATCH = 40;
const SENDERS = 4;
const KILLS = 5;

it('loses no acknowledged event and doubles none, killed five times while 20,000 arrive', {
  timeout: 600_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signal-crash-'));
  const vendor = await startCountingVendor();
  const [gatewayPort, apiPort] = [await freePort(), await freePort()];
  const env = { GATEWAY_PORT: String(gatewayPort), API_PORT: String(apiPort), RATE_LIMIT_RPS: '100000' };
  let signal = await startSignal(dataDir, { env });
  onTestFinished(async () => {
    await signal.kill();
    await vendor.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const { pipelineKey, integrationId } = await configure(signal, vendor.url);

  const acknowledged = new Set<string>();
  let restarting: Promise<unknown> = Promise.resolve();
  let sent = 0;
  const send = async (): Promise<void> => {
    while (acknowledged.size < EVENTS) {
      // An unacknowledged batch is not sent again here: what is acknowledged must be there without it.
      const ids = Array.from({ length: BATCH }, () => `evt_${sent++}`);
      if (await post(`http://127.0.0.1:${gatewayPort}`, pipelineKey, ids))
        for (const id of ids) acknowledged.add(id);
      else await restarting;
    }
  };
  const killing = (async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const share = (kill - 1 + Math.random()) / KILLS;
      await waitFor(() => acknowledged.size >= share * EVENTS, { timeoutMs: 300_000, what: 'progress' });
      restarting = signal.kill().then(async () => {
        signal = await startSignal(dataDir, { env });
      });
      await restarting;
    }
  })();
  await Promise.all([killing, ...Array.from({ length: SENDERS }, send)]);

  await waitFor(() => [...acknowledged].every((id) => vendor.arrivals.has(id)), {
    timeoutMs: 300_000,
    what: () => `every acknowledged event at the vendor; ${vendor.arrivals.size} of ${acknowledged.size} are`,
  });
  // Requests that the last kills interrupted may still be on their way a second time.
  await sleep(500);
  expect(await signal.stop()).toBe(0);

  const log = await openEmbeddedLog({ directory: dataDir });
  onTestFinished(() => log.close());
  const raw = await messageIds(log, 'raw-events');
  const requests = await messageIds(log, `delivery-${integrationId}`);
  expect(new Set(raw).size, 'events in raw-events are there once').toBe(raw.length);
  const accepted = new Set(raw);
  expect(
    [...acknowledged].filter((id) => !accepted.has(id)),
    'acknowledged events that were lost',
  ).toEqual([]);
  expect([...requests].sort(), 'one delivery request for each raw event').toEqual([...raw].sort());
  const altered = [...vendor.arrivals].filter(([, arrival]) => arrival.items.size > 1);
  expect(altered, 'events that came again in another form').toEqual([]);
});

async function configure(signal: SignalProcess, vendorUrl: string) {
  const source = await signal.admin.post<{ id: string; pipeline_key: string }>('sources', {
    name: 'Web',
    type: 'web',
  });
  const integration = await signal.admin.post<{ id: string }>('integrations', {
    vendor: 'dreamdata',
    variant: 'b2b_saas',
    name: 'Dreamdata',
    config: { api_key: 'key', endpoint: vendorUrl },
    consent_categories: ['analytics'],
  });
  await signal.admin.post('pipelines', {
    source_id: source.id,
    integration_id: integration.id,
    enabled: true,
  });
  return { pipelineKey: source.pipeline_key, integrationId: integration.id };
}

/** Whether the batch was acknowledged; a connection that broke says nothing either way. */
async function post(gateway: string, key: string, ids: readonly string[]): Promise<boolean> {
  const batch = ids.map((messageId) => ({
    type: 'track',
    event: 'Content Viewed',
    anonymousId: `df_${messageId.length}${messageId.slice(-2)}`,
    messageId,
    timestamp: new Date().toISOString(),
    properties: { filler: 'x'.repeat(500) },
    context: { consent: { analytics: true } },
  }));
  try {
    const answer = await fetch(`${gateway}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ batch }),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function messageIds(
  log: Awaited<ReturnType<typeof openEmbeddedLog>>,
  topic: string,
): Promise<string[]> {
  const ids: string[] = [];
  for (const { partition, start } of await log.offsets(topic)) {
    for await (const records of log.read({ topic, partition, from: start })) {
      for (const { headers } of records) {
        ids.push(headers.find(([name]) => name === HEADERS.messageId)?.[1].toString() ?? '');
      }
    }
  }
  return ids;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
