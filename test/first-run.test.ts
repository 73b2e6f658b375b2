import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningDemo, startDemo } from '../cli/demo/start-demo.ts';
import { readSettings } from '../cli/settings.ts';
import type { Received } from '../examples/vendor-stand-in/stand-in.mjs';
import { describeInChromium, launchChromium } from './support/chromium.ts';
import { waitFor } from './support/wait-for.ts';

const example: Example = JSON.parse(
  readFileSync(new URL('./dreamdata-example.json', import.meta.url), 'utf8'),
);
const [expected] = example.request.body.batch;

describeInChromium('a visit to the demo shop', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signal-first-run-'));
  let demo: RunningDemo;
  let browser: Browser;

  beforeAll(async () => {
    const env = { SIGNAL_DATA_DIR: dataDir, GATEWAY_PORT: '0', API_PORT: '0', REGISTRY_PORT: '0' };
    demo = await startDemo(
      readSettings({ env }),
      { shop: 0, vendor: 0 },
      {
        logger: pino({ level: 'warn' }),
        fatal: (what, error) => {
          throw new Error(what, { cause: error });
        },
      },
    );
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("ends as the founding document's delivery at Dreamdata, and the result says HTTP 200", async () => {
    const { page, messageIdOf } = await visit(browser, demo);
    await page.click('#consent-accept');
    await page.click('#sign-in');
    await page.click('#sign-in-form [type=submit]');
    await page.click('header [data-open=demo-dialog]');
    await page.click('#demo-form [type=submit]');
    const messageId = await messageIdOf('Lead Generated');

    const { request, item } = await waitFor(() => dreamdataItem(demo, messageId), {
      what: 'the lead at the vendor',
    });
    const url = new URL(page.url());
    expect(item).toEqual({
      ...expected,
      anonymousId: expect.stringMatching(/^df_[0-9a-f-]{36}$/),
      messageId,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      context: {
        ip: '127.0.0.1',
        userAgent: await page.evaluate<string>('navigator.userAgent'),
        page: { url: `${url.origin}/pricing`, title: 'Pricing', referrer: 'https://google.com/' },
        campaign: expected.context.campaign,
      },
    });
    expect(request.method).toBe('POST');
    expect(request.path).toBe('/v1/batch');
    expect(request.headers.authorization).toBe(
      `Basic ${Buffer.from('demo-dreamdata-key:').toString('base64')}`,
    );
    expect(request.bytes).toBeLessThan(example.request.max_bytes);
    expect(request.status).toBe(200);
    expect(request.body).toMatchObject({
      messageId: expect.any(String),
      sentAt: expect.stringMatching(/Z$/),
    });

    const answer = await settled(demo, messageId);
    expect(answer.deliveries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          integration_name: 'Dreamdata',
          status: 'delivered',
          http_status: 200,
          attempts: 1,
        }),
        expect.objectContaining({
          integration_name: 'Custom webhook',
          status: 'delivered',
          http_status: 200,
        }),
      ]),
    );
    await page.close();
  });

  it('shows the visitor on the page what became of the events', async () => {
    const { page } = await visit(browser, demo);
    await page.click('#consent-accept');
    await page.click('header [data-open=demo-dialog]');
    await page.click('#demo-form [type=submit]');
    await waitFor(
      async () => /lead generated[\s\S]*delivered/i.test((await page.textContent('.panel')) ?? ''),
      {
        what: 'the delivery on the page',
      },
    );
    await page.close();
  });

  it('is delivered nowhere without consent, and the result says so', async () => {
    const { page, messageIdOf } = await visit(browser, demo);
    await page.click('#consent-decline');
    await page.click('header [data-open=demo-dialog]');
    await page.click('#demo-form [type=submit]');
    const messageId = await messageIdOf('Lead Generated');

    const answer = await settled(demo, messageId);
    expect(
      answer.deliveries.map(({ integration_name, status, reason, detail }) => [
        integration_name,
        status,
        reason,
        detail,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['Dreamdata', 'filtered', 'CONSENT_DENIED', 'analytics'],
        ['Custom webhook', 'filtered', 'CONSENT_DENIED', 'analytics, marketing'],
      ]),
    );
    const anonymousId = await page.evaluate<string>('window._df.getAnonymousId()');
    expect(anonymousId).toMatch(/^df_/);
    expect(JSON.stringify(demo.vendor.received)).not.toContain(anonymousId);
    await page.close();
  });
});

/** A new visitor, who came by an advertisement and then went on to the prices. */
async function visit(browser: Browser, demo: RunningDemo) {
  const context: BrowserContext = await browser.newContext();
  const page: Page = await context.newPage();
  const sent: { event?: string; messageId: string }[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/v1/batch')) return;
    const body: { batch: { event?: string; messageId: string }[] } = JSON.parse(
      request.postData() ?? '{"batch":[]}',
    );
    sent.push(...body.batch);
  });
  const landing = new URL(example.landing_url);
  await page.goto(`${demo.shopUrl}/${landing.search}`, { referer: `${example.referrer}/` });
  await page.click('a[href="/pricing"]');
  await waitFor(async () => (await page.title()) === 'Pricing', { what: 'the pricing page' });
  return {
    page,
    messageIdOf: (event: string): Promise<string> =>
      waitFor(() => sent.find((each) => each.event === event)?.messageId, { what: `${event} to be sent` }),
  };
}

function dreamdataItem(
  demo: RunningDemo,
  messageId: string,
): { request: Received; item: object } | undefined {
  for (const request of demo.vendor.received) {
    if (request.vendor !== 'dreamdata') continue;
    const { batch } = request.body as { batch: { messageId: string }[] };
    const item = batch.find((each) => each.messageId === messageId);
    if (item !== undefined) return { request, item };
  }
  return undefined;
}

interface Answer {
  readonly deliveries: readonly {
    readonly integration_name: string;
    readonly status: string;
    readonly http_status: number | null;
    readonly reason: string | null;
    readonly detail: string | null;
  }[];
}

/** What the management API says once every integration has its answer. */
function settled(demo: RunningDemo, messageId: string): Promise<Answer> {
  return waitFor(
    async () => {
      const answer = await demo.api.get<Answer>(`events/${messageId}`).catch(() => undefined);
      const done =
        answer?.deliveries.length === 2 && answer.deliveries.every(({ status }) => status !== 'waiting');
      return done ? answer : undefined;
    },
    { what: `the outcome of ${messageId}` },
  );
}

interface Example {
  readonly landing_url: string;
  readonly referrer: string;
  readonly request: {
    readonly max_bytes: number;
    readonly body: { readonly batch: readonly [{ readonly context: { readonly campaign: object } }] };
  };
}
