import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, startGateway, type TestGateway, WEB_KEY } from './testing.ts';

describe('the gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());

  it('works', async () => {
    const answer = await post(
      `${gateway.url}/v1/t`,
      { event: 'x', anonymousId: 'a' },
      { authorization: `Bearer ${WEB_KEY}` },
    );
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(gateway.events()).toHaveLength(1);
  });
});
