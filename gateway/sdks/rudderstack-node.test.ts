// RudderStack's own SDK for servers, unmodified: it is told this host and a pipeline key, and nothing else.
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { afterEach, describe, expect, it } from 'vitest';
import { LogError } from '../../streams/index.ts';
import {
  MemoryLog,
  SERVER_KEY,
  startGateway,
  type TestGateway,
  type TestOptions,
} from '../testing/harness.ts';

let gateway: TestGateway;
const start = async (options: TestOptions = {}) => {
  gateway = await startGateway(options);
};
afterEach(() => gateway.close());

const stored = () => gateway.events().map(({ event }) => event);
const order = { userId: 'u_1', event: 'Order Completed', properties: { revenue: 39.95, currency: 'EUR' } };

describe.each([{ gzip: false }, { gzip: true }])('RudderStack’s SDK with %j', ({ gzip }) => {
  const failures: unknown[] = [];

  function connect(more: { flushAt?: number; writeKey?: string } = {}): RudderAnalytics {
    failures.length = 0;
    const options = {
      dataPlaneUrl: gateway.url,
      gzip,
      logLevel: 'none',
      flushInterval: 60_000,
      flushAt: more.flushAt ?? 20,
      errorHandler: (error: unknown) => failures.push(error),
    };
    return new RudderAnalytics(more.writeKey ?? SERVER_KEY, options);
  }

  it('delivers every kind of call', async () => {
    await start();
    const analytics = connect();
    const context = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0', traits: { plan: 'pro' } };
    const timestamp = new Date('2026-01-31T12:00:00.000Z');
    // It sends its first call at once, so that comes alone.
    analytics.identify({ userId: 'u_1', traits: { email: 'jane@example.com' } });
    await analytics.flush();
    analytics.track({ ...order, anonymousId: 'a_1', context, timestamp });
    analytics.page({ userId: 'u_1', name: 'Terms', category: 'Legal' });
    analytics.screen({ userId: 'u_1', name: 'Home' });
    analytics.group({ userId: 'u_1', groupId: 'g_1', traits: { seats: 5 } });
    analytics.alias({ userId: 'u_2', previousId: 'u_1' });
    await analytics.flush();

    expect(failures).toEqual([]);
    expect(stored()).toMatchObject([
      { type: 'identify', userId: 'u_1', traits: '{"email":"jane@example.com"}' },
      {
        type: 'track',
        event: 'Order Completed',
        userId: 'u_1',
        anonymousId: 'a_1',
        traits: '{"plan":"pro"}',
      },
      { type: 'page', name: 'Terms', properties: '{"category":"Legal"}' },
      { type: 'screen', name: 'Home' },
      { type: 'group', userId: 'u_1', groupId: 'g_1', traits: '{"seats":5}' },
      { type: 'alias', userId: 'u_2', previousId: 'u_1' },
    ]);
    const [identify, track] = stored();
    expect(JSON.parse(track?.properties ?? '')).toEqual(order.properties);
    expect(track?.messageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(track?.timestamp).toBe(timestamp.getTime());
    expect(track?.context).toMatchObject({
      ip: '203.0.113.7',
      userAgent: 'Mozilla/5.0',
      library: { name: 'analytics-node', version: expect.any(String) },
      extra: '{"channel":"server"}',
    });
    // It names the time of a call without one `originalTimestamp`.
    expect(Math.abs((identify?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(identify?.sentAt).not.toBeNull();
  });

  it('sends again what was not stored', async () => {
    const log = new MemoryLog();
    let outages = 2;
    const append: MemoryLog['append'] = (records) =>
      outages-- > 0 ? Promise.reject(new LogError('UNAVAILABLE', 'down')) : log.append(records);
    await start({ log: { append } });
    const analytics = connect();
    analytics.track(order);
    await analytics.flush();
    expect(failures).toEqual([]);
    expect(log.records).toHaveLength(1);
  });

  it('delivers batches of five hundred', async () => {
    await start();
    const analytics = connect({ flushAt: 500 });
    for (let index = 0; index < 501; index++) analytics.track({ ...order, properties: { index } });
    for (let batches = 0; batches < 3; batches++) await analytics.flush();
    expect(failures).toEqual([]);
    expect(new Set(stored().map(({ properties }) => properties)).size).toBe(501);
    expect(stored()).toHaveLength(501);
    expect(Math.max(...gateway.log.appends.map((records) => records.length))).toBe(500);
  });

  it('is told that its key is wrong', async () => {
    await start();
    const analytics = connect({ writeKey: 'dk_live_nobody' });
    analytics.track(order);
    await analytics.flush();
    expect(failures).toMatchObject([{ response: { status: 401 } }]);
    expect(stored()).toEqual([]);
  });
});
