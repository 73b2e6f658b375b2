import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startCountingVendor } from './support/counting-vendor.ts';
import { describeWithKafka } from './support/kafka.ts';
import { startSignal } from './support/signal-process.ts';
import { waitFor } from './support/wait-for.ts';

const EVENTS = 200;

describeWithKafka('Signal on Kafka', (kafka) => {
  it('takes events in, processes and delivers them, and goes on where it was killed', {
    timeout: 600_000,
  }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'signal-on-kafka-'));
    const vendor = await startCountingVendor();
    const env = { KAFKA_BROKERS: kafka().brokers.join(',') };
    let signal = await startSignal(dataDir, { env });
    onTestFinished(async () => {
      await signal.kill();
      await vendor.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    const source = await signal.admin.post<{ id: string; pipeline_key: string }>('sources', {
      name: 'Web',
      type: 'web',
    });
    const integration = await signal.admin.post<{ id: string }>('integrations', {
      vendor: 'dreamdata',
      variant: 'b2b_saas',
      name: 'Dreamdata',
      config: { api_key: 'key', endpoint: vendor.url },
      consent_categories: ['analytics'],
    });
    await signal.admin.post('pipelines', {
      source_id: source.id,
      integration_id: integration.id,
      enabled: true,
    });

    const post = async (from: number): Promise<void> => {
      const batch = Array.from({ length: EVENTS }, (_, i) => ({
        type: 'track',
        event: 'Signed Up',
        anonymousId: `df_${i % 17}`,
        messageId: `evt_${from + i}`,
        context: { consent: { analytics: true } },
      }));
      const answer = await fetch(`${signal.gateway}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${source.pipeline_key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ batch }),
      });
      expect(answer.status).toBe(200);
    };
    await post(0);
    await waitFor(() => vendor.arrivals.size === EVENTS, {
      timeoutMs: 300_000,
      what: 'the first events at the vendor',
    });
    await signal.kill();
    signal = await startSignal(dataDir, { env });
    await post(EVENTS);
    await waitFor(() => vendor.arrivals.size === 2 * EVENTS, {
      timeoutMs: 300_000,
      what: 'the rest at the vendor',
    });
    const story = await waitFor(
      async () => {
        const answer = await signal.admin.get<{ deliveries: { status: string; http_status: number }[] }>(
          'events/evt_0',
        );
        return answer.deliveries[0]?.status === 'delivered' ? answer : undefined;
      },
      { timeoutMs: 300_000, what: 'the outcome of the first event' },
    );
    expect(story.deliveries).toMatchObject([{ status: 'delivered', http_status: 200 }]);
  });
});
