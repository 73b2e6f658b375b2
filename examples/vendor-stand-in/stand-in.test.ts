// The stand-in vendors over HTTP: what they accept, what they refuse, what they show.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandIn, startStandIn } from './stand-in.mjs';

let vendors: StandIn;

beforeEach(async () => {
  vendors = await startStandIn({ dreamdataKey: 'k', remember: 3 });
});

afterEach(() => vendors.close());

const ITEM = {
  type: 'track',
  event: 'lead_generated',
  anonymousId: 'df_1',
  messageId: 'evt_1',
  timestamp: '2026-06-06T11:11:14.000Z',
  properties: { value: 0, note: null },
  traits: { email: 'jane.doe@acme.com' },
};

const batchOf = (...batch: unknown[]) => ({ messageId: 'b1', sentAt: '2026-06-06T11:11:20.000Z', batch });

const post = (path: string, body: unknown, key = 'k') =>
  fetch(vendors.url + path, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const codeOf = async (response: Response) => {
  const { error } = await response.json();
  return `${response.status} ${error.code}`;
};

describe('the Dreamdata stand-in', () => {
  test('accepts a well-formed batch', async () => {
    const response = await post('/v1/batch', batchOf(ITEM, { ...ITEM, anonymousId: undefined, userId: 'u' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true });
  });

  test.each([
    ['a wrong key', batchOf(ITEM), 'other', '401 invalid_credentials'],
    ['text that is no JSON', '{', 'k', '400 invalid_json'],
    ['a body of 500,000 bytes', batchOf(ITEM, 'x'.repeat(500_000)), 'k', '413 payload_too_large'],
  ])('refuses %s', async (_, body, key, expected) => {
    expect(await codeOf(await post('/v1/batch', body, key))).toBe(expected);
  });

  test.each([
    ['no id', { ...batchOf(ITEM), messageId: undefined }, 'messageId is missing.'],
    ['no time', { ...batchOf(ITEM), sentAt: 'now' }, 'sentAt is not an ISO 8601 timestamp.'],
    ['no items', batchOf(), 'batch must be a list of at least one item.'],
    ['an item of unknown type', batchOf(ITEM, { ...ITEM, type: 'x' }), 'batch[1] has no known type.'],
    ['an item without name', batchOf({ ...ITEM, event: undefined }), 'batch[0] has no event name.'],
    ['an item without id', batchOf({ ...ITEM, messageId: '' }), 'batch[0] has no messageId.'],
    [
      'an item of nobody',
      batchOf({ ...ITEM, anonymousId: '' }),
      'batch[0] has neither userId nor anonymousId.',
    ],
    [
      'a time without milliseconds',
      batchOf({ ...ITEM, timestamp: '2026-06-06T11:11:14Z' }),
      'batch[0] has a malformed timestamp.',
    ],
    [
      'a day that is none',
      batchOf({ ...ITEM, timestamp: '2026-13-06T11:11:14.000Z' }),
      'batch[0] has a malformed timestamp.',
    ],
    ['traits that are a list', batchOf({ ...ITEM, traits: [] }), 'batch[0] has traits that are no object.'],
    [
      'a null where nothing should be',
      batchOf({ ...ITEM, context: { page: { url: null } } }),
      'batch[0] has null at context.page.url.',
    ],
  ])('refuses %s and says why', async (_, body, message) => {
    const response = await post('/v1/batch', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', message } });
  });
});

describe('the stand-ins', () => {
  test('accept any JSON object at the webhook', async () => {
    expect((await post('/webhook/anything', { type: 'page' })).status).toBe(200);
    expect((await post('/webhook', '[1]')).status).toBe(400);
    expect((await post('/elsewhere', {})).status).toBe(404);
  });

  test('remember the latest requests with their answers', async () => {
    for (let i = 1; i <= 5; i++) await post('/webhook', { i });
    expect(vendors.received.map(({ body }) => body)).toEqual([{ i: 3 }, { i: 4 }, { i: 5 }]);
    const { received } = await (await fetch(`${vendors.url}/received?since=4`)).json();
    expect(received).toMatchObject([
      {
        sequence: 5,
        vendor: 'webhook',
        method: 'POST',
        path: '/webhook',
        bytes: 7,
        status: 200,
        body: { i: 5 },
      },
    ]);
  });

  test('fail as often as told', async () => {
    vendors.failNext(1, 429, { 'retry-after': '7' });
    const failed = await post('/v1/batch', batchOf(ITEM));
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await post('/v1/batch', batchOf(ITEM))).status).toBe(200);
  });

  test('show requests on a page as they come', async () => {
    expect(await (await fetch(`${vendors.url}/`)).text()).toContain('<title>Vendors</title>');
    await post('/webhook', { first: true });
    const stream = await fetch(`${vendors.url}/stream`);
    await post('/webhook', { second: true });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk);
      if (text.includes('second')) break;
    }
    expect(text).toMatch(/^data: \{.*first.*\}\n\ndata: \{.*second/s);
  });
});
