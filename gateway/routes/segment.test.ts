import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, WEB_KEY } from '../testing/harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

async function destination(headers: Record<string, string>) {
  const answer = await fetch(`${gateway.url}/v1/projects/${WEB_KEY}/settings`, { headers });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, max-age=300']);
  return JSON.parse(await answer.text()).integrations['Segment.io'];
}

describe('the settings of Segment’s browser SDK', () => {
  it('send events where the settings came from', async () => {
    expect(await destination({})).toEqual({
      apiKey: WEB_KEY,
      apiHost: `127.0.0.1:${gateway.port}/v1`,
      protocol: 'http',
    });
  });

  it.each([{ origin: 'https://shop.example' }, { referer: 'https://shop.example/' }])(
    'send them by HTTPS from %j, whoever ended that before',
    async (headers) => {
      expect(await destination(headers)).toMatchObject({ protocol: 'https' });
    },
  );

  it('believe no forwarded host of nobody in particular', async () => {
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await destination(forged)).toMatchObject({
      apiHost: `127.0.0.1:${gateway.port}/v1`,
      protocol: 'http',
    });
  });
});

it('measurements of the SDK are taken and thrown away', async () => {
  const answer = await fetch(`${gateway.url}/v1/m`, { method: 'POST', body: '{"series":[]}' });
  expect([answer.status, await answer.json()]).toEqual([200, { success: true }]);
  expect(gateway.log.appends).toEqual([]);
});
