// Ways in whose settings come by the API: a secret made or given there counts at the gateway within a second.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Analytics } from '@segment/analytics-node';
import { pino } from 'pino';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../cli/run/roles.ts';
import { type RunningSignal, startSignal } from '../cli/run/start.ts';
import { readSettings } from '../cli/settings.ts';
import { RAW_EVENTS_TOPIC } from '../gateway/index.ts';
import type { Event } from '../schemas/index.ts';
import { waitFor } from './support/wait-for.ts';

const TOKEN = 'sat_ways-in-ways-in-ways-in-ways-in-ways';
const dataDir = mkdtempSync(join(tmpdir(), 'signal-ways-in-'));
let signal: RunningSignal;

beforeAll(async () => {
  const env = { SIGNAL_DATA_DIR: dataDir, GATEWAY_PORT: '0', API_PORT: '0', REGISTRY_PORT: '0' };
  const settings = { ...readSettings({ env }), host: '127.0.0.1', adminToken: TOKEN };
  signal = await startSignal(settings, new Set(ROLES), {
    logger: pino({ level: 'warn' }),
    fatal: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
});
afterAll(async () => {
  await signal?.close();
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

async function post(path: string, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(signal.gateway + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

/** How many milliseconds each secret took to count. */
const took: number[] = [];

/** A secret is opened in its own time after the API has answered. */
async function counts(isTaken: () => Promise<boolean>): Promise<void> {
  const since = performance.now();
  await waitFor(isTaken);
  took.push(performance.now() - since);
}

async function rawEvent(messageId: string): Promise<Event | undefined> {
  const { log, serdes } = signal.foundation;
  for (const [partition] of (await log.offsets(RAW_EVENTS_TOPIC)).entries()) {
    for await (const records of log.read({ topic: RAW_EVENTS_TOPIC, partition, from: 0 })) {
      for (const { value } of records) {
        const { event } = serdes.rawEvent.deserialize(value ?? Buffer.alloc(0));
        if (event.messageId === messageId) return event;
      }
    }
  }
  return undefined;
}

it('a webhook of Stripe, signed with the secret that was given', async () => {
  const webhook = { provider: 'stripe', mappings: { 'properties.plan': '$.data.object.metadata.plan' } };
  const { id } = await api('POST', '/sources', { name: 'Stripe', type: 'webhook', webhook });
  const payload = JSON.stringify({
    id: 'evt_1',
    type: 'checkout.session.completed',
    created: 1_769_860_800,
    data: { object: { id: 'cs_1', client_reference_id: 'u_1', metadata: { plan: 'pro' } } },
  });
  const sdk = new Stripe('sk_test_unused');
  const send = (secret: string) =>
    post(`/v1/webhook?source=${id}`, payload, {
      'stripe-signature': sdk.webhooks.generateTestHeaderString({ payload, secret }),
    });

  expect(await send('whsec_0123456789abcdef')).toBe(401);
  await api('PUT', `/sources/${id}/signing-secret`, { secret: 'whsec_0123456789abcdef' });
  await counts(async () => (await send('whsec_0123456789abcdef')) === 200);
  expect(await send('whsec_fedcba9876543210')).toBe(401);
  expect(await rawEvent('stripe_evt_1')).toMatchObject({
    event: 'Order Completed',
    userId: 'u_1',
    timestamp: 1_769_860_800_000,
    properties: expect.stringContaining('"plan":"pro"'),
  });
});

it('calls of a server that has to sign, while one secret takes the place of another', async () => {
  const settings = { name: 'Backend', type: 'server', require_signature: true };
  const { id, pipeline_key: key } = await api('POST', '/sources', settings);
  const { secret: old, fingerprint } = await api('POST', `/sources/${id}/signing-secret`);
  let count = 0;
  const send = (secret?: string) => {
    const body = JSON.stringify({ type: 'track', event: 'x', userId: 'u_1', messageId: `signed_${count++}` });
    const time = String(Date.now());
    const hex = createHmac('sha256', secret ?? '')
      .update(`${time}.${body}`)
      .digest('hex');
    const signature = { 'x-timestamp': time, 'x-signature': `sha256=${hex}` };
    return post('/v1/events', body, { 'x-pipeline-key': key, ...(secret === undefined ? {} : signature) });
  };
  await counts(async () => (await send(old)) === 200);
  expect(await send()).toBe(401);
  const { secret: next } = await api('POST', `/sources/${id}/signing-secret`);
  await counts(async () => (await send(next)) === 200);
  expect(await send(old)).toBe(200);
  await api('DELETE', `/sources/${id}/signing-secret/${fingerprint}`);
  // That one is gone with the answer.
  expect(await send(old)).toBe(401);
  expect(await send(next)).toBe(200);
  expect(await rawEvent(`signed_${count - 1}`)).toMatchObject({ event: 'x', userId: 'u_1' });
});

it('a secret counts within a second', () => {
  expect(took).toHaveLength(3);
  // The quickest: what a busy machine adds to one it does not add to all.
  expect(Math.min(...took)).toBeLessThan(1000);
});

it('Segment’s SDK, into the durable log', async () => {
  const { pipeline_key: writeKey } = await api('POST', '/sources', { name: 'Shop', type: 'server' });
  const analytics = new Analytics({ host: signal.gateway ?? '', writeKey });
  analytics.track({ userId: 'u_1', event: 'Order Completed', messageId: 'segment_1' });
  await analytics.closeAndFlush();
  expect(await rawEvent('segment_1')).toMatchObject({ event: 'Order Completed', userId: 'u_1' });
});
