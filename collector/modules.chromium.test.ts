// biome-ignore-all lint/suspicious/noDocumentCookie: as pages do
// The optional modules in a real browser, against the gateway; each test ends by reading raw-events.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeInChromium, launchChromium } from '../test/support/chromium.ts';
import type { CollectorModule, ScriptPieces } from './index.ts';
import { buildAll } from './testing/build-script.ts';
import { hide, loaded, startWorld, type World } from './testing/world.ts';

describeInChromium('the modules of datafly.js', () => {
  let browser: Browser;
  let pieces: ScriptPieces;
  let world: World;
  let context: BrowserContext;

  beforeAll(async () => {
    pieces = buildAll().pieces;
    browser = await launchChromium({
      args: ['--host-resolver-rules=MAP *.example 127.0.0.1', '--autoplay-policy=no-user-gesture-required'],
    });
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

  async function open(module: CollectorModule, body = '', head = ''): Promise<Page> {
    world.configure({ modules: [module] });
    world.page('/', { body, head });
    const page = await context.newPage();
    await page.goto(world.origin);
    await loaded(page);
    return page;
  }
  /** Stays on the page whatever is clicked. */
  const stay = `<script>addEventListener('click', (event) => event.preventDefault());
    addEventListener('auxclick', (event) => event.preventDefault());</script>`;
  const flush = (page: Page) => page.evaluate(() => window.datafly.flush());

  it('are not in the script unless switched on', async () => {
    const page = await open('scroll', `<a id="out" href="https://elsewhere.example/">x</a>${stay}`);
    await page.click('#out');
    await flush(page);
    expect(world.kinds()).toEqual(['page']);
  });

  it('outbound_links: links to other hosts, however they are opened', async () => {
    const page = await open(
      'outbound_links',
      `<a id="out" href="https://elsewhere.example/path?x=1"><b>there</b></a>
       <a id="in" href="/next">here</a> <a id="mail" href="mailto:a@acme.com">write</a>${stay}
       <script>document.querySelector('#out').addEventListener('click', (event) => { event.preventDefault(); event.stopPropagation(); });</script>`,
    );
    await page.click('#out b');
    await page.click('#out', { button: 'middle' });
    await page.click('#in');
    await page.click('#mail');
    await flush(page);
    const clicked = {
      link_url: 'https://elsewhere.example/path?x=1',
      link_domain: 'elsewhere.example',
      link_id: 'out',
    };
    expect(world.propertiesOf('Outbound Link Clicked')).toEqual([clicked, clicked]);
    expect(world.kinds()).toHaveLength(3);
  });

  it('downloads: links to files', async () => {
    const page = await open(
      'downloads',
      `<a id="pdf" href="/files/Price%20List.PDF?v=2">a</a> <a id="blob" download href="/report">b</a>
       <a id="page" href="/pdf">c</a>${stay}`,
    );
    for (const id of ['#pdf', '#blob', '#page']) await page.click(id);
    await flush(page);
    expect(world.propertiesOf('File Downloaded')).toEqual([
      {
        file_url: `${world.origin}/files/Price%20List.PDF?v=2`,
        file_name: 'Price%20List',
        file_extension: 'pdf',
      },
      { file_url: `${world.origin}/report` },
    ]);
  });

  it('forms: which one was submitted, and nothing that was written in it', async () => {
    const page = await open(
      'forms',
      `<form id="f1" name="contact" action="/send?token=secret#x">
         <input name="id" value="trap"><input name="email" value="jane@acme.com"><button>Send</button></form>
       <script>addEventListener('submit', (event) => { event.preventDefault(); event.stopImmediatePropagation(); });</script>`,
    );
    await page.click('button');
    await flush(page);
    expect(world.propertiesOf('Form Submitted')).toEqual([
      { form_id: 'f1', form_name: 'contact', form_action: '/send' },
    ]);
    expect(JSON.stringify(world.events())).not.toMatch(/jane|secret|trap/);
  });

  it('scroll: each depth once for each address', async () => {
    const page = await open('scroll', '<div style="height: 5000px"></div>');
    const scrolled = async (y: number, count: number) => {
      await page.evaluate((top) => scrollTo({ top, behavior: 'instant' }), y);
      await vi.waitFor(async () => {
        await flush(page);
        expect(world.propertiesOf('Scroll Depth Reached')).toHaveLength(count);
      });
    };
    await scrolled(900, 1);
    await scrolled(0, 1);
    await scrolled(9_000, 5);
    await page.evaluate(() => history.pushState({}, '', '/next'));
    await scrolled(900, 6);
    expect(world.propertiesOf('Scroll Depth Reached')).toEqual(
      [25, 50, 75, 90, 100, 25].map((percent) => ({ percent })),
    );
  });

  it('clicks: the event that an element names, with the properties that it names', async () => {
    const page = await open(
      'clicks',
      `<div data-df-event="Plan Chosen" data-df-plan-name="pro" data-df-price="49" data-other="x">
         <button id="b" value="unseen"><i>Choose</i></button></div><button id="c">Other</button>`,
    );
    await page.click('#b i');
    await page.click('#c');
    await flush(page);
    expect(world.propertiesOf('Plan Chosen')).toEqual([{ plan_name: 'pro', price: '49' }]);
    expect(world.kinds()).toEqual(['page', 'Plan Chosen']);
  });

  it('web_vitals: what was measured, once, when the page is left', async () => {
    const page = await open(
      'web_vitals',
      `<h1>Big words</h1><button id="slow">Slow</button><p id="p">x</p>
       <script>
         document.querySelector('#slow').addEventListener('click', () => {
           for (const end = performance.now() + 120; performance.now() < end;);
         });
       </script>`,
    );
    /** Until the browser has told of it, and so the module before. */
    const measured = async (...types: string[]) => {
      await page.waitForFunction((all) => all.every((type) => window.seen.includes(type)), types);
    };
    await page.evaluate(() => {
      window.seen = [];
      for (const type of ['paint', 'largest-contentful-paint', 'layout-shift', 'event']) {
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            if (type !== 'event' || Object(entry).interactionId) window.seen.push(type);
        }).observe({ type, buffered: true });
      }
    });
    await measured('paint', 'largest-contentful-paint');
    await page.evaluate(() => {
      window.seen = [];
      const shift = document.createElement('div');
      shift.style.height = '300px';
      document.body.prepend(shift);
    });
    await measured('layout-shift'); // which would not count soon after an input
    await page.click('#slow');
    await measured('event');
    await flush(page);
    await hide(page);
    await hide(page);
    await world.arrived(2);
    const [vitals, ...more] = world.propertiesOf('Web Vitals Measured');
    expect(more).toEqual([]);
    expect(vitals).toEqual({
      ttfb: expect.any(Number),
      fcp: expect.any(Number),
      lcp: expect.any(Number),
      cls: expect.any(Number),
      inp: expect.any(Number),
    });
    const { cls, inp, lcp, fcp } = Object(vitals);
    expect(cls).toBeGreaterThan(0.01);
    expect(cls).toBeLessThan(1);
    expect(inp).toBeGreaterThanOrEqual(100);
    expect(lcp).toBeGreaterThanOrEqual(fcp);
  });

  it('errors: scripts’ errors, few of them, without what may be personal', async () => {
    const page = await open(
      'errors',
      `<img src="/missing.png"><script>
        function fail(message) { setTimeout(() => { throw new RangeError(message); }); }
      </script>`,
    );
    await page.evaluate(() => {
      const { fail }: { fail?: unknown } = Object(window);
      if (typeof fail !== 'function') throw new Error('the page has no function that fails');
      fail('no user jane.doe@acme.com with 4111111111111111 at https://shop.example/a?token=s3cret "quoted"');
      for (let n = 0; n < 5; n++) fail('again and again');
      Promise.reject(new Error('nobody caught me'));
      Promise.reject({ email: 'jane.doe@acme.com' });
    });
    await vi.waitFor(async () => {
      await flush(page);
      expect(world.propertiesOf('Error Occurred')).toHaveLength(4);
    });
    const errors = JSON.stringify(world.propertiesOf('Error Occurred'));
    expect(errors).toContain('RangeError: no user * with * at https://shop.example/a');
    expect(errors).toContain('Error: nobody caught me');
    expect(errors).toContain('Unhandled rejection');
    expect(errors).not.toMatch(/jane|4111|s3cret|quoted/);
    await page.evaluate(() => {
      window.seen = [];
      addEventListener('error', (event) => window.seen.push(event));
      const { fail }: { fail?: unknown } = Object(window);
      for (let n = 0; n < 30; n++) if (typeof fail === 'function') fail(`kind ${'x'.repeat(n)}`);
    });
    await page.waitForFunction(() => window.seen.length === 30);
    await flush(page);
    expect(world.propertiesOf('Error Occurred')).toHaveLength(10);
  });

  it('video: what is played, how far, and what ends', async () => {
    // Two seconds of silence are as good as a film: the module watches every media element.
    const page = await open('video', '<audio id="clip"></audio>');
    await page.evaluate(async () => {
      const rate = 8_000;
      const samples = 2 * rate;
      const wav = new DataView(new ArrayBuffer(44 + samples));
      const text = (at: number, letters: string) => {
        for (let n = 0; n < letters.length; n++) wav.setUint8(at + n, letters.charCodeAt(n));
      };
      text(0, 'RIFF');
      wav.setUint32(4, 36 + samples, true);
      text(8, 'WAVEfmt ');
      wav.setUint32(16, 16, true);
      wav.setUint16(20, 1, true);
      wav.setUint16(22, 1, true);
      wav.setUint32(24, rate, true);
      wav.setUint32(28, rate, true);
      wav.setUint16(32, 1, true);
      wav.setUint16(34, 8, true);
      text(36, 'data');
      wav.setUint32(40, samples, true);
      for (let at = 44; at < wav.byteLength; at++) wav.setUint8(at, 128);
      const clip = document.querySelector('audio');
      if (!clip) throw new Error('no audio element');
      clip.src = URL.createObjectURL(new Blob([wav.buffer], { type: 'audio/wav' }));
      await clip.play();
      clip.pause();
      await clip.play();
      await new Promise((resolve) => clip.addEventListener('ended', resolve));
    });
    await flush(page);
    const kinds = world.kinds().filter((kind) => kind.startsWith('Audio'));
    expect(kinds.slice(0, 3)).toEqual(['Audio Played', 'Audio Paused', 'Audio Played']);
    expect(kinds.at(-1)).toBe('Audio Completed');
    expect(world.propertiesOf('Audio Progressed').length).toBeGreaterThan(0);
    expect(world.propertiesOf('Audio Completed')).toEqual([
      expect.objectContaining({ media_id: 'clip', duration: 2, position: 2 }),
    ]);
  });

  it('tags: other companies’ scripts, only as consented, and gone with what they left', async () => {
    world.page('/tag', { tag: '' });
    const page = await open('tags');
    const results = await page.evaluate((origin) => {
      const { datafly } = window;
      const tag = (id: string, more = {}) => datafly.injectTag?.({ id, src: `${origin}/tag`, ...more });
      document.cookie = '_hj_session=1';
      document.cookie = 'mine=1';
      localStorage.setItem('hj:state', '1');
      const before = tag('hotjar', { consentCategory: 'analytics' });
      datafly.setConsent({ analytics: true });
      const after = tag('hotjar', {
        consentCategory: 'analytics',
        vendor: 'Hotjar',
        cookiePrefixes: ['_hj'],
        storageKeys: ['hj:state'],
      });
      const again = tag('hotjar');
      const late = tag('late', { timing: 'post-render' });
      const there = document.querySelectorAll('script[src$="/tag"]').length;
      const many = Array.from({ length: 30 }, (_, n) => tag(`t${n}`)).filter(Boolean).length;
      const bad = [datafly.injectTag?.(Object({ id: 'x' })), datafly.injectTag?.(Object(null))];
      return { before, after, again, late, there, many, bad };
    }, world.origin);
    expect(results).toEqual({
      before: false,
      after: true,
      again: false,
      late: true,
      there: 1,
      many: 18,
      bad: [false, false],
    });
    await page.waitForFunction(() => document.querySelectorAll('script[src$="/tag"]').length === 20);
    const gone = await page.evaluate(() => [
      window.datafly.removeTag?.({ id: 'hotjar' }),
      window.datafly.removeTag?.({ id: 'hotjar' }),
      document.querySelectorAll('script[data-vendor]').length,
      document.cookie,
      localStorage.getItem('hj:state'),
    ]);
    expect(gone).toEqual([true, false, 0, 'mine=1', null]);
  });

  it('cross_domain: one visitor on linked sites, and on no other', async () => {
    await world.close();
    // Two sites, and for both the gateway under a host of its own, on plain HTTP: no Web Locks, no client hints.
    world = await startWorld(pieces, 'data.shop.example');
    world.configure({ modules: ['cross_domain'], linkedDomains: ['shop.example', 'blog.example'] });
    const at = (host: string, path: string) => `http://${host}:${world.webPort}${path}`;
    const to = (host: string) => `<a href="${at(host, '/land?a=1#top')}">go</a>`;
    world.page('/', { body: `${to('www.blog.example')}` });
    world.page('/away', { body: to('other.example') });
    world.page('/land');
    const page = await context.newPage();
    const visit = async (path: string) => {
      await page.goto(at('www.shop.example', path));
      await loaded(page);
      await page.waitForFunction(() => window.datafly.getAnonymousId());
    };
    const land = async () => {
      await page.click('a');
      await page.waitForURL(/land/);
      await loaded(page);
      await page.waitForFunction(() => window.datafly.getAnonymousId());
      return page.evaluate(() => [window.datafly.getAnonymousId(), location.search + location.hash]);
    };
    await visit('/');
    const here = await page.evaluate(() => window.datafly.getAnonymousId());
    expect(await land()).toEqual([here, '?a=1#top']);
    expect(world.visits.map(({ url }) => url).join()).toMatch(/\/land\?a=1&_dfx=\w+\.df_/);
    await visit('/away');
    expect((await land())[0], 'a site that is not linked').not.toBe(here);

    const stranger = await browser.newContext();
    const forged = await stranger.newPage();
    const link = (age: number) =>
      at('www.shop.example', `/land?_dfx=${(Date.now() - age).toString(36)}.df_forged`);
    for (const [age, referer] of [
      [0, 'http://evil.example/'],
      [0, ''],
      [180_000, 'http://www.blog.example/'],
    ] as const) {
      await forged.goto(link(age), referer === '' ? {} : { referer });
      await loaded(forged);
      await forged.waitForFunction(() => window.datafly.getAnonymousId());
      expect(await forged.evaluate(() => window.datafly.getAnonymousId())).not.toBe('df_forged');
      expect(await forged.evaluate(() => location.search)).toBe('');
    }
    await stranger.close();
    await world.arrived(7);
    const visitors = world.events().map(({ anonymousId }) => anonymousId);
    expect(visitors.slice(0, 2)).toEqual([here, here]);
    expect(visitors).not.toContain('df_forged');
    expect(JSON.stringify(world.events())).not.toContain('_dfx');
  });
});
