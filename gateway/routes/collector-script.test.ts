import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../testing/harness.ts';
import { chooseEncoding } from './collector-script.ts';

const FIRST = Buffer.from(`console.log(${JSON.stringify('datafly '.repeat(100))})`);

describe('GET /d.js', () => {
  let gateway: TestGateway;
  let body = FIRST;
  beforeAll(async () => {
    gateway = await startGateway({ collectorScript: () => ({ body }) });
  });
  afterAll(() => gateway.close());

  /** Without fetch's decompression. */
  const get = (headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
      (resolve, reject) => {
        request(`${gateway.url}/d.js`, { headers }, (response) => {
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

  it('serves the script to any page, cacheable for a short time', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(FIRST);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(FIRST.length),
      'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
  });

  it('serves it compressed to who takes that', async () => {
    const brotli = await get({ 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body)).toEqual(FIRST);
    const gzip = await get({ 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body)).toEqual(FIRST);
    expect(new Set([brotli.headers.etag, gzip.headers.etag, (await get()).headers.etag]).size).toBe(3);
  });

  it('answers 304 to who has it already, until it changes', async () => {
    const { etag } = (await get()).headers;
    const known = await get({ 'if-none-match': `"other", W/${etag}` });
    expect(known.status).toBe(304);
    expect(known.body).toHaveLength(0);
    expect(known.headers.etag).toBe(etag);
    body = Buffer.from('/* newer */');
    const changed = await get({ 'if-none-match': String(etag) });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual(body);
  });

  it('answers HEAD', async () => {
    const response = await fetch(`${gateway.url}/d.js`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBeNull();
  });
});

describe('chooseEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['gzip, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0', 'identity'],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    [';;,,;q', 'identity'],
  ])('answers %j with %s', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding);
  });
});
