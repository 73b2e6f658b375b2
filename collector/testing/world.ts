// A shop and its gateway for a browser to visit: the gateway is the real one, and what a test looks at in the end is
// what it has written to raw-events.
import { createServer, type Server } from 'node:http';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { directoryOf, startGateway, type TestGateway, WEB } from '../../gateway/testing/harness.ts';
import type { RawEvent } from '../../schemas/index.ts';
import {
  CollectorScripts,
  type CollectorSettings,
  DEFAULT_COLLECTOR_SETTINGS,
  type ScriptPieces,
} from '../index.ts';

import { firstOfEach, repeatsIn } from './repeats.ts';
import './window.ts';

export const KEY = 'dk_test_world';

export interface PageOptions {
  /** In the head, before the script tag. */
  readonly head?: string;
  readonly body?: string;
  /** Instead of the usual `/d.js`; empty: no tag at all. */
  readonly tag?: string;
  readonly title?: string;
  readonly csp?: string;
}

export interface Asked {
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

export interface World {
  readonly gateway: TestGateway;
  readonly scripts: CollectorScripts;
  /** Of the pages. */
  readonly origin: string;
  /** Of script and events, as pages see it. */
  readonly endpoint: string;
  /** Requests to the gateway. */
  readonly asked: readonly Asked[];
  /** Requests for pages. */
  readonly visits: readonly Asked[];
  readonly webPort: number;
  /** As an operator changes the source's settings. */
  configure(settings: Partial<CollectorSettings> & { readonly scriptFilename?: string }): void;
  page(path: string, options?: PageOptions): void;
  /** Answers that path only then. */
  hold(path: string, until: Promise<void>): void;
  /** The canonical events in raw-events, each once, oldest first. */
  events(): readonly RawEvent['event'][];
  /** What a page that was alone, and was not left, has sent twice. */
  repeats(context: BrowserContext): readonly string[];
  /** Names of track events, types of others. */
  kinds(): readonly string[];
  /** Resolves when raw-events has as many. */
  arrived(count: number): Promise<void>;
  propertiesOf(event: string): readonly unknown[];
  close(): Promise<void>;
}

export async function startWorld(pieces: ScriptPieces, host = 'localhost'): Promise<World> {
  const scripts = new CollectorScripts(pieces);
  let collector = { ...WEB.collector, ...DEFAULT_COLLECTOR_SETTINGS };
  const gateway = await startGateway({
    collectorScripts: scripts,
    config: {
      ...directoryOf([]),
      sourceByKey: (key) => (key === KEY ? { ...WEB, collector } : undefined),
      sourceByScriptFilename: (name) =>
        name === collector.scriptFilename ? { ...WEB, collector } : undefined,
    },
  });
  const asked: Asked[] = [];
  gateway.app.server.on('request', ({ url = '', headers }) => asked.push({ url, headers }));
  const endpoint = `http://${host}:${gateway.port}`;

  const pages = new Map<string, PageOptions>();
  const held = new Map<string, Promise<void>>();
  const visits: Asked[] = [];
  let documents = 0;
  const web = await listen(
    createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://any');
      visits.push({ url: request.url ?? '', headers: request.headers });
      await held.get(pathname);
      const page = pages.get(pathname);
      if (page === undefined) return void response.writeHead(404).end();
      documents++;
      const { head = '', body = '', title = pathname, csp } = page;
      const tag = page.tag ?? `<script src="${endpoint}/d.js" data-pipeline-key="${KEY}"></script>`;
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        ...(csp && { 'content-security-policy': csp }),
      });
      response.end(
        `<!doctype html><html><head><title>${title}</title>${head}${tag}</head><body>${body}</body></html>`,
      );
    }),
  );
  const stored = () => gateway.events().map(({ event }) => event);
  const events = () => firstOfEach(stored());
  const world: World = {
    gateway,
    scripts,
    origin: `http://${host}:${web.port}`,
    endpoint,
    asked,
    visits,
    webPort: web.port,
    configure(settings) {
      collector = { ...collector, ...settings };
    },
    page: (path, options = {}) => void pages.set(path, options),
    hold: (path, until) => void held.set(path, until),
    events,
    repeats: (context) => (context.pages().length === 1 && documents === 1 ? repeatsIn(stored()) : []),
    kinds: () => events().map(({ type, event }) => event ?? type),
    arrived: (count) =>
      vi.waitFor(() => expect(world.kinds().length, String(world.kinds())).toBeGreaterThanOrEqual(count), {
        interval: 20,
      }),
    propertiesOf: (name) =>
      events()
        .filter(({ event }) => event === name)
        .map(({ properties }) => JSON.parse(properties)),
    async close() {
      web.server.closeAllConnections();
      await Promise.all([gateway.close(), new Promise((resolve) => web.server.close(resolve))]);
    },
  };
  world.page('/');
  return world;
}

async function listen(server: Server): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return { server, port: address.port };
}

/** Resolves when the collector itself is there, and not only the loader. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => window.datafly?.version);
}

/** As a visitor closes a tab: the page is told, and may send a last word. */
export async function closeTab(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
}

/** As a visitor switches to another tab. */
export async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
}
