import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../cli/run/roles.ts';
import { type RunningSignal, startSignal } from '../cli/run/start.ts';
import { readSettings } from '../cli/settings.ts';
import { type CountingVendor, startCountingVendor } from './support/counting-vendor.ts';
import { waitFor } from './support/wait-for.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'signal-effects-'));
const TOKEN = 'sat_config-effects-config-effects-conf';
let signal: RunningSignal;
let vendor: CountingVendor;

beforeAll(async () => {
  vendor = await startCountingVendor();
  const env = { SIGNAL_DATA_DIR: dataDir, GATEWAY_PORT: '0', API_PORT: '0', REGISTRY_PORT: '0' };
  const settings = readSettings({ env });
  signal = await startSignal(
    { ...settings, host: '127.0.0.1', adminToken: TOKEN, allowedCidrs: ['127.0.0.0/8'] },
    new Set(ROLES),
    {
      logger: pino({ level: 'warn' }),
      fatal: (what, error) => {
        throw new Error(what, { cause: error });
      },
    },
  );
});

afterAll(async () => {
  await signal?.close();
  await vendor?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function api(method: string, path: string, body?: object): Promise<ReturnType<typeof JSON.parse>> {
  const response = await fetch(`${signal.api}/v1/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function collect(key: string, messageId: string): Promise<number> {
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId,
    anonymousId: 'df_1',
    context: { consent: { categories: { mine: true } } },
  };
  const response = await fetch(`${signal.gateway}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch: [event] }),
  });
  return response.status;
}

const arrival = (messageId: string) =>
  waitFor(() => vendor.arrivals.get(messageId), { what: `${messageId} at the vendor` });

/** A source whose events are delivered to the vendor where analytics is granted. */
async function connect(name: string) {
  const { id: source, pipeline_key: key } = await api('POST', '/sources', { name, type: 'server' });
  const { id: sink } = await api('POST', '/integrations', {
    vendor: 'webhook',
    name,
    config: { url: `${vendor.url}/webhook` },
    consent_categories: ['analytics'],
  });
  const { id: pipeline } = await api('POST', '/pipelines', { source_id: source, integration_id: sink });
  return { source, key, sink, pipeline };
}

/** Requests that were ever made for an integration. */
async function requestsTo(integration: string): Promise<number> {
  const offsets = await signal.foundation.log.offsets(`delivery-${integration}`);
  return offsets.reduce((sum, { end }) => sum + end, 0);
}

it('what is changed counts at once, in every part', async () => {
  const shop = await connect('Shop');
  const other = await connect('Other shop');
  const { key, source, sink, pipeline } = shop;

  // The first event is accepted under the usual rules of consent, which know of no code called "mine".
  expect(await collect(key, 'evt_before')).toBe(200);
  await api('PATCH', '/consent', { categories: { mine: 'analytics' } });
  expect(await collect(key, 'evt_granted')).toBe(200);
  await arrival('evt_granted');
  expect(vendor.arrivals.has('evt_before')).toBe(false);

  await api('POST', `/integrations/${sink}/pause`);
  expect(await collect(key, 'evt_paused')).toBe(200);
  await waitFor(async () => (await requestsTo(sink)) === 2, { what: 'the request in its topic' });
  // A whole journey later it would have arrived.
  expect(await collect(other.key, 'evt_other')).toBe(200);
  await arrival('evt_other');
  expect(vendor.arrivals.has('evt_paused')).toBe(false);
  await api('POST', `/integrations/${sink}/resume`);
  await arrival('evt_paused');

  const { pipeline_key: newKey } = await api('POST', `/sources/${source}/rotate-key`);
  expect([await collect(key, 'evt_old'), await collect(newKey, 'evt_new')]).toEqual([200, 200]);
  await api('POST', `/sources/${source}/revoke-key`, { pipeline_key: key });
  // Nothing is to be waited for: the API answers once the change counts here.
  expect(await collect(key, 'evt_revoked')).toBe(401);
  expect(await collect(newKey, 'evt_after')).toBe(200);
  for (const messageId of ['evt_old', 'evt_new', 'evt_after']) await arrival(messageId);

  await api('DELETE', `/pipelines/${pipeline}`);
  await api('DELETE', `/integrations/${sink}`);
  await api('DELETE', `/sources/${source}`);
  expect(await collect(newKey, 'evt_deleted')).toBe(401);
});
