import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, SERVER_KEY, startGateway, type TestGateway, WEB_KEY } from '../testing/harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const ORIGIN = { origin: 'https://shop.example' };
const enrich = (body: unknown, headers: Record<string, string>) =>
  post(`${gateway.url}/v1/enrich`, body, headers);

describe('what the gateway knows of a browser', () => {
  it('is in the cookies it sent and the address it landed on, and makes no event', async () => {
    const cookie =
      '_dfid=df_known; _ga=GA1.1.5.6; _fbp=fb.1.1769860800000.7; _fbc=fb.1.1769860800000.CLICK.x; _gcl_aw=GCL.1769860800.OLD; other=1';
    const context = { page: { url: 'https://shop.example/?gclid=NEW&ttclid=T' } };
    const answer = await enrich({ pipelineKey: WEB_KEY, context }, { ...ORIGIN, cookie });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      success: true,
      anonymousId: 'df_known',
      vendor_ids: {
        ga: 'GA1.1.5.6',
        fbp: 'fb.1.1769860800000.7',
        fbc: 'fb.1.1769860800000.CLICK.x',
        gcl_aw: 'GCL.1769860800.OLD',
      },
      click_ids: { fbclid: 'CLICK.x', gclid: 'NEW', ttclid: 'T' },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toContain('_dfid=df_known;');
    expect(gateway.log.appends).toEqual([]);
  });

  it('is who it is from now on, where that was not known', async () => {
    const answer = await enrich({ pipelineKey: WEB_KEY }, ORIGIN);
    expect(answer.body).toEqual({
      success: true,
      anonymousId: expect.stringMatching(/^df_/),
      vendor_ids: {},
      click_ids: {},
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^_dfid=df_/);
  });

  it('is nothing where no browser asks', async () => {
    const answer = await enrich({}, { authorization: `Bearer ${SERVER_KEY}` });
    expect(answer.body).toEqual({ success: true, anonymousId: null, vendor_ids: {}, click_ids: {} });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each<[string, unknown]>([
    ['an address that is none', { context: { page: { url: 5 } } }],
    ['a context that is none', { context: 'x' }],
    ['an endless address', { context: { page: { url: `https://a.example/?gclid=${'x'.repeat(10_000)}` } } }],
    [
      'a prototype',
      JSON.parse('{"__proto__":{"polluted":1},"context":{"__proto__":{"page":{"url":"?gclid=1"}}}}'),
    ],
  ])('is asked in vain with %s', async (_what, body) => {
    const answer = await enrich(body, { ...ORIGIN, authorization: `Bearer ${WEB_KEY}` });
    expect(answer).toMatchObject({ status: 200, body: { click_ids: {} } });
  });

  it('is not told to who has no key, or to a body that is no object', async () => {
    expect(await enrich({}, ORIGIN)).toMatchObject({
      status: 401,
      body: { error: { code: 'MISSING_PIPELINE_KEY' } },
    });
    const headers = { ...ORIGIN, authorization: `Bearer ${WEB_KEY}` };
    expect(await enrich([], headers)).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_BODY' } },
    });
  });
});
