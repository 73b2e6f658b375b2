import Fastify from 'fastify';
import pino from 'pino';
import { expect, it } from 'vitest';
import { handleErrors } from './error-handler.ts';
import { awaitHistory } from './history.ts';

async function app(patienceMs?: number) {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const projection = {
    hasHistory: false,
    async whenHistory() {
      await opened;
      projection.hasHistory = true;
    },
  };
  const server = Fastify();
  handleErrors(server, pino({ level: 'silent' }));
  awaitHistory(server, projection, patienceMs);
  for (const path of ['sources', 'config/events', 'configuration', 'events/:id'])
    server.all(`/v1/admin/${path}`, async () => ({ hasHistory: projection.hasHistory }));
  await server.ready();
  return { server, open };
}

it('lets requests of the present pass, and those of the past wait until it is known', async () => {
  const { server, open } = await app();
  for (const url of ['/v1/admin/sources', '/v1/admin/configuration'])
    expect((await server.inject(url)).json()).toEqual({ hasHistory: false });
  const waiting = [
    server.inject('/v1/admin/sources?at=3'),
    server.inject('/v1/admin/config/events'),
    server.inject('/v1/admin/events/evt_1'),
    server.inject({ method: 'POST', url: '/v1/admin/sources', headers: { 'idempotency-key': 'a' } }),
  ];
  open();
  for (const answer of await Promise.all(waiting)) expect(answer.json()).toEqual({ hasHistory: true });
});

it('does not have them wait for ever', async () => {
  const { server } = await app(20);
  const answer = await server.inject('/v1/admin/sources?at=3');
  expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'HISTORY_LOADING']);
  expect(answer.headers['retry-after']).toBe('2');
});
