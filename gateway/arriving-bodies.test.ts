import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { post, SERVER_KEY, sendRaw, startGateway, type TestGateway } from './testing/harness.ts';

const SIZE = 100_000;
const HEAD = `POST /v1/t HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ${SERVER_KEY}\r\n`;

let gateway: TestGateway;
beforeEach(async () => {
  held = [];
  gateway = await startGateway({ settings: { maxArrivingBytes: 2.5 * SIZE, maxPayloadSize: 2 * SIZE } });
});
let held: Socket[];
afterEach(async () => {
  for (const socket of held) socket.destroy();
  await gateway.close();
});

/** Nearly all of a body, after which nothing comes. */
function hold(): void {
  const socket = connect(gateway.port, '127.0.0.1').on('error', () => {});
  socket.write(`${HEAD}Content-Length: ${SIZE}\r\n\r\n${'x'.repeat(SIZE - 1)}`);
  held.push(socket);
}

const large = () => {
  const event = { event: 'x', anonymousId: 'a', properties: { x: 'x'.repeat(SIZE) } };
  return post(`${gateway.url}/v1/t`, event, { authorization: `Bearer ${SERVER_KEY}` });
};

it('large bodies are taken while there is room for them', async () => {
  expect((await Promise.all([large(), large()])).map(({ status }) => status)).toEqual([200, 200]);
  for (let i = 0; i < 5; i++) expect((await large()).status).toBe(200);
});

it('those that never end keep others like them out, and nobody else, until their connections end', async () => {
  hold();
  hold();
  await vi.waitFor(async () => {
    const answer = await large();
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'OVERLOADED' } } });
    expect(answer.headers.get('retry-after')).toBe('2');
  });
  const chunks = `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
  expect(await sendRaw(gateway.port, chunks)).toContain('OVERLOADED');
  const small = { event: 'x', anonymousId: 'a' };
  const answer = await post(`${gateway.url}/v1/t`, small, { authorization: `Bearer ${SERVER_KEY}` });
  expect(answer.status).toBe(200);
  held[0]?.destroy();
  await vi.waitFor(async () => expect((await large()).status).toBe(200));
});
