// biome-ignore-all lint/suspicious/noDocumentCookie: as pages do
// Consent in a real browser, against the gateway. The platforms' own scripts cannot be had here, so small stand-ins
// offer what their documentation says that a page finds; each test ends by reading raw-events.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from '../test/support/chromium.ts';
import type { CollectorSettings, ScriptPieces } from './index.ts';
import { buildAll } from './testing/build-script.ts';
import { PLATFORM_PAGES } from './testing/platform-pages.ts';
import { loaded, startWorld, type World } from './testing/world.ts';

type Reader = NonNullable<CollectorSettings['consent']>;

describeInChromium('consent', () => {
  let browser: Browser;
  let pieces: ScriptPieces;
  let world: World;
  let context: BrowserContext;

  beforeAll(async () => {
    pieces = buildAll().pieces;
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    world = await startWorld(pieces);
    context = await browser.newContext();
  });
  afterEach(async () => {
    const repeats = world.repeats(context);
    await context.close();
    await world.close();
    expect(repeats).toEqual([]);
  });

  async function open(reader: Partial<Reader> & Pick<Reader, 'platform'>, head: string): Promise<Page> {
    world.configure({ consent: { queueUntilKnown: false, custom: null, ...reader } });
    world.page('/', { head });
    const page = await context.newPage();
    await page.goto(world.origin);
    await loaded(page);
    return page;
  }
  const flush = (page: Page) => page.evaluate(() => window.datafly.flush());
  const consents = () => world.events().map((event) => event.context.consent?.categories);

  describe.each(Object.entries(PLATFORM_PAGES))('by %s', (platform, stand) => {
    const reader = { platform: stand.platform };
    const choose = async (page: Page, accept: boolean) => {
      await page.waitForFunction(() => Object(window).chooses);
      await page.evaluate(stand.choose, accept);
    };

    it('is held back until the visitor has chosen, where the source says so', async () => {
      const page = await open({ ...reader, queueUntilKnown: true }, stand.script());
      await page.evaluate(() => window.datafly.track('Early'));
      await flush(page);
      expect(world.kinds()).toEqual([]);
      await choose(page, true);
      await world.arrived(3);
      expect(world.kinds()).toEqual(['page', 'Early', 'consent']);
      expect(consents()).toEqual([stand.granted, stand.granted, stand.granted]);
    });

    it('follows what the visitor chooses, at once', async () => {
      const page = await open(reader, stand.script());
      await choose(page, true);
      await world.arrived(2);
      await choose(page, false);
      await world.arrived(3);
      await page.evaluate(() => window.datafly.track('After'));
      await world.arrived(4);
      expect(world.kinds().slice(-3)).toEqual(['consent', 'consent', 'After']);
      expect(consents().slice(-3)).toEqual([stand.granted, stand.denied, stand.denied]);
    });

    it('is known from the first event on where the visitor has chosen before', async () => {
      const page = await open({ ...reader, queueUntilKnown: true }, stand.script(true));
      await world.arrived(2);
      await flush(page);
      expect(new Set(world.kinds())).toEqual(new Set(['page', 'consent']));
      expect(consents()).toEqual([stand.granted, stand.granted]);
      await page.reload();
      await world.arrived(3);
      expect(world.kinds().slice(2), 'no news, no event').toEqual(['page']);
    });

    it('does not depend on the platform being there', async () => {
      const page = await open(reader, '');
      await flush(page);
      expect(world.kinds(), platform).toEqual(['page']);
    });
  });

  it('by the TCF waits for a stub that is late, and takes the cookie until then', async () => {
    // Purposes 1, 3 and 5 of a string whose core is otherwise zeros.
    const core = Buffer.alloc(32);
    core[0] = 2 << 2;
    core[19] = 0b10101000;
    await context.addCookies([
      { name: 'euconsent-v2', value: `${core.toString('base64url')}.more`, url: world.origin },
    ]);
    const page = await open({ platform: 'tcf', queueUntilKnown: true }, '');
    await world.arrived(2);
    const all = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n + 1, [1, 3, 5].includes(n + 1)]));
    expect(consents()).toEqual([all, all]);
    await page.evaluate(() => {
      Object.assign(window, {
        __tcfapi(command: string, _version: number, callback: (data: object, ok: boolean) => void) {
          if (command === 'addEventListener') callback({ eventStatus: 'tcloaded', gdprApplies: false }, true);
        },
      });
    });
    await world.arrived(3);
    expect(Object.values(consents()[2] ?? {})).toEqual(Array(11).fill(true));
  });

  it('by Google takes a default that grants all for a choice, and a default for some regions for none', async () => {
    const gtag = `<script>window.dataLayer = []; function gtag() { dataLayer.push(arguments); }`;
    await open(
      { platform: 'google', queueUntilKnown: true },
      `${gtag} gtag('consent', 'default', { ad_storage: 'denied', region: ['ES'] });
       gtag('consent', 'default', { ad_storage: 'granted', analytics_storage: 'granted' });</script>`,
    );
    await world.arrived(2);
    expect(consents()).toEqual(Array(2).fill({ ad_storage: true, analytics_storage: true }));
  });

  it('by a page’s own call is sent at once, holds in every tab, and lets go of what waited in all of them', async () => {
    const reader = { platform: 'onetrust', queueUntilKnown: true } as const;
    const [one, other] = [await open(reader, ''), await open(reader, '')];
    await flush(one);
    expect(world.kinds()).toEqual([]);
    await one.evaluate(() => window.datafly.setConsent({ analytics: true, marketing: false }));
    await world.arrived(3);
    expect(world.kinds().toSorted()).toEqual(['consent', 'page', 'page']);
    await flush(other);
    expect(new Set(consents().map((consent) => JSON.stringify(consent)))).toEqual(
      new Set(['{"analytics":true,"marketing":false}']),
    );
    await one.evaluate(() => window.datafly.setConsent({ marketing: false }));
    await flush(one);
    expect(world.kinds()).toHaveLength(3);
  });

  it.each([
    ['json', '{"choices":{"ads":"yes","stats":"no"}}', 'choices.ads', 'choices.stats', 'yes'],
    ['comma', 'ads:1,stats:0', 'ads', 'stats', '1'],
    ['comma', 'ads,other', 'ads', 'stats', 'true'],
    ['url', 'ads=granted&stats=denied', 'ads', 'stats', 'granted'],
    ['semicolon', ' ads = on ; stats = off ', 'ads', 'stats', 'on'],
  ] as const)('by a configured reader: %s %s', async (format, text, ads, stats, granted) => {
    const rules = { marketing: { field: ads, granted }, analytics: { field: stats, granted } };
    const page = await open(
      {
        platform: 'custom',
        queueUntilKnown: true,
        custom: { store: 'cookie', name: 'our consent', format, rules },
      },
      '',
    );
    await flush(page);
    expect(world.kinds()).toEqual([]);
    await page.evaluate((value) => {
      document.cookie = `our consent=${encodeURIComponent(value)};path=/`;
    }, text);
    await world.arrived(2);
    expect(consents()).toEqual(Array(2).fill({ marketing: true, analytics: false }));
  });

  it('by a configured reader of localStorage, whatever it finds there', async () => {
    const custom = {
      store: 'local_storage',
      name: 'c',
      format: 'json',
      rules: { analytics: { field: 'a.b', granted: 'true' }, ['__proto__']: { field: 'x', granted: '1' } },
    } as const;
    const page = await open(
      { platform: 'custom', custom },
      `<script>localStorage.setItem('c', '{broken')</script>`,
    );
    await flush(page);
    expect(world.kinds()).toEqual(['page']);
    await page.evaluate(() => localStorage.setItem('c', '{"a":{"b":true}}'));
    await world.arrived(2);
    expect(world.kinds()).toEqual(['page', 'consent']);
    expect(consents()[1]).toEqual({ analytics: true });
  });
});
