// Segment's own SDK for servers, unmodified: it is told this host and a pipeline key, and nothing else.
import { Analytics } from '@segment/analytics-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogError } from '../../streams/index.ts';
import {
  MemoryLog,
  SERVER_KEY,
  startGateway,
  type TestGateway,
  type TestOptions,
} from '../testing/harness.ts';

let gateway: TestGateway;
let analytics: Analytics;
let errors: unknown[];

async function start(options: TestOptions = {}, settings: { flushAt?: number; writeKey?: string } = {}) {
  gateway = await startGateway(options);
  analytics = new Analytics({ host: gateway.url, writeKey: SERVER_KEY, ...settings });
  errors = [];
  analytics.on('error', (error) => errors.push(error));
}
beforeEach(() => {
  errors = [];
});
afterEach(async () => {
  await analytics.closeAndFlush();
  await gateway.close();
});

const order = { userId: 'u_1', event: 'Order Completed', properties: { revenue: 39.95, currency: 'EUR' } };
const stored = () => gateway.events().map(({ event }) => event);

it('delivers every kind of call', async () => {
  await start();
  const timestamp = new Date('2026-01-31T12:00:00.000Z');
  const context = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0', page: { url: 'https://shop.example/' } };
  analytics.identify({ userId: 'u_1', traits: { email: 'jane@example.com' } });
  analytics.track({ ...order, anonymousId: 'a_1', timestamp, context, integrations: { All: false } });
  analytics.page({ userId: 'u_1', name: 'Terms', category: 'Legal' });
  analytics.screen({ userId: 'u_1', name: 'Home' });
  analytics.group({ userId: 'u_1', groupId: 'g_1', traits: { seats: 5 } });
  analytics.alias({ userId: 'u_2', previousId: 'u_1' });
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  const library = { name: '@segment/analytics-node', version: expect.any(String) };
  const messageId = expect.stringMatching(/^node-next-/);
  expect(stored()).toMatchObject([
    {
      type: 'identify',
      userId: 'u_1',
      traits: '{"email":"jane@example.com"}',
      messageId,
      context: { library },
    },
    { type: 'track', event: 'Order Completed', userId: 'u_1', anonymousId: 'a_1', messageId },
    { type: 'page', name: 'Terms', properties: '{"category":"Legal"}' },
    { type: 'screen', name: 'Home' },
    { type: 'group', userId: 'u_1', groupId: 'g_1', traits: '{"seats":5}' },
    { type: 'alias', userId: 'u_2', previousId: 'u_1' },
  ]);
  const [, track] = stored();
  expect(JSON.parse(track?.properties ?? '')).toEqual(order.properties);
  expect(track?.context).toMatchObject({ ...context, page: { url: 'https://shop.example/' } });
  expect(JSON.parse(track?.context.extra ?? '')).toEqual({ integrations: { All: false } });
  // Its clock is ours, but for the way.
  expect(Math.abs((track?.timestamp ?? 0) - timestamp.getTime())).toBeLessThan(60_000);
});

it('delivers batches of five hundred', async () => {
  await start({}, { flushAt: 500 });
  for (let index = 0; index < 1200; index++) {
    analytics.track({ ...order, messageId: `evt_${index}` });
  }
  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  const sizes = gateway.log.appends.map((records) => records.length);
  expect(sizes.toSorted((a, b) => b - a)).toEqual([500, 500, 200]);
  expect(new Set(stored().map(({ messageId }) => messageId)).size).toBe(1200);
});

it('sends again what was not stored, once it is taken again', async () => {
  const log = new MemoryLog();
  let outages = 1;
  const append: MemoryLog['append'] = (records) =>
    outages-- > 0 ? Promise.reject(new LogError('UNAVAILABLE', 'down')) : log.append(records);
  await start({ log: { append } });
  analytics.track(order);
  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  expect(log.records).toHaveLength(1);
});

it('waits as long as a full rate limit says', async () => {
  // However long a request takes, the second comes within the first one's second; that is over once it was refused.
  let now = Date.now();
  await start({ clock: { now: () => now }, settings: { rateLimitRps: 1 } }, { flushAt: 1 });
  gateway.app.server.on('request', (_, response) => {
    response.once('finish', () => {
      if (response.statusCode === 429) now += 1000;
    });
  });
  analytics.track(order);
  analytics.track(order);
  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  expect(stored()).toHaveLength(2);
  expect(await gateway.register.metrics()).toContain('status="429"} 1');
});

it('is told at once that its key is wrong', async () => {
  await start({}, { writeKey: 'dk_live_nobody' });
  analytics.track(order);
  await analytics.closeAndFlush();
  expect(errors).toMatchObject([{ code: 'delivery_failure', reason: { message: '[401] Unauthorized' } }]);
  expect(stored()).toEqual([]);
});
