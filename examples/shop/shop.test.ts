// The demo shop with a stand-in for its server and the gateway, in Chromium.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { buildScript } from '../../collector/testing/build-script.ts';
import { describeInChromium, launchChromium } from '../../test/support/chromium.ts';

const SHOP = 'http://shop.localhost';
const GATEWAY = 'http://data.shop.localhost';
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const;

interface Sent {
  readonly type: string;
  readonly event?: string;
  readonly userId?: string;
  readonly messageId: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context: {
    readonly page: { readonly title: string; readonly path: string };
    readonly consent?: unknown;
  };
}
interface Delivery {
  readonly integration: string;
  readonly status: 'delivered' | 'filtered' | 'waiting' | 'dead';
  readonly http_status?: number;
  readonly reason?: string;
}

describeInChromium('the demo shop', () => {
  let browser: Browser;
  let script: string;
  let page: Page;
  let sent: Sent[];
  let complaints: string[];
  /** What the gateway answers. */
  let status: number;
  /** What the shop's server says of every event it is asked about. */
  let deliveries: readonly Delivery[];

  beforeAll(async () => {
    script = buildScript();
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    sent = [];
    complaints = [];
    deliveries = [];
    status = 200;
    const context = await browser.newContext();
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
    await context.route(`${SHOP}/**`, (route) => {
      const { pathname, searchParams } = new URL(route.request().url());
      if (pathname === '/demo/events') {
        const data = searchParams
          .get('messageIds')
          ?.split(',')
          .map((messageId) => ({ messageId, deliveries }));
        return route.fulfill({ json: { data } });
      }
      const [, name = 'index', kind = 'html'] = /^\/(shop|panel)\.(css|js)$/.exec(pathname) ?? [];
      const body = readFileSync(new URL(`${name}.${kind}`, import.meta.url), 'utf8')
        .replaceAll('{{GATEWAY_ORIGIN}}', GATEWAY)
        .replaceAll('{{PIPELINE_KEY}}', 'dk_test_demo');
      return route.fulfill({
        body,
        contentType: kind === 'css' ? TYPES.css : kind === 'js' ? TYPES.js : TYPES.html,
      });
    });
    await context.route(`${GATEWAY}/**`, (route) => {
      const request = route.request();
      if (request.url().endsWith('/d.js')) {
        return route.fulfill({ body: script, contentType: TYPES.js });
      }
      sent.push(...(request.postDataJSON()?.batch ?? []));
      return route.fulfill({
        status,
        headers: {
          'access-control-allow-origin': SHOP,
          'access-control-allow-credentials': 'true',
          'access-control-allow-headers': 'authorization, content-type',
        },
        json: { success: true, anonymousId: 'df_visitor' },
      });
    });
    return () => context.close();
  });

  const arrived = (count: number) =>
    vi.waitFor(() => expect(sent).toHaveLength(count), { timeout: 60_000, interval: 20 });
  const panelSays = (text: string) => page.locator('.panel').getByText(text).first().waitFor();

  it('tells of a visitor who accepts, signs in and requests a demo', async () => {
    await page.goto(`${SHOP}/pricing`);
    await page.click('#consent-accept');
    await page.click('#sign-in');
    await page.click('#sign-in-form [type=submit]');
    await page.click('header [data-open=demo-dialog]');
    await page.click('#demo-form [type=submit]');
    await arrived(4);
    const context = {
      page: { title: 'Pricing', path: '/pricing' },
      consent: { categories: { analytics: true, marketing: true } },
    };
    expect(sent).toMatchObject([
      { type: 'page', context: { page: context.page } },
      { type: 'consent', context },
      {
        type: 'identify',
        userId: 'user-123',
        traits: { email: 'jane.doe@acme.com', name: 'Jane Doe', company: 'Acme Inc', title: 'VP Marketing' },
        context,
      },
      {
        type: 'track',
        event: 'Lead Generated',
        userId: 'user-123',
        properties: { form_id: 'demo-request', value: 0, currency: 'USD' },
        context,
      },
    ]);
    expect(complaints).toEqual([]);
  });

  it('tells of pages and products without loading a page again', async () => {
    await page.goto(SHOP);
    await page.click('#consent-decline');
    await page.click('nav [href="/products"]');
    await page.click('[data-content=shelf]');
    await page.click('nav [href="/pricing"]');
    await page.click('.best [data-track]');
    await page.goBack();
    await arrived(7);
    expect(sent.map(({ type, event, context }) => [event ?? type, context.page.title])).toEqual([
      ['page', 'Acme'],
      ['consent', 'Acme'],
      ['page', 'Products'],
      ['Content Viewed', 'Products'],
      ['page', 'Pricing'],
      ['Trial Started', 'Pricing'],
      ['page', 'Products'],
    ]);
    expect(sent.at(-1)?.context.consent).toEqual({ categories: { analytics: false, marketing: false } });
    expect(complaints).toEqual([]);
  });

  it('shows what became of each event, as it becomes known', async () => {
    await page.goto(SHOP);
    await panelSays('On its way');
    deliveries = [
      { integration: 'Dreamdata', status: 'waiting' },
      { integration: 'Custom Webhook', status: 'filtered', reason: 'analytics was not granted' },
    ];
    await panelSays('Waiting');
    await panelSays('analytics was not granted');
    deliveries = [
      { integration: 'Dreamdata', status: 'delivered', http_status: 200 },
      { integration: '<b>Hook</b>', status: 'dead', http_status: 401, reason: 'the key was refused' },
    ];
    await panelSays('Delivered 200');
    await panelSays('<b>Hook</b>');
    await panelSays('Failed 401');
    await panelSays('df_visitor');
    expect(complaints).toEqual([]);
  });

  it('says which events the gateway refused', async () => {
    status = 401;
    await page.goto(SHOP);
    await panelSays('Failed 401');
  });

  it('says that its server does not know, when it does not', async () => {
    await page.context().route(`${SHOP}/demo/**`, (route) => route.fulfill({ status: 502 }));
    await page.goto(SHOP);
    await panelSays('it answered 502');
  });

  it('works when the collector does not load', async () => {
    await page.context().route(`${GATEWAY}/**`, (route) => route.abort());
    await page.goto(`${SHOP}/guides`);
    await page.click('#consent-accept');
    await page.click('[data-content=second-visit]');
    await page.getByText('on its way to your inbox').waitFor();
    expect(await page.title()).toBe('Guides');
  });
});
