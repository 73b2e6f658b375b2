import Fastify from 'fastify';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { EMPTY_STATE, evolve } from '../../config/index.ts';
import { forbidder, requireTokens, tokenHash, tokenHolder } from './auth.ts';
import { handleErrors } from './error-handler.ts';

const clock = { now: () => 2_000 };

/** A server with one route, and a token of these scopes. */
async function serve(scopes: readonly string[]) {
  const current = evolve(EMPTY_STATE, {
    sequence: 1,
    commandId: 'c1',
    resourceId: 'tok_1',
    resourceVersion: 1,
    time: 1_000,
    actor: { kind: 'system', id: 'test', name: null, ip: null },
    reason: null,
    payload: {
      'signal.config.TokenCreated': {
        tokenId: 'tok_1',
        name: 'limited',
        tokenHash: tokenHash('the-token'),
        scopes,
        expiresAt: null,
      },
    },
  });
  const app = Fastify({ logger: false });
  handleErrors(app, pino({ level: 'silent' }));
  app.register(async (scope) => {
    requireTokens(
      scope,
      async (presented) => tokenHolder(presented, { current }, clock.now()),
      forbidder(async () => {}),
    );
    scope.get('/guarded', { config: { permission: 'sources:read' } }, async () => ({ ok: true }));
  });
  return app.inject({ url: '/guarded', headers: { authorization: 'Bearer the-token' } });
}

describe('requireTokens', () => {
  it('lets a token do what one of its scopes permits', async () => {
    expect((await serve(['unheard-of', 'admin'])).json()).toEqual({ ok: true });
  });

  it.each([[[]], [['unheard-of']], [['__proto__']]])(
    'forbids what no scope of %j permits',
    async (scopes) => {
      const response = await serve(scopes);
      expect(response.statusCode).toBe(403);
      expect(response.json().error).toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('sources:read'),
      });
    },
  );

  it('does not start with a route that asks for no permission', async () => {
    const app = Fastify({ logger: false });
    app.register(async (scope) => {
      requireTokens(
        scope,
        async (presented) => tokenHolder(presented, { current: EMPTY_STATE }, clock.now()),
        forbidder(async () => {}),
      );
      scope.get('/forgotten', async () => ({ ok: true }));
    });
    await expect(app.ready()).rejects.toThrow('/forgotten asks for no permission');
  });
});
