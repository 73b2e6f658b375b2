// datafly.js as the gateway serves it, in a real browser; each test ends by reading raw-events.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { chromiumPath, describeInChromium, launchChromium } from '../test/support/chromium.ts';
import type { ScriptPieces } from './index.ts';
import { buildAll } from './testing/build-script.ts';
import { closeTab, KEY, loaded, startWorld, type World } from './testing/world.ts';

describeInChromium('datafly.js and the gateway', () => {
  let browser: Browser;
  let pieces: ScriptPieces;
  let npm: string;
  let world: World;
  let context: BrowserContext;
  let problems: string[];

  beforeAll(async () => {
    ({ pieces, npm } = buildAll());
    // Playwright switches the back/forward cache off.
    browser = await launchChromium({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    problems = [];
    world = await startWorld(pieces);
    context = await browser.newContext();
  });
  afterEach(async () => {
    const repeats = world.repeats(context);
    await context.close();
    await world.close();
    expect(repeats).toEqual([]);
    expect(problems).toEqual([]);
  });

  async function open(path = '/'): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|integrity/.test(message.text())) problems.push(message.text());
    });
    await page.goto(world.origin + path);
    await loaded(page);
    return page;
  }
  const messageIds = () => world.events().map(({ messageId }) => messageId);
  const paths = () => world.events().map((event) => event.context.page?.path);
  const scriptsAsked = () => world.asked.map(({ url }) => url).filter((url) => url.includes('.js'));

  it('is loaded by the key of its tag alone, in two requests, and takes calls from the first on', async () => {
    world.page('/', { body: `<script>datafly.track('Early', { n: 1 }); _df.identify('u1');</script>` });
    await open();
    await world.arrived(3);
    expect(world.kinds()).toEqual(['Early', 'identify', 'page']);
    expect(world.events()[1]?.userId).toBe('u1');
    expect(scriptsAsked()).toEqual(['/d.js', `/d/${KEY}.js`]);
  });

  it('is loaded under the source’s own name, once for many pages', async () => {
    world.configure({ scriptFilename: 'shop' });
    const tag = `<script async src="${world.endpoint}/shop.js" data-pipeline-key="${KEY}"></script>`;
    for (const path of ['/', '/a', '/b']) world.page(path, { tag });
    const page = await open();
    for (const path of ['/a', '/b']) {
      await page.goto(world.origin + path);
      await loaded(page);
    }
    await world.arrived(3);
    expect(paths()).toEqual(['/', '/a', '/b']);
    expect(scriptsAsked()).toEqual([
      '/shop.js',
      expect.stringMatching(/^\/d\/[0-9a-f]{32}\.js\?k=dk_test_world$/),
    ]);
  });

  it('is another script once the source’s settings have changed', async () => {
    const tag = `<script src="${world.endpoint}/d.js?k=${KEY}&${1}"></script>`;
    world.page('/', { tag });
    const first = await open();
    // With nothing left to send: a tab sends for the others too, in batches of its own size.
    await first.evaluate(() => window.datafly.flush());
    world.configure({ batchSize: 3 });
    world.page('/new', { tag: tag.replace('&1', '&2') });
    const page = await open('/new');
    await page.evaluate(() => {
      for (let n = 0; n < 5; n++) window.datafly.track(`E${n}`);
    });
    await world.arrived(7);
    const [before, after] = scriptsAsked().filter((url) => /\/[0-9a-f]{32}\.js/.test(url));
    expect(after).not.toBe(before);
    expect(Math.max(...world.gateway.log.appends.map((records) => records.length))).toBe(3);
  });

  it('falls back to the key where the script that the loader names is gone', async () => {
    world.page('/', {
      tag: `<script src="${world.endpoint}/d.js?k=${KEY}" data-pipeline-key="${KEY}"></script>`,
    });
    await context.route(/\/d\/[0-9a-f]{32}\.js/, (route) => route.fulfill({ status: 404 }));
    await open();
    await world.arrived(1);
    expect(scriptsAsked()).toEqual([`/d.js?k=${KEY}`, `/d/${KEY}.js`]);
  });

  it.each([
    ['names the gateway', (gateway: string) => `script-src ${gateway}`],
    ['goes by nonces', () => `script-src 'nonce-n0'`],
    ['goes by nonces and trust', () => `script-src 'nonce-n0' 'strict-dynamic'`],
  ])('works under a policy that %s', async (_how, policy) => {
    world.page('/', {
      tag: `<script nonce="n0" src="${world.endpoint}/d.js?k=${KEY}"></script>`,
      csp: `default-src 'none'; ${policy(world.endpoint)}; connect-src ${world.endpoint}`,
    });
    await open();
    await world.arrived(1);
    expect(world.kinds()).toEqual(['page']);
  });

  it('is started by a page that imports it, with what it names', async () => {
    world.page('/', { tag: '<meta name="x">', body: '<a id="b" data-df-event="Chosen">b</a>' });
    const page = await context.newPage();
    await page.goto(world.origin);
    const start = `npm_default.track('Early'); npm_default.init({ pipelineKey: '${KEY}', endpoint: '${world.endpoint}/', use: [clicks2] });`;
    await page.addScriptTag({ type: 'module', content: npm.replace(/^export \{/m, `${start}\n$&`) });
    await page.click('#b');
    await world.arrived(3);
    expect(world.kinds()).toEqual(['Early', 'page', 'Chosen']);
  });

  it('sends a page view for each address of a single-page application', async () => {
    const page = await open();
    await page.evaluate(() => {
      window.seen = [];
      window.datafly.on('event', (event) => window.seen.push(event));
    });
    for (const path of ['/a', '/b']) {
      await page.evaluate((to) => history.pushState({}, '', to), path);
      await page.waitForFunction((to) => Object(window.seen.at(-1)).context?.page.path === to, path);
    }
    await page.evaluate(() => history.back());
    await world.arrived(4);
    expect(world.kinds()).toEqual(['page', 'page', 'page', 'page']);
    expect(paths()).toEqual(['/', '/a', '/b', '/a']);
  });

  it('loses nothing when the tab is closed in the middle of a batch', async () => {
    const page = await open();
    await page.evaluate(() => {
      for (let n = 0; n < 14; n++) window.datafly.track(`E${n}`);
    });
    await closeTab(page);
    const all = new Set(['page', ...Array.from({ length: 14 }, (_, n) => `E${n}`)]);
    await vi.waitFor(() => expect(new Set(world.kinds())).toEqual(all), { timeout: 60_000 });
  });

  it('keeps what happens while there is no network, and sends it when it is back', async () => {
    await context.clock.install();
    const page = await open();
    await world.arrived(1);
    await context.setOffline(true);
    await page.evaluate(() => {
      for (let n = 0; n < 25; n++) window.datafly.track(`E${n}`);
    });
    const before = world.asked.length;
    await page.clock.runFor(60_000);
    expect(world.asked).toHaveLength(before);
    await context.setOffline(false);
    await world.arrived(26);
    expect(world.kinds()).toEqual(['page', ...Array.from({ length: 25 }, (_, n) => `E${n}`)]);
    expect(new Set(messageIds()).size).toBe(26);
  });

  it('sends for all tabs from one at a time, and loses none', async () => {
    const tabs = [await open(), await open(), await open()];
    await world.arrived(3);
    await Promise.all(
      tabs.map((tab, index) =>
        tab.evaluate((name) => {
          for (let n = 0; n < 15; n++) window.datafly.track(`${name}-${n}`);
        }, index),
      ),
    );
    await world.arrived(48);
    await vi.waitFor(async () =>
      expect(await tabs[0]?.evaluate(() => Object.keys(localStorage).join())).not.toContain('.queue.'),
    );
    expect(new Set(messageIds()).size).toBe(48);
  });

  it('has the next tab send what one that was closed without network had not', async () => {
    const [dying, other] = [await open(), await open()];
    await world.arrived(2);
    await context.setOffline(true);
    await dying.evaluate(() => window.datafly.track('Last words'));
    await closeTab(dying);
    await context.setOffline(false);
    await other.evaluate(() => window.datafly.track('Alive'));
    await vi.waitFor(() => expect(new Set(world.kinds().slice(2))).toEqual(new Set(['Last words', 'Alive'])));
  });

  it('gives the turn to send to another tab when the one that has it dies in the middle', async () => {
    const [dying, other] = [await open(), await open()];
    await world.arrived(2);
    let asked = false;
    await dying.route('**/v1/batch', () => {
      asked = true; // and is never answered
    });
    await dying.evaluate(() => {
      window.datafly.track('Of the dying');
      window.datafly.flush();
    });
    await vi.waitFor(() => expect(asked).toBe(true), { timeout: 60_000 });
    await other.evaluate(() => {
      window.datafly.track('Of the other');
      window.seen = [];
      window.datafly.flush().then(() => window.seen.push('flushed'));
    });
    const held = await other.evaluate(async () => (await navigator.locks.query()).held?.length);
    expect([held, await other.evaluate(() => window.seen)]).toEqual([1, []]);
    await dying.close();
    await other.waitForFunction(() => window.seen.length);
    await vi.waitFor(() =>
      expect(world.kinds()).toEqual(expect.arrayContaining(['Of the dying', 'Of the other'])),
    );
  });

  it('stays one visitor whichever copy of the id is lost', async () => {
    const page = await open();
    await page.waitForFunction(() => window.datafly.getAnonymousId());
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await world.arrived(2);
    await vi.waitFor(async () => {
      await loaded(page);
      expect(await page.evaluate(() => window.datafly.getAnonymousId())).toBeTruthy();
    });
    await context.clearCookies();
    await page.reload();
    await world.arrived(3);
    const cookies = await vi.waitFor(async () => {
      const found = await context.cookies(world.endpoint);
      expect(found).toHaveLength(1);
      return found.map(({ value }) => value);
    });
    expect(new Set([...world.events().map(({ anonymousId }) => anonymousId), ...cookies]).size).toBe(1);
  });

  it('counts a page that comes back out of the back/forward cache', async () => {
    world.page('/next');
    const page = await open();
    await page.evaluate(() => {
      window.seen = [];
      addEventListener('pageshow', (event) => window.seen.push(event.persisted));
      // A page in the middle of a request is not kept alive.
      return window.datafly.flush();
    });
    await page.goto(`${world.origin}/next`);
    await loaded(page);
    await page.evaluate(() => history.back()).catch(() => {});
    await page.waitForFunction(() => window.seen?.length);
    expect(await page.evaluate(() => window.seen), 'it was kept alive').toEqual([true]);
    await world.arrived(3);
    expect(paths()).toEqual(['/', '/next', '/']);
  });

  it('does not count a page that is rendered ahead until somebody sees it', async () => {
    world.page('/', {
      body: `<script>
        const rules = document.createElement('script');
        rules.type = 'speculationrules';
        rules.textContent = '{"prerender": [{"source": "list", "urls": ["/ahead"], "eagerness": "immediate"}]}';
        document.head.append(rules);
        fetch('/go').then(() => { location.href = '/ahead'; });
      </script>`,
    });
    world.page('/ahead', {
      body: `<script>datafly.track(document.prerendering ? 'Rendered ahead' : 'Rendered late'); onload = () => fetch('/ran')</script>`,
    });
    let go = (): void => {};
    world.hold(
      '/go',
      new Promise((resolve) => {
        go = resolve;
      }),
    );
    // Where a debugger watches, nothing is rendered ahead.
    await withPlainChromium(`${world.origin}/`, async () => {
      await vi.waitFor(() => expect(world.visits.map(({ url }) => url)).toContain('/ran'), {
        timeout: 60_000,
      });
      expect(world.visits.find(({ url }) => url === '/ahead')?.headers['sec-purpose']).toContain('prerender');
      await world.arrived(1);
      expect(world.kinds()).toEqual(['page']);
      go();
      await world.arrived(3);
    });
    expect(world.kinds()).toEqual(['page', 'Rendered ahead', 'page']);
    expect(paths()).toEqual(['/', '/ahead', '/ahead']);
  });
});

/** A browser as visitors have it, at that address, for as long as `use` takes. */
async function withPlainChromium(address: string, use: () => Promise<void>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'datafly-chromium-'));
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    `--user-data-dir=${profile}`,
  ];
  // A group of its own, because it is many processes.
  const browser = spawn(chromiumPath() ?? '', [...flags, address], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => browser.once('close', resolve));
  try {
    await use();
  } finally {
    if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}
