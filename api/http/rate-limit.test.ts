import { afterEach, describe, expect, it } from 'vitest';
import { SETTINGS_ID } from '../../config/index.ts';
import { type Running, start } from '../testing/harness.ts';

let running: Running;

afterEach(async () => {
  await running.stop();
});

describe('the rate limit', () => {
  it('refuses what one caller asks beyond it, says how long to wait, and refuses nobody else', async () => {
    running = await start({ requestsPerMinute: 'settings' });
    await running.commands.submit({
      commandId: 'few',
      resourceId: SETTINGS_ID,
      expectedVersion: null,
      time: Date.now(),
      actor: { kind: 'system', id: 'test', name: null, ip: null },
      reason: null,
      payload: {
        'signal.config.UpdateSettings': {
          changeReasonRequired: null,
          approvalRequired: null,
          deduplicationHours: null,
          requestsPerMinute: 3,
        },
      },
    });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await running.get('/v1/admin/sources'));
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 429]);
    const refused = answers[3];
    expect(refused?.json().error).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('3'),
    });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await running.get('/v1/admin/pipelines')).statusCode).toBe(429);
    const openApi = { url: '/v1/admin/openapi.json', remoteAddress: '192.0.2.7' };
    expect((await running.api.inject(openApi)).statusCode).toBe(200);
    expect((await running.api.inject('/healthz')).statusCode).toBe(200);

    // Of whoever has no token that counts, by address.
    const guess = (remoteAddress: string) =>
      running.api.inject({
        url: '/v1/admin/sources',
        headers: { authorization: 'Bearer sat_guessed' },
        remoteAddress,
      });
    const guesses = [];
    for (let i = 0; i < 4; i++) guesses.push(await guess('192.0.2.1'));
    expect(guesses.map((answer) => answer.statusCode)).toEqual([401, 401, 401, 429]);
    expect((await guess('192.0.2.2')).statusCode).toBe(401);
    expect(guesses[3]?.headers['retry-after']).toBeDefined();
  });
});
