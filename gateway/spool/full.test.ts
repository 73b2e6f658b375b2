import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { LogError } from '../../streams/index.ts';
import { MemoryLog, post, SERVER_KEY, startGateway } from '../testing/harness.ts';
import { createSpoolMetrics } from './metrics.ts';
import { Spool } from './spool.ts';
import { SpoolingLog } from './spooling-log.ts';

it('a gateway whose spool is full refuses, says when to come again, and takes events once the log is back', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'full-spool-'));
  const log = new MemoryLog();
  let isDown = true;
  const store = new SpoolingLog({
    log: {
      append: (records) =>
        isDown ? Promise.reject(new LogError('UNAVAILABLE', 'no broker')) : log.append(records),
    },
    spool: await Spool.open({ directory, maxBytes: 1000 }),
    logger: pino({ level: 'silent' }),
    metrics: createSpoolMetrics(new Registry(), { now: () => Date.now() }),
    retryMs: 10,
  });
  const gateway = await startGateway({ log: store });
  onTestFinished(async () => {
    isDown = false;
    await gateway.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const send = (messageId: string) =>
    post(
      `${gateway.url}/v1/t`,
      { event: 'x', anonymousId: 'df_1', messageId, properties: { x: 'x'.repeat(300) } },
      { authorization: `Bearer ${SERVER_KEY}` },
    );
  const accepted: string[] = [];
  for (let i = 0; i < 5; i++) {
    const answer = await send(`${i}`);
    if (answer.status === 200) accepted.push(`${i}`);
    else {
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'LOG_UNAVAILABLE' } } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(accepted.length).toBeGreaterThan(0);
  expect(accepted.length).toBeLessThan(5);
  expect(log.records).toEqual([]);
  isDown = false;
  await vi.waitFor(async () => expect((await send('after')).status).toBe(200));
  await vi.waitFor(() => expect(store.state).toBe('up'));
  const ids = log.records.map(({ headers }) => headers[0]?.[1].toString());
  expect(ids).toEqual([...accepted, 'after']);
});
