// Pixels as browsers load them: on a page of the site, and on a foreign one such as a webmail.
import { createServer, type Server } from 'node:http';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from '../../test/support/chromium.ts';
import { startGateway, type TestGateway, WEB_KEY } from '../testing/harness.ts';

describeInChromium('a pixel in Chromium', () => {
  let browser: Browser;
  let site: Server;
  let port: number;
  let context: BrowserContext;
  let gateway: TestGateway;

  beforeAll(async () => {
    site = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://site');
      response.setHeader('content-type', 'text/html');
      response.end(
        `<!doctype html><title>Shop</title><img src="${searchParams.get('img')?.replaceAll('"', '')}">`,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const address = site.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });
  beforeEach(async () => {
    gateway = await startGateway();
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    await gateway.close();
  });

  /** The width of the image on a page of this host. The gateway is always on `localhost`. */
  async function show(query: string, host = 'localhost', type = 'track'): Promise<number> {
    const page = await context.newPage();
    const img = `http://localhost:${gateway.port}/v1/pixel/${type}?${query}`;
    await page.goto(`http://${host}:${port}/?img=${encodeURIComponent(img)}`, { waitUntil: 'load' });
    return page
      .locator('img')
      .evaluate((image) => ('naturalWidth' in image ? Number(image.naturalWidth) : -1));
  }
  const stored = () => gateway.events().map(({ event }) => event);

  it('is seen by nobody, whether it was taken or not', async () => {
    expect(await show(`wk=${WEB_KEY}&e=Opened&aid=a_1`)).toBe(1);
    expect(await show('wk=dk_nobody&e=Opened&aid=a_1')).toBe(1);
    expect(stored()).toMatchObject([{ event: 'Opened', anonymousId: 'a_1' }]);
  });

  it('knows its visitor again on pages of the site', async () => {
    await show(`wk=${WEB_KEY}`, 'localhost', 'page');
    await show(`wk=${WEB_KEY}`, 'localhost', 'page');
    const [first, second] = stored();
    expect(first?.anonymousId).toMatch(/^df_/);
    expect(second?.anonymousId).toBe(first?.anonymousId);
    expect(first?.context.page?.url).toContain(`http://localhost:${port}/`);
  });

  it('makes up nobody, and leaves no cookie, on a foreign page', async () => {
    expect(await show(`wk=${WEB_KEY}&e=Opened`, '127.0.0.1')).toBe(1);
    expect(stored()).toEqual([]);
    await show(`wk=${WEB_KEY}&e=Opened&uid=u_1`, '127.0.0.1');
    expect(stored()).toMatchObject([{ userId: 'u_1', context: { page: null } }]);
    expect(await context.cookies()).toEqual([]);
  });
});
