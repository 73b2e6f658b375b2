import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD_REQUESTS, BEARER, TRACK } from './testing/bad-requests.ts';
import { post, sendRaw } from './testing/harness.ts';
import { HOSTILE_REQUESTS } from './testing/hostile-requests.ts';
import { RAW_REQUESTS } from './testing/raw-requests.ts';

/** As built: `npm test` builds before it tests. */
const CHILD = fileURLToPath(new URL('../dist/gateway/testing/gateway-child.js', import.meta.url));

let child: ChildProcess;
let lines: Interface;
let port: number;

beforeAll(async () => {
  child = spawn(process.execPath, ['--expose-gc', CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no output');
  lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  port = Number(line);
});
afterAll(async () => {
  child.kill();
  await once(child, 'exit');
});

async function heap(): Promise<number> {
  child.stdin?.write('\n');
  const [line] = await once(lines, 'line');
  return Number(line);
}

/** Everything of the corpus, and as much again of good events whose ids, keys and addresses never come twice. */
async function round(number: number): Promise<void> {
  const requests = [...BAD_REQUESTS, ...HOSTILE_REQUESTS].filter(
    ({ body }) => (body?.length ?? 0) < 1_000_000,
  );
  for (const { method = 'POST', path = '/v1/t', headers = BEARER, body } of requests) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    await response.arrayBuffer();
    expect(response.status).toBeLessThan(500);
  }
  for (const { bytes } of RAW_REQUESTS) await sendRaw(port, bytes);
  for (let i = 0; i < 300; i++) {
    const id = `${number}-${i}`;
    const headers = { ...BEARER, 'content-encoding': 'gzip', host: `${id}.example`, 'x-pipeline-key': id };
    const event = {
      ...TRACK,
      anonymousId: id,
      messageId: id,
      properties: { [id]: id },
      context: { [id]: id },
    };
    expect(
      (await post(`http://127.0.0.1:${port}/v1/t?${id}=1`, gzipSync(JSON.stringify(event)), headers)).status,
    ).toBe(200);
  }
}

it('the heap holds no more after thousands of hostile requests than after hundreds', async () => {
  await round(0);
  await round(1);
  const before = await heap();
  for (let number = 2; number < 7; number++) await round(number);
  expect((await heap()) - before).toBeLessThan(1_500_000);
});

it('bytes at random end in an answer or a closed connection, and the process goes on', async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...RAW_REQUESTS.map(({ bytes }) => Buffer.from(bytes))),
    fc
      .constantFrom('POST /v1/batch HTTP/1.1\r\n', 'Host: a\r\n', 'Transfer-Encoding: chunked\r\n', '\r\n')
      .map((text) => Buffer.from(text)),
  );
  const property = fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
    const answer = await sendRaw(port, ...parts, '\r\n\r\nGET / HTTP/1.0\r\n\r\n');
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/m);
  });
  await fc.assert(property, { numRuns: 150 });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});
