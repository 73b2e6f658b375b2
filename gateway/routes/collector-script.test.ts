import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CollectorSettings } from '../sources.ts';
import {
  directoryOf,
  fakeScripts,
  startGateway,
  type TestGateway,
  WEB,
  WEB_KEY,
} from '../testing/harness.ts';

describe('the collector’s script', () => {
  let gateway: TestGateway;
  let collector: CollectorSettings;
  const scripts = fakeScripts();
  const source = () => ({ ...WEB, collector });

  beforeAll(async () => {
    gateway = await startGateway({
      collectorScripts: scripts,
      config: {
        ...directoryOf([]),
        sourceByKey: (key) => (key === WEB_KEY || key === 'dk_live_next' ? source() : undefined),
        sourceById: () => undefined,
        sourceByScriptFilename: (name) => (name === collector.scriptFilename ? source() : undefined),
        signingSecrets: () => [],
      },
    });
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    collector = { ...WEB.collector, scriptFilename: 'shop' };
  });

  /** Without fetch's decompression. */
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
      (resolve, reject) => {
        request(gateway.url + path, { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        })
          .on('error', reject)
          .end();
      },
    );
  const text = async (path: string) => (await get(path)).body.toString();
  const script = () => scripts.of(collector);

  it.each(['/d.js', `/d.js?k=${WEB_KEY}`, '/shop.js', `/d/${WEB_KEY}.js`])(
    'is served at %s to any page, cacheable for a short time',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': String(answer.body.length),
        'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        vary: 'Accept-Encoding',
      });
    },
  );

  it('is a loader where its settings may change, and names the script by its hash', async () => {
    const loader = scripts.loader(script());
    expect(loader).toContain(script().hash);
    expect(await text('/shop.js')).toBe(loader);
    expect(await text(`/d.js?k=${WEB_KEY}`)).toBe(loader);
    expect(await text('/d.js?k=dk_live_next'), 'its other key').toBe(loader);
    expect(await text('/d.js'), 'nobody’s in particular').toBe(scripts.loader());
  });

  it('is served for ever under its hash', async () => {
    const answer = await get(`/d/${script().hash}.js`);
    expect(answer.body.toString()).toBe(script().text);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('is the new one from the first request after its settings changed, and the old one under its hash', async () => {
    const before = script();
    await text('/shop.js');
    collector = { ...collector, modules: ['scroll'] };
    expect(await text('/shop.js')).toBe(scripts.loader(script()));
    expect(await text(`/d/${WEB_KEY}.js`)).toBe(script().text);
    expect(script().hash).not.toBe(before.hash);
    expect(await text(`/d/${before.hash}.js`)).toBe(before.text);
  });

  it('is made by a gateway that was never asked for its loader, if the key says whose it is', async () => {
    const { hash } = fakeScripts().of({ ...collector, batchSize: 77 });
    expect((await get(`/d/${hash}.js`)).status).toBe(404);
    collector = { ...collector, batchSize: 77 };
    expect((await get(`/d/${hash}.js?k=${WEB_KEY}`)).status).toBe(200);
  });

  it.each([
    '/d.js?k=dk_live_nobody',
    '/other.js',
    '/shop.json',
    '/d/dk_live_nobody.js',
    `/d/${'0'.repeat(32)}.js`,
    '/d/..%2fshop.js',
    '/%2e%2e.js',
  ])('is not found at %s, and nobody remembers that', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers['cache-control'] ?? 'no-store').toBe('no-store');
  });

  it('is compressed for who takes that', async () => {
    const path = `/d/${script().hash}.js`;
    const brotli = await get(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script().text);
    const gzip = await get(path, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toBe(script().text);
    expect(new Set([brotli.headers.etag, gzip.headers.etag, (await get(path)).headers.etag]).size).toBe(3);
  });

  it('answers 304 to who has it already, until it changes', async () => {
    const { etag } = (await get('/shop.js')).headers;
    const known = await get('/shop.js', { 'if-none-match': `"other", W/${etag}` });
    expect(known.status).toBe(304);
    expect(known.body).toHaveLength(0);
    expect(known.headers.etag).toBe(etag);
    collector = { ...collector, modules: ['forms'] };
    expect((await get('/shop.js', { 'if-none-match': String(etag) })).status).toBe(200);
  });

  it('answers HEAD', async () => {
    const response = await fetch(`${gateway.url}/d.js`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBeNull();
  });
});
