// Segment's own SDK for browsers, unmodified, in Chromium: it is told this host and a pipeline key, and nothing else.
import { createServer, type Server } from 'node:http';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LogError } from '../../streams/index.ts';
import { describeInChromium, launchChromium } from '../../test/support/chromium.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { MemoryLog, startGateway, type TestGateway, type TestOptions, WEB_KEY } from '../testing/harness.ts';

/** What the pages use of the SDK. */
interface Analytics {
  load(settings: object, options?: object): void;
  track(event: string, properties?: object): Promise<unknown>;
  page(category: string, name: string): Promise<unknown>;
  screen(name: string): Promise<unknown>;
  identify(userId: string, traits?: object): Promise<unknown>;
  group(groupId: string, traits?: object): Promise<unknown>;
  alias(userId: string, previousId: string): Promise<unknown>;
  reset(): Promise<unknown>;
}
declare const window: { readonly analytics: Analytics };

describeInChromium('Segment’s SDK in Chromium', () => {
  let browser: Browser;
  let site: Server;
  let context: BrowserContext;
  let gateway: TestGateway;
  let complaints: string[];

  beforeAll(async () => {
    const sdk = await build({
      stdin: {
        contents: `import { AnalyticsBrowser } from '@segment/analytics-next'; window.analytics = new AnalyticsBrowser();`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      format: 'iife',
      write: false,
      logLevel: 'error',
    });
    const script = sdk.outputFiles[0]?.text ?? '';
    site = createServer((request, response) => {
      const isScript = request.url === '/sdk.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>Shop</title><script src="/sdk.js"></script>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'da-DK', timezoneId: 'Europe/Copenhagen' });
  });
  afterEach(async () => {
    await context.close();
    await gateway.close();
  });

  async function visit(query = '', options: TestOptions = {}, sdkOptions = {}, key = WEB_KEY): Promise<Page> {
    gateway = await startGateway(options);
    complaints = [];
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const address = site.address();
    if (address === null || typeof address === 'string') throw new Error('the site listens on no port');
    await page.goto(`http://localhost:${address.port}/${query}`);
    // The host of the page, and another port: as far apart as shop.example and events.shop.example.
    const cdnURL = `http://localhost:${gateway.port}`;
    await page.evaluate(([settings, more]) => window.analytics.load(settings, more), [
      { writeKey: key, cdnURL },
      sdkOptions,
    ] as const);
    return page;
  }
  const stored = () => gateway.events().map(({ event }) => event);
  const arrived = (count: number) =>
    waitFor(() => stored().length >= count, { what: () => `${count} events: ${complaints.join('; ')}` });

  it('delivers every kind of call', async () => {
    const page = await visit('?utm_source=google&utm_campaign=spring&gclid=G1');
    await page.evaluate(async () => {
      await window.analytics.page('Legal', 'Terms');
      await window.analytics.track('Order Completed', { revenue: 39.95, currency: 'EUR' });
      await window.analytics.screen('Home');
      // After an identify it aliases to the user it knows, whatever it is told.
      await window.analytics.alias('u_1', 'u_0');
      await window.analytics.identify('u_1', { email: 'jane@example.com' });
      await window.analytics.group('g_1', { seats: 5 });
    });
    await arrived(6);
    expect(complaints).toEqual([]);
    expect(stored()).toMatchObject([
      { type: 'page', name: 'Terms' },
      { type: 'track', event: 'Order Completed' },
      { type: 'screen', name: 'Home' },
      { type: 'alias', userId: 'u_1', previousId: 'u_0' },
      { type: 'identify', userId: 'u_1', traits: '{"email":"jane@example.com"}' },
      { type: 'group', userId: 'u_1', groupId: 'g_1', traits: '{"seats":5}' },
    ]);
    const [view, track] = stored();
    expect(JSON.parse(view?.properties ?? '')).toMatchObject({ category: 'Legal', name: 'Terms' });
    expect(JSON.parse(track?.properties ?? '')).toEqual({ revenue: 39.95, currency: 'EUR' });
    expect(track?.messageId).toMatch(/^ajs-next-/);
    expect(Math.abs((track?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(track?.context).toMatchObject({
      ip: '127.0.0.1',
      userAgent: expect.stringContaining('Chrome'),
      locale: 'da-DK',
      timezone: 'Europe/Copenhagen',
      page: { title: 'Shop', path: '/', search: '?utm_source=google&utm_campaign=spring&gclid=G1' },
      campaign: { source: 'google', name: 'spring' },
      clickIds: { gclid: 'G1' },
      library: { name: 'analytics.js', version: expect.stringContaining('next') },
    });
    // One visitor, whom the SDK named.
    expect(new Set(stored().map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(track?.anonymousId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('delivers batches, where it is told to send those', async () => {
    const batching = { strategy: 'batching', config: { size: 5, timeout: 60_000 } };
    const page = await visit('', {}, { integrations: { 'Segment.io': { deliveryStrategy: batching } } });
    await page.evaluate(async () => {
      for (let index = 0; index < 10; index++) await window.analytics.track('Viewed', { index });
    });
    await arrived(10);
    expect(complaints).toEqual([]);
    expect(gateway.log.appends.map((records) => records.length)).toEqual([5, 5]);
    expect(await gateway.register.metrics()).toContain('{endpoint="/v1/b",status="200"} 2');
  });

  it('sends again what was not stored', async () => {
    const log = new MemoryLog();
    let outages = 2;
    const append: MemoryLog['append'] = (records) =>
      outages-- > 0 ? Promise.reject(new LogError('UNAVAILABLE', 'down')) : log.append(records);
    const page = await visit('', { log: { append } });
    await page.evaluate(() => window.analytics.track('Order Completed'));
    await waitFor(() => log.records.length === 1, { timeoutMs: 60_000 });
    expect(log.records).toHaveLength(1);
  });

  it('starts a new visitor after a reset', async () => {
    const page = await visit();
    await page.evaluate(async () => {
      await window.analytics.track('Before');
      await window.analytics.reset();
      await window.analytics.track('After');
    });
    await arrived(2);
    expect(new Set(stored().map(({ anonymousId }) => anonymousId)).size).toBe(2);
  });

  it('says in the page that its key is wrong', async () => {
    await expect(visit('', {}, {}, 'dk_live_nobody')).rejects.toThrow(/INVALID_PIPELINE_KEY/);
  });
});
