import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { post, SERVER_KEY, startGateway, type TestGateway, WEB_KEY } from './testing/harness.ts';

const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1', messageId: 'evt_1' };
const BEARER = { authorization: `Bearer ${SERVER_KEY}` };
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('an accepted request', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());

  it.each([
    ['/v1/t', 'track', { event: 'Order Completed' }],
    ['/v1/p', 'page', { name: 'Home' }],
    ['/v1/i', 'identify', { userId: 'u_1', traits: { email: 'jane@example.com' } }],
    ['/v1/g', 'group', { groupId: 'g_1' }],
    ['/v1/a', 'alias', { userId: 'u_1', previousId: 'u_0' }],
    ['/v1/s', 'screen', { name: 'Home' }],
    ['/v1/consent', 'consent', { context: { consent: { analytics: true } } }],
    ['/v1/events', 'page', { type: 'page', name: 'Home' }],
    ['/v1/track', 'track', { event: 'Order Completed' }],
    ['/v1/page', 'page', { name: 'Home' }],
    ['/v1/identify', 'identify', { userId: 'u_1' }],
    ['/v1/group', 'group', { groupId: 'g_1' }],
    ['/v1/alias', 'alias', { userId: 'u_1', previousId: 'u_0' }],
    ['/v1/screen', 'screen', { name: 'Home' }],
  ])('of one event at %s puts a %s into the log', async (path, type, event) => {
    const answer = await post(gateway.url + path, { anonymousId: 'df_1', ...event }, BEARER);
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(gateway.events()).toMatchObject([{ event: { type, anonymousId: 'df_1' } }]);
  });

  it('becomes records keyed by visitor, with message id, arrival, source and config version', async () => {
    const before = Date.now();
    await post(`${gateway.url}/v1/t`, TRACK, BEARER);
    const [record] = gateway.log.records;
    expect(record).toMatchObject({
      topic: 'raw-events',
      key: Buffer.from('df_1'),
      headers: [['message-id', Buffer.from('evt_1')]],
    });
    expect(record?.timestamp).toBeGreaterThanOrEqual(before);
    expect(gateway.events()[0]).toMatchObject({
      receivedAt: record?.timestamp,
      sourceId: 'src_server',
      configVersion: 7,
      event: { messageId: 'evt_1', event: 'Order Completed' },
    });
  });

  it('gives an event without messageId one of its own', async () => {
    await post(`${gateway.url}/v1/t`, { ...TRACK, messageId: undefined }, BEARER);
    expect(gateway.events()[0]?.event.messageId).toMatch(/^evt_[0-9a-f-]{36}$/);
  });

  it('of a batch goes into the log in one append, in order', async () => {
    const batch = Array.from({ length: 500 }, (_, index) => ({ ...TRACK, messageId: `evt_${index}` }));
    const answer = await post(`${gateway.url}/v1/batch`, { batch }, BEARER);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 500, rejected: [] } });
    expect(gateway.log.appends).toHaveLength(1);
    expect(gateway.events().map(({ event }) => event.messageId)).toEqual(
      batch.map(({ messageId }) => messageId),
    );
  });

  it.each(['/v1/b', '/v1/import', '/beacon/v1/batch'])('of a batch may come at %s', async (path) => {
    const answer = await post(gateway.url + path, { batch: [TRACK, TRACK] }, BEARER);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 2, rejected: [] } });
  });

  it('of a batch corrects the clock by the batch’s sentAt', async () => {
    const batch = [{ ...TRACK, timestamp: '2020-01-01T00:00:00Z' }];
    await post(`${gateway.url}/v1/batch`, { batch, sentAt: '2020-01-01T00:00:30Z' }, BEARER);
    const [raw] = gateway.events();
    expect(raw?.event.timestamp).toBe((raw?.receivedAt ?? 0) - 30_000);
  });

  it('of a batch accepts the good events and names the bad ones', async () => {
    const batch = [
      TRACK,
      { ...TRACK, messageId: 'evt_bad', event: 5 },
      'no event',
      { ...TRACK, anonymousId: null },
    ];
    const answer = await post(`${gateway.url}/v1/batch`, { batch }, BEARER);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 1 } });
    expect(answer.body).toHaveProperty('rejected', [
      {
        index: 1,
        messageId: 'evt_bad',
        error: { code: 'INVALID_EVENT', message: 'event must be a string, not a number', path: 'event' },
      },
      { index: 2, error: { code: 'INVALID_EVENT', message: 'The event must be an object', path: '' } },
      { index: 3, messageId: 'evt_1', error: expect.objectContaining({ code: 'MISSING_IDENTITY' }) },
    ]);
    expect(gateway.events()).toHaveLength(1);
  });

  it.each<[string, string, Record<string, string>, object]>([
    ['a bearer token', '', { authorization: `bearer ${WEB_KEY}` }, {}],
    ['a header of its own', '', { 'x-pipeline-key': WEB_KEY }, {}],
    ['the body', '', {}, { pipelineKey: WEB_KEY }],
    ['the query', `?key=${WEB_KEY}`, {}, {}],
    ['the user name of Basic auth', '', { authorization: basic(`${WEB_KEY}:`) }, {}],
    ['the user name before any password', '', { authorization: basic(`${WEB_KEY}:x:y`) }, {}],
    [
      'the body under somebody else’s login',
      '',
      { authorization: basic('staff:secret') },
      { pipelineKey: WEB_KEY },
    ],
    [
      'the query under somebody else’s login',
      `?key=${WEB_KEY}`,
      { authorization: basic('staff:secret') },
      {},
    ],
    ['the body as a write key', '', {}, { writeKey: WEB_KEY }],
    ['the query as a write key', `?writeKey=${WEB_KEY}`, {}, {}],
    ['Basic auth before the body', '', { authorization: basic(`${WEB_KEY}:`) }, { writeKey: SERVER_KEY }],
    ['the header before the body', '', { 'x-pipeline-key': WEB_KEY }, { pipelineKey: SERVER_KEY }],
    ['the body before the query', `?key=${SERVER_KEY}`, {}, { pipelineKey: WEB_KEY }],
  ])('may carry its key in %s', async (_place, query, headers, body) => {
    expect((await post(`${gateway.url}/v1/t${query}`, { ...TRACK, ...body }, headers)).status).toBe(200);
    expect((await post(`${gateway.url}/v1/batch${query}`, { batch: [TRACK], ...body }, headers)).status).toBe(
      200,
    );
    expect(gateway.events().map(({ sourceId }) => sourceId)).toEqual(['src_web', 'src_web']);
  });

  it.each(['text/plain', 'text/plain;charset=UTF-8', 'application/json; charset=utf-8', 'APPLICATION/JSON'])(
    'may call its JSON %s',
    async (type) => {
      expect((await post(`${gateway.url}/v1/t`, TRACK, { ...BEARER, 'content-type': type })).status).toBe(
        200,
      );
    },
  );

  it('may begin with a byte order mark', async () => {
    expect((await post(`${gateway.url}/v1/t`, `\uFEFF${JSON.stringify(TRACK)}`, BEARER)).status).toBe(200);
  });

  it('keeps text of every script', async () => {
    await post(
      `${gateway.url}/v1/t`,
      { ...TRACK, event: 'купить 購入 🛒', properties: { é: '\u0000\u2028' } },
      BEARER,
    );
    expect(gateway.events()[0]?.event).toMatchObject({ event: 'купить 購入 🛒' });
    expect(JSON.parse(gateway.events()[0]?.event.properties ?? '')).toEqual({ é: '\u0000\u2028' });
  });

  it('is counted by endpoint, source and outcome', async () => {
    await post(`${gateway.url}/v1/batch`, { batch: [TRACK, TRACK, {}] }, BEARER);
    await post(`${gateway.url}/nowhere`, {}, BEARER);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    for (const line of [
      'signal_gateway_requests_total{endpoint="/v1/batch",status="200"} 1',
      'signal_gateway_requests_total{endpoint="unknown",status="404"} 1',
      'signal_gateway_events_accepted_total{source="src_server",endpoint="/v1/batch"} 2',
      'signal_gateway_events_rejected_total{source="src_server",endpoint="/v1/batch",reason="INVALID_EVENT"} 1',
      'signal_gateway_requests_refused_total{endpoint="unknown",source="",reason="NOT_FOUND"} 1',
      'signal_gateway_append_seconds_count 1',
    ]) {
      expect(metrics).toContain(line);
    }
  });
});
