import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAdminToken, randomIds } from './index.ts';
import { type Running, start } from './testing/harness.ts';

/** Of `given-token`. */
const HASH = createHash('sha256').update('given-token').digest('hex');

let running: Running;

const ensure = (given?: string): Promise<string | undefined> =>
  ensureAdminToken({ ...running, ids: randomIds, clock: { now: () => Date.now() }, given });

const status = async (token: string | undefined): Promise<number> =>
  (await running.api.inject({ url: '/v1/admin/sources', headers: { authorization: `Bearer ${token}` } }))
    .statusCode;

afterEach(async () => {
  await running.stop();
});

describe('ensureAdminToken', () => {
  beforeEach(async () => {
    running = await start({ adminToken: false });
  });

  it('makes the first token, once, and tells it to one of those who start together', async () => {
    const told = await Promise.all([ensure(), ensure(), ensure()]);
    const [token, ...others] = told.filter((each) => each !== undefined);
    expect(token).toMatch(/^sat_[A-Za-z0-9_-]{43}$/);
    expect(others).toEqual([]);
    expect(await status(token)).toBe(200);
    expect(await ensure()).toBeUndefined();
    expect(running.projection.current.tokens.size).toBe(1);
  });

  it('makes the given token a live one, and leaves it at that', async () => {
    expect(await ensure('given-token')).toBeUndefined();
    expect(await status('given-token')).toBe(200);
    expect(await ensure('given-token')).toBeUndefined();
    expect(running.projection.current.tokens.size).toBe(1);
    expect(await ensure()).toBeUndefined();
  });

  it('makes the given token once where several start together', async () => {
    await Promise.all([ensure('given-token'), ensure('given-token'), ensure('given-token')]);
    expect(await status('given-token')).toBe(200);
    expect(running.projection.current.tokens.size).toBe(1);
  });

  it('does not bring a token back to life that was revoked', async () => {
    await Promise.all([ensure('given-token'), ensure('other-token')]);
    const [token] = [...running.projection.current.tokens.values()].filter(({ hash }) => hash === HASH);
    await running.api.inject({
      method: 'DELETE',
      url: `/v1/admin/tokens/${token?.id}`,
      headers: { authorization: 'Bearer other-token' },
    });
    await expect(ensure('given-token')).rejects.toThrow('was revoked; set another one');
  });

  it('makes another token that is given later live as well', async () => {
    const first = await ensure();
    await ensure('given-token');
    expect([await status(first), await status('given-token')]).toEqual([200, 200]);
  });

  it('keeps no token in the log, only its hash', async () => {
    await ensure('given-token');
    expect(JSON.stringify(running.projection.eventsBetween(1, 10))).not.toContain('given-token');
  });
});
