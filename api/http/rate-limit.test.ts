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
    expect((await running.api.inject('/v1/admin/openapi.json')).statusCode).toBe(200);
    expect((await running.api.inject('/healthz')).statusCode).toBe(200);
  });
});
