import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, SERVER_KEY, startGateway, type TestGateway } from './testing/harness.ts';

const EVENT = { event: 'Order Completed', anonymousId: 'df_1', properties: { é: '🛒'.repeat(100) } };
const json = Buffer.from(JSON.stringify(EVENT));
const LIMIT = 524_288;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const send = (body: Uint8Array, encoding: string, more: Record<string, string> = {}) =>
  post(`${gateway.url}/v1/t`, body, {
    authorization: `Bearer ${SERVER_KEY}`,
    'content-encoding': encoding,
    ...more,
  });

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(json)],
    ['GZIP', gzipSync(json)],
    ['x-gzip', gzipSync(json)],
    ['gzip', Buffer.concat([gzipSync(json.subarray(0, 50)), gzipSync(json.subarray(50))])],
    ['deflate', deflateSync(json)],
    ['deflate', deflateRawSync(json)],
    ['br', brotliCompressSync(json)],
    ['identity', json],
    [' ', json],
  ])('is taken as %s', async (encoding, body) => {
    const before = gateway.events().length;
    expect((await send(body, encoding)).status).toBe(200);
    expect(gateway.events().slice(before)).toMatchObject([
      { event: { properties: JSON.stringify(EVENT.properties) } },
    ]);
  });

  it.each([
    ['gzip', gzipSync(json).subarray(0, 40), 400, 'INVALID_COMPRESSION'],
    ['gzip', Buffer.concat([gzipSync(json).subarray(0, -8), Buffer.alloc(8)]), 400, 'INVALID_COMPRESSION'],
    ['gzip', brotliCompressSync(json), 400, 'INVALID_COMPRESSION'],
    ['br', gzipSync(json), 400, 'INVALID_COMPRESSION'],
    ['br', Buffer.from('ff', 'hex'), 400, 'INVALID_COMPRESSION'],
    ['deflate', json, 400, 'INVALID_COMPRESSION'],
    ['deflate', Buffer.from('x'), 400, 'INVALID_COMPRESSION'],
    ['gzip', gzipSync(''), 400, 'INVALID_JSON'],
    ['gzip', gzipSync(gzipSync(json)), 400, 'INVALID_ENCODING'],
    ['gzip', gzipSync(Buffer.from('80', 'hex')), 400, 'INVALID_ENCODING'],
    ['gzip, br', gzipSync(brotliCompressSync(json)), 415, 'UNSUPPORTED_ENCODING'],
    ['gzip, gzip', gzipSync(gzipSync(json)), 415, 'UNSUPPORTED_ENCODING'],
    ['zstd', json, 415, 'UNSUPPORTED_ENCODING'],
    ['compress', json, 415, 'UNSUPPORTED_ENCODING'],
    ['__proto__', json, 415, 'UNSUPPORTED_ENCODING'],
  ])('that is not what %s means is refused: %#', async (encoding, body, status, code) => {
    expect(await send(body, encoding)).toMatchObject({ status, body: { error: { code } } });
  });

  it.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['deflate', (bytes: Buffer) => deflateSync(bytes)],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes)],
  ])('of %s may be as large as a plain one, and no larger', async (encoding, compress) => {
    const large = (size: number) =>
      Buffer.from(`{"event":"x","anonymousId":"a","properties":{"x":"${'x'.repeat(size - 53)}"}}`);
    expect(large(LIMIT).length).toBe(LIMIT);
    expect((await send(compress(large(LIMIT)), encoding)).status).toBe(200);
    expect(await send(compress(large(LIMIT + 1)), encoding)).toMatchObject({
      status: 413,
      body: { error: { code: 'PAYLOAD_TOO_LARGE' } },
    });
  });

  it('that is a bomb is refused as fast as any, and by whom it comes before it is inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '), { level: 9 });
    expect(bomb.length).toBeLessThan(LIMIT);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) expect((await send(bomb, 'gzip')).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(await send(bomb, 'gzip', { authorization: 'Bearer dk_live_nobody' })).toMatchObject({
      status: 401,
      body: { error: { code: 'INVALID_PIPELINE_KEY' } },
    });
  });
});
