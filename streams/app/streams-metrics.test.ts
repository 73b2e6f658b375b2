import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { serdes } from '../serdes/index.ts';
import { StreamsApp } from './streams-app.ts';
import { StreamsMetrics } from './streams-metrics.ts';

const text = { key: serdes.string(), value: serdes.string() };

it('publishes what went through each node, commits, lag, stores and state, and forgets nothing on closing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'streams-metrics-'));
  const log = await openEmbeddedLog({ directory, defaultPartitions: 1 });
  const builder = new StreamsBuilder();
  const words = builder.stream('in', { ...text, name: 'READ' });
  words.groupByKey().count({ store: 'counts' }).toStream().to('out', { value: serdes.long(), name: 'WRITE' });
  const register = new Registry();
  let batches = 0;
  const app = new StreamsApp(builder.build(), {
    applicationId: 'words',
    log,
    metrics: new StreamsMetrics(register),
    onBatch: ({ records }) => {
      batches += records;
    },
    deadLetterTopic: 'dead',
  });
  onTestFinished(async () => {
    await app.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });
  await log.createTopics([{ name: 'in' }, { name: 'out' }, { name: 'dead' }]);
  const record = (key: string) => ({
    topic: 'in',
    key: Buffer.from(key),
    value: Buffer.from('1'),
    timestamp: 1,
    headers: [],
  });
  await log.append(['a', 'b', 'a'].map(record));
  await app.start();
  await expect.poll(() => batches).toBe(3);

  const scraped = await register.metrics();
  const value = (metric: string): number =>
    Number(
      scraped
        .split('\n')
        .find((line) => line.startsWith(`${metric} `))
        ?.split(' ')
        .at(-1),
    );
  expect(value('streams_node_records_total{application="words",node="READ"}')).toBe(3);
  expect(value('streams_node_bytes_total{application="words",node="READ"}')).toBe(6);
  expect(value('streams_node_records_total{application="words",node="WRITE"}')).toBe(3);
  expect(value('streams_node_bytes_total{application="words",node="WRITE"}')).toBe(27);
  expect(value('streams_node_sent_total{application="words",node="READ"}')).toBe(3);
  expect(value('streams_node_sent_total{application="words",node="WRITE"}')).toBe(3);
  expect(value('streams_store_bytes{application="words",store="counts"}')).toBeGreaterThan(0);
  expect(value('streams_commit_seconds_count{application="words"}')).toBeGreaterThan(0);
  expect(value('streams_lag_records{application="words",topic="in",partition="0"}')).toBe(0);
  expect(value('streams_store_cached_entries{application="words",store="counts"}')).toBe(2);
  expect(value('streams_store_hits_total{application="words",store="counts"}')).toBeGreaterThan(0);
  expect(value('streams_state{application="words",state="running"}')).toBe(1);
  expect(value('streams_state{application="words",state="error"}')).toBe(0);
  expect(value('streams_rebalances_total{application="words"}')).toBe(1);

  await log.append([record('c')]);
  await expect.poll(() => batches).toBe(4);
  await app.close();
  const after = await register.metrics();
  expect(after).toContain('streams_node_records_total{application="words",node="READ"} 4');
  expect(after).toContain('streams_state{application="words",state="stopped"} 1');
  expect(after).toContain('streams_tasks{application="words"} 0');
});
