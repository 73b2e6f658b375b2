// datafly.js as built, in a real browser, against a gateway that writes down what arrives.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeInChromium, launchChromium } from '../test/support/chromium.ts';
import type { CollectedEvent } from './event.ts';
import { buildScript } from './testing/build-script.ts';
import { firstOfEach, repeatsIn } from './testing/repeats.ts';
import { type Site, startSite } from './testing/site.ts';
import './testing/window.ts';

describeInChromium('datafly.js in Chromium', () => {
  let browser: Browser;
  let script: string;
  let site: Site;
  let context: BrowserContext;
  let pageErrors: Error[];

  beforeAll(async () => {
    script = buildScript();
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    pageErrors = [];
    site = await startSite(script);
    context = await browser.newContext({ locale: 'da-DK', timezoneId: 'Europe/Copenhagen' });
    site.pages.set('/', html('Home'));
  });
  afterEach(async () => {
    // Before it is closed: that may send again what is in flight.
    const isAlone = context.pages().length === 1 && site.documents === 1;
    const repeats = isAlone ? repeatsIn(accepted()) : [];
    await context.close();
    await site.close();
    expect(repeats).toEqual([]);
    expect(pageErrors).toEqual([]);
  });

  /** A page with the script tag; `before` runs before it, `attributes` are its own. */
  function html(
    title: string,
    options: { before?: string; after?: string; attributes?: string } = {},
  ): string {
    const inline = (code = '') => `<script nonce="test">${code}</script>`;
    const tag = `<script src="${site.gateway}/d.js" data-pipeline-key="dk_test_1" ${options.attributes ?? ''}></script>`;
    return `<!doctype html><html><head>${inline(options.before)}${tag}<title>${title}</title></head><body>${title}${inline(options.after)}</body></html>`;
  }
  async function open(path = '/'): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => pageErrors.push(error));
    await page.goto(site.origin + path);
    return page;
  }
  const accepted = (): readonly CollectedEvent[] =>
    site.received.filter(({ status }) => status === 200).flatMap((request) => request.events);
  const events = () => firstOfEach(accepted());
  const kinds = () => events().map((event) => ('event' in event ? event.event : event.type));
  const arrived = (count: number) =>
    vi.waitFor(() => expect(events().length).toBeGreaterThanOrEqual(count), {
      interval: 20,
    });
  /** As a visitor closes a tab: the page is told, and may send a last word. */
  const close = async (page: Page) => {
    await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  };
  const flushed = (page: Page) => page.evaluate(() => window.datafly.flush());

  describe('page views', () => {
    it('are sent on load, with the whole context', async () => {
      const page = await context.newPage();
      await page.goto(
        `${site.origin}/?utm_source=google&utm_medium=cpc&utm_campaign=brand-2026&gclid=G1#top`,
        {
          referer: 'https://google.com/',
        },
      );
      await arrived(1);
      const [event] = events();
      const url = `${site.origin}/?utm_source=google&utm_medium=cpc&utm_campaign=brand-2026&gclid=G1#top`;
      const seen = {
        url,
        path: '/',
        referrer: 'https://google.com/',
        title: 'Home',
        search: '?utm_source=google&utm_medium=cpc&utm_campaign=brand-2026&gclid=G1',
      };
      expect(event).toEqual({
        type: 'page',
        properties: seen,
        context: {
          page: seen,
          locale: 'da-DK',
          timezone: 'Europe/Copenhagen',
          screen: { width: 1280, height: 720, density: 1 },
          viewport: { width: 1280, height: 720 },
          userAgentData: expect.objectContaining({ mobile: false, platformVersion: expect.any(String) }),
          landing: seen.search,
          library: { name: 'datafly.js', version: '0.1.0' },
        },
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        messageId: expect.stringMatching(/^evt_[0-9a-f-]{36}$/),
      });
    });

    it('are sent though the visitor leaves before the document has loaded', async () => {
      site.pages.set('/slow', html('Slow').replace('</body></html>', ''));
      site.endless.add('/slow');
      const page = await context.newPage();
      await page.goto(`${site.origin}/slow`, { waitUntil: 'commit' });
      await page.waitForFunction(() => window.datafly);
      await page.goto(site.origin);
      await arrived(2);
      expect(events().map((event) => event.context.page.path)).toEqual(['/slow', '/']);
    });

    it('are sent once when the script is added to a finished page', async () => {
      site.pages.set('/late', '<!doctype html><title>Late</title>');
      const page = await open('/late');
      await page.addScriptTag({ url: `${site.gateway}/d.js` }); // no key: it does nothing but say so
      await page.evaluate((src) => {
        const tag = document.createElement('script');
        tag.src = src;
        tag.dataset.pipelineKey = 'dk_test_1';
        document.head.append(tag);
      }, `${site.gateway}/d.js`);
      await page.waitForFunction(() => window.datafly);
      await flushed(page);
      expect(events().map((event) => [event.type, event.context.page.title])).toEqual([['page', 'Late']]);
    });

    it('follow pushState, replaceState, back and hash, each with the title set after it', async () => {
      const page = await open();
      const go = async (step: () => void, count: number) => {
        await page.evaluate(step);
        await page.waitForFunction((n) => window.seen.length === n, count);
      };
      await page.evaluate(() => {
        window.seen = [];
        window.datafly.on('event', (event) => window.seen.push(event));
      });
      await go(() => {
        history.pushState({}, '', '/pricing');
        setTimeout(() => {
          document.title = 'Pricing';
        }, 10);
      }, 1);
      await go(() => {
        history.replaceState({}, '', '/pricing?plan=team');
        document.title = 'Team';
      }, 2);
      await go(() => {
        location.hash = 'faq';
      }, 3);
      await go(() => {
        addEventListener('popstate', () => {
          document.title = 'Back';
        });
        history.back();
      }, 4);
      await go(() => history.back(), 5);
      await flushed(page);
      expect(
        events().map(({ context: { page } }) => [page.url.replace(site.origin, ''), page.title]),
      ).toEqual([
        ['/', 'Home'],
        ['/pricing', 'Pricing'],
        ['/pricing?plan=team', 'Team'],
        ['/pricing?plan=team#faq', 'Team'],
        ['/pricing?plan=team', 'Back'],
        ['/', 'Back'],
      ]);
    });

    it('tell a redirect from two navigations, and an unchanged address from either', async () => {
      const page = await open();
      await page.evaluate(() => {
        history.replaceState({ scroll: 10 }, '');
        history.pushState({}, '', '/one');
        history.pushState({}, '', '/old');
        history.replaceState({}, '', '/new');
        window.datafly.track('After');
        return window.datafly.flush();
      });
      await arrived(4);
      expect(events().map((event) => [event.type, event.context.page.path])).toEqual([
        ['page', '/'],
        ['page', '/one'],
        ['page', '/new'],
        ['track', '/new'],
      ]);
    });

    it('give way to an explicit one', async () => {
      site.pages.set('/', html('Home', { before: `window._df = [['page', 'Front', { kind: 'landing' }]]` }));
      const page = await open();
      await page.evaluate(() => {
        history.pushState({}, '', '/pricing');
        window.datafly.page('Pricing');
        return window.datafly.flush();
      });
      await arrived(2);
      expect(events()).toMatchObject([
        { type: 'page', name: 'Front', properties: { kind: 'landing', path: '/' } },
        { type: 'page', name: 'Pricing', properties: { path: '/pricing' } },
      ]);
      expect(events()).toHaveLength(2);
    });

    it('keep the query of the landing page for the visit', async () => {
      site.pages.set('/pricing', html('Pricing'));
      const page = await open('/?utm_source=google');
      await page.goto(`${site.origin}/pricing`);
      await arrived(2);
      expect(events().map((event) => event.context.landing)).toEqual([
        '?utm_source=google',
        '?utm_source=google',
      ]);
      expect(events()[1]?.context.page.search).toBe('');
    });
  });

  describe('calls', () => {
    it('become events, later ones carrying the user and the group', async () => {
      const page = await open();
      await page.evaluate(() => {
        const properties = { form_id: 'demo-request', value: 0, currency: 'USD' };
        window.datafly.track('Lead Generated', properties);
        properties.value = 99;
        window.datafly.identify('user-123', { email: 'jane.doe@acme.com', name: 'Jane' });
        window.datafly.identify('user-123', { name: 'Jane Doe', title: 'VP Marketing' });
        window.datafly.group('acme', { name: 'Acme Inc' });
        window.datafly.track('Signed Up');
        window.datafly.alias('user-124');
        window.datafly.reset();
        window.datafly.track('Logged Out');
        return window.datafly.flush();
      });
      await arrived(8);
      expect(events().slice(1)).toMatchObject([
        {
          type: 'track',
          event: 'Lead Generated',
          properties: { form_id: 'demo-request', value: 0, currency: 'USD' },
        },
        { type: 'identify', userId: 'user-123', traits: { email: 'jane.doe@acme.com', name: 'Jane' } },
        {
          type: 'identify',
          userId: 'user-123',
          traits: { email: 'jane.doe@acme.com', name: 'Jane Doe', title: 'VP Marketing' },
        },
        { type: 'group', userId: 'user-123', groupId: 'acme', traits: { name: 'Acme Inc' } },
        { type: 'track', event: 'Signed Up', userId: 'user-123', groupId: 'acme' },
        { type: 'alias', userId: 'user-124', previousId: 'user-123' },
        { type: 'track', event: 'Logged Out', anonymousId: expect.stringMatching(/^df_/) },
      ]);
      const [last] = events().slice(-1);
      expect(last).not.toHaveProperty('userId');
      expect(last).not.toHaveProperty('groupId');
      expect(events()[1]).not.toHaveProperty('traits');
    });

    it('that are wrong are reported, and never thrown', async () => {
      const page = await open();
      const reports = await page.evaluate(() => {
        const errors: { code: string }[] = [];
        const datafly: Record<string, (...args: unknown[]) => unknown> = Object(window.datafly);
        window.datafly.on('error', (error) => errors.push(error));
        const circle: Record<string, unknown> = {};
        circle.self = circle;
        datafly.track?.();
        datafly.track?.('A', 'text');
        datafly.track?.('A', circle);
        datafly.track?.('A', { text: 'x'.repeat(40_000) });
        datafly.identify?.({ email: 'a@acme.com' });
        datafly.group?.('');
        datafly.push?.(['nope'], 7, null);
        datafly.setConsent?.('all');
        datafly.on?.('nothing', () => {});
        datafly.ready?.();
        return errors.map((error) => error.code);
      });
      expect(reports).toEqual(Array(10).fill('call_failed'));
      await flushed(page);
      expect(kinds()).toEqual(['page']);
    });

    it('made before the script has loaded are made when it has, in order', async () => {
      site.pages.set(
        '/',
        html('Home', {
          before: `window._df = window._df || [];
            _df.push(['setConsent', { analytics: true }]);
            _df.push(['identify', 'user-123', { email: 'jane.doe@acme.com' }]);
            _df.push(['ready', () => _df.track('Ready')]);
            window.datafly = [['track', 'From the other name']];
            window.seen = window._df;`,
        }),
      );
      const page = await open();
      await page.evaluate(() => window.seen.push(['track', 'From the old array']));
      await flushed(page);
      expect(kinds()).toEqual([
        'consent',
        'identify',
        'Ready',
        'From the other name',
        'page',
        'From the old array',
      ]);
      expect(
        events()
          .slice(1)
          .every((event) => event.userId === 'user-123'),
      ).toBe(true);
      expect(events().every((event) => event.context.consent?.categories.analytics === true)).toBe(true);
    });
  });

  describe('consent', () => {
    it('is on events from the decision on, and on those of later pages', async () => {
      const page = await open();
      await page.evaluate(() => {
        window.datafly.setConsent({ analytics: true, marketing: false });
        window.datafly.track('Decided');
        window.datafly.setConsent({ analytics: false });
        window.datafly.track('Withdrawn');
        return window.datafly.flush();
      });
      await page.reload();
      await arrived(6);
      const given = { categories: { analytics: true, marketing: false } };
      const withdrawn = { categories: { analytics: false, marketing: false } };
      expect(kinds()).toEqual(['page', 'consent', 'Decided', 'consent', 'Withdrawn', 'page']);
      expect(events().map((event) => event.context.consent)).toEqual([
        undefined,
        given,
        given,
        withdrawn,
        withdrawn,
        withdrawn,
      ]);
    });

    it('given in one tab holds in the others at once', async () => {
      const [one, other] = [await open(), await open()];
      await one.evaluate(() => window.datafly.setConsent({ marketing: true }));
      // Once the browser has told the other one of it.
      await other.waitForFunction(() =>
        Object.values(localStorage).some((text) => text.includes('marketing')),
      );
      await other.evaluate(() => window.datafly.track('Elsewhere'));
      await flushed(other);
      const elsewhere = events().find((event) => event.type === 'track');
      expect(elsewhere?.context.consent).toEqual({ categories: { marketing: true } });
    });
  });

  describe('delivery', () => {
    it('goes in batches of ten, with the key and the visitor’s cookie, and needs no preflight', async () => {
      await context.addCookies([{ name: '_dfid', value: 'df_cookie', url: site.gateway, httpOnly: true }]);
      // Right after the page view, which would not wait for them longer than a second.
      const calls = `for (let n = 1; n <= 24; n++) datafly.track('E' + n); datafly.flush();`;
      site.pages.set(
        '/',
        html('Home', { after: `addEventListener('DOMContentLoaded', () => { ${calls} })` }),
      );
      await open();
      await arrived(25);
      expect(site.received.map((request) => request.events.length)).toEqual([10, 10, 5]);
      expect(kinds()).toEqual(['page', ...Array.from({ length: 24 }, (_, n) => `E${n + 1}`)]);
      expect(site.preflights).toBe(0);
      for (const { headers, body } of site.received) {
        expect(headers['content-type']).toBe('text/plain;charset=UTF-8');
        expect(headers.cookie).toBe('_dfid=df_cookie');
        expect(body.pipelineKey).toBe('dk_test_1');
        expect(Date.parse(body.sentAt)).toBeGreaterThan(Date.now() - 60_000);
      }
    });

    it('hands what waits to a beacon when the tab closes', async () => {
      await context.addCookies([{ name: '_dfid', value: 'df_cookie', url: site.gateway, httpOnly: true }]);
      const page = await open();
      await flushed(page);
      await page.evaluate(() => {
        for (let n = 1; n <= 4; n++) window.datafly.track(`E${n}`);
      });
      await close(page);
      await arrived(5);
      const beacon = site.received[1];
      expect(kinds()).toEqual(['page', 'E1', 'E2', 'E3', 'E4']);
      expect(beacon?.headers['content-type']).toBe('text/plain;charset=UTF-8');
      expect(beacon?.headers.cookie).toBe('_dfid=df_cookie');
      expect(beacon?.body.pipelineKey).toBe('dk_test_1');
    });

    it('does the same each time the tab is hidden, with what is new', async () => {
      const page = await open();
      await flushed(page);
      await page.evaluate(() => {
        const hide = () => document.dispatchEvent(new Event('visibilitychange'));
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        window.datafly.track('A');
        hide();
        hide();
        window.datafly.track('B');
        dispatchEvent(new Event('pagehide')); // all that some browsers say
      });
      await arrived(3);
      await flushed(page);
      expect(
        site.received.slice(1).map((request) => [request.body.pipelineKey, request.events.length]),
      ).toEqual([
        ['dk_test_1', 1],
        ['dk_test_1', 1],
      ]);
      expect(kinds()).toEqual(['page', 'A', 'B']);
    });

    it('does not lose a navigation or a call when the page is left at once', async () => {
      site.pages.set('/next', html('Next'));
      const page = await open();
      await flushed(page);
      await page.evaluate(() => {
        history.pushState({}, '', '/pricing');
        location.href = '/next';
      });
      await arrived(3);
      expect(events().map((event) => event.context.page.path)).toEqual(['/', '/pricing', '/next']);
    });

    it('splits what is too large for one beacon, and the next page sends the rest', async () => {
      site.pages.set('/next', html('Next'));
      const page = await open();
      await flushed(page);
      await page.evaluate(() => {
        for (let n = 1; n <= 8; n++) window.datafly.track(`E${n}`, { text: 'x'.repeat(25_000) });
        location.href = '/next';
      });
      await arrived(10);
      expect(new Set(kinds())).toEqual(new Set(['page', 'E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8']));
    });

    it('tries again after a 503, when the gateway asked it to, with the same messageIds', async () => {
      site.answers.push({ status: 503, headers: { 'retry-after': '2' } });
      await open();
      await arrived(1);
      const [refused, taken] = site.received;
      expect([refused?.status, taken?.status]).toEqual([503, 200]);
      expect(taken?.events).toEqual(refused?.events);
      const wait = Date.parse(taken?.body.sentAt ?? '') - Date.parse(refused?.body.sentAt ?? '');
      expect(wait).toBeGreaterThanOrEqual(1_950);
    });

    it('keeps what could not be sent for the next page', async () => {
      const page = await open();
      await flushed(page);
      await context.setOffline(true);
      await page.evaluate(() => {
        window.datafly.track('In the tunnel');
        return window.datafly.flush();
      });
      await close(page);
      await context.setOffline(false);
      await open();
      await arrived(3);
      expect(kinds()).toEqual(['page', 'In the tunnel', 'page']);
    });

    it('drops what the gateway refuses, and says so', async () => {
      site.answers.push({ status: 401 });
      site.pages.set(
        '/',
        html('Home', { after: `datafly.on('error', (e) => { (window.seen ??= []).push(e); })` }),
      );
      const page = await open();
      await page.waitForFunction(() => window.seen);
      const messageIds = site.received[0]?.events.map((event) => event.messageId);
      expect(await page.evaluate(() => window.seen)).toEqual([{ code: 'refused', status: 401, messageIds }]);
      await flushed(page);
      expect(site.received).toHaveLength(1);
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    });
  });

  describe('the anonymousId', () => {
    it('is the gateway’s, learned from its answer and kept', async () => {
      site.anonymousId = 'df_from_gateway';
      const page = await open();
      await arrived(1);
      await page.waitForFunction(() => window.datafly.getAnonymousId());
      await page.reload();
      await arrived(2);
      expect(await page.evaluate(() => window.datafly.getAnonymousId())).toBe('df_from_gateway');
      expect(events().map((event) => event.anonymousId)).toEqual([undefined, 'df_from_gateway']);
    });

    it('is given to events that waited while it was unknown', async () => {
      site.anonymousId = 'df_from_gateway';
      const page = await open();
      await page.evaluate(() => {
        for (let n = 1; n <= 12; n++) window.datafly.track(`E${n}`);
        return window.datafly.flush();
      });
      await arrived(13);
      expect(site.received[0]?.events.every((event) => event.anonymousId === undefined)).toBe(true);
      expect(site.received[1]?.events.every((event) => event.anonymousId === 'df_from_gateway')).toBe(true);
    });

    it('stays the new one when an answer about the visitor before a reset comes late', async () => {
      site.anonymousId = 'df_before';
      const page = await open();
      const after = await page.evaluate(async () => {
        const flushed = window.datafly.flush();
        window.datafly.reset();
        const id = window.datafly.getAnonymousId();
        await flushed;
        return [id, window.datafly.getAnonymousId()];
      });
      expect(after[0]).toMatch(/^df_.{36}$/);
      expect(after[1]).toBe(after[0]);
    });
  });

  describe('a page', () => {
    it('may have the script twice, and counts once', async () => {
      const tag = `<script src="${site.gateway}/d.js" data-pipeline-key="dk_test_1"></script>`;
      site.pages.set('/', html('Home').replace('</body>', `${tag}</body>`));
      const page = await open();
      await page.evaluate(() => window.datafly.track('A'));
      await flushed(page);
      expect(kinds()).toEqual(['page', 'A']);
    });

    it('may have two sources under two names', async () => {
      const tag = `<script src="${site.gateway}/d.js" data-pipeline-key="dk_test_2" data-global="second"></script>`;
      site.pages.set('/', html('Home').replace('</body>', `${tag}</body>`));
      const page = await open();
      const same = await page.evaluate(async () => {
        window.second.track('Of the second');
        window._df.track('Of the first');
        history.pushState({}, '', '/next');
        await Promise.all([window.second.flush(), window._df.flush()]);
        return [window.datafly === window._df, window.datafly === window.second];
      });
      expect(same).toEqual([true, false]);
      await arrived(6);
      const of = (key: string) =>
        site.received
          .filter((request) => request.body.pipelineKey === key)
          .flatMap((request) => request.events)
          .map((event) => ('event' in event ? event.event : event.type));
      expect(of('dk_test_1')).toEqual(['page', 'Of the first', 'page']);
      expect(of('dk_test_2')).toEqual(['page', 'Of the second', 'page']);
    });

    it('may forbid storage, or empty it at any time', async () => {
      const forbid = `for (const area of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, area, { get() { throw new DOMException('denied', 'SecurityError'); } });`;
      site.anonymousId = 'df_from_gateway';
      site.pages.set('/', html('Home', { before: forbid }));
      const page = await open();
      await page.evaluate(() => {
        window.datafly.setConsent({ analytics: true });
        window.datafly.track('A');
        return window.datafly.flush();
      });
      expect(events().at(-1)?.context.consent).toEqual({ categories: { analytics: true } });
      expect(await page.evaluate(() => window.datafly.getAnonymousId())).toBe('df_from_gateway');

      site.pages.set('/', html('Home'));
      const other = await open();
      await other.evaluate(() => {
        window.datafly.setConsent({ analytics: false });
        window.datafly.track('B');
        localStorage.clear();
        window.datafly.track('C');
        return window.datafly.flush();
      });
      await arrived(7);
      expect(kinds().slice(-4)).toEqual(['page', 'consent', 'B', 'C']);
      expect(events().at(-1)?.context.consent).toEqual({ categories: { analytics: false } });
    });

    it('may navigate without the collector changing what it sees', async () => {
      const page = await open();
      const outcome = await page.evaluate(() => {
        const result: unknown = history.pushState({ a: 1 }, '', '/x');
        let thrown = '';
        try {
          history.pushState({}, '', 'https://elsewhere.example/');
        } catch (error) {
          thrown = Object(error).name;
        }
        return [result, history.state, thrown];
      });
      expect(outcome).toEqual([undefined, { a: 1 }, 'SecurityError']);
    });
  });
});
