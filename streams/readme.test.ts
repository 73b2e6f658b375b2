import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  openEmbeddedLog,
  StreamsApp,
  StreamsBuilder,
  serdes,
  TopologyTestDriver,
  type ValueAndTimestamp,
} from './index.ts';

const text = serdes.string();

function wordCount() {
  const builder = new StreamsBuilder();
  builder
    .stream('lines', { key: text, value: text })
    .flatMapValues((line) => line.toLowerCase().split(/\W+/))
    .groupBy((_, word) => word, { key: text, value: text })
    .count({ store: 'counts' })
    .toStream()
    .to('word-counts', { key: text, value: serdes.long() });
  return builder;
}

it('counts words as the README says', () => {
  const driver = new TopologyTestDriver(wordCount().build());
  driver.input('lines', text, text).send(null, 'to be or not to be', { timestamp: 10 });
  const counts = driver.output('word-counts', text, serdes.long()).readAll();
  expect(counts.map(({ key, value }) => `${key}=${value}`).join(', ')).toBe(
    'to=1, be=1, or=1, not=1, to=2, be=2',
  );
});

it('joins as the README says', () => {
  const clickSerde = serdes.json<{ readonly page: string }>();
  const profileSerde = serdes.json<{ readonly country: string }>();
  const purchaseSerde = serdes.json<{ readonly amount: number }>();
  const anything = { key: text, value: serdes.json<object>() };
  const builder = new StreamsBuilder();
  const clicks = builder.stream('clicks', { key: text, value: clickSerde });
  const purchases = builder.stream('purchases', { key: text, value: purchaseSerde });
  const profiles = builder.table('profiles', { key: text, value: profileSerde });

  clicks
    .leftJoin(profiles, (click, profile) => ({ ...click, country: profile?.country ?? 'unknown' }))
    .to('placed', anything);
  clicks
    .join(purchases, (click, purchase) => ({ click, purchase }), {
      beforeMs: 0,
      afterMs: 3_600_000,
      graceMs: 60_000,
    })
    .to('bought', anything);

  const driver = new TopologyTestDriver(builder.build());
  const click = driver.input('clicks', text, clickSerde);
  click.send('ann', { page: '/a' }, { timestamp: 0 });
  driver.input('profiles', text, profileSerde).send('ann', { country: 'se' });
  click.send('ann', { page: '/b' }, { timestamp: 1 });
  driver.input('purchases', text, purchaseSerde).send('ann', { amount: 5 }, { timestamp: 3_600_000 });
  const values = (topic: string) =>
    driver
      .output(topic, text, anything.value)
      .readAll()
      .map((r) => r.value);
  expect(values('placed')).toEqual([
    { page: '/a', country: 'unknown' },
    { page: '/b', country: 'se' },
  ]);
  expect(values('bought')).toEqual([
    { click: { page: '/a' }, purchase: { amount: 5 } },
    { click: { page: '/b' }, purchase: { amount: 5 } },
  ]);
});

it('runs and answers as the README says', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'streams-readme-'));
  const log = await openEmbeddedLog({ directory });
  await log.createTopics([{ name: 'lines' }, { name: 'word-counts' }]);
  const builder = wordCount();
  const visits = builder.stream('visits', { key: text, value: text }).groupByKey();
  visits.windowedBy({ sizeMs: 3_600_000 }).count({ store: 'hourly' });
  visits.windowedBy({ gapMs: 1_000 }).count({ store: 'visits' });
  await log.createTopics([{ name: 'visits' }]);
  const app = new StreamsApp(builder.build(), { applicationId: 'word-count', log });
  onTestFinished(async () => {
    await app.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });
  await app.start();
  const record = (topic: string, value: string, timestamp: number) => ({
    topic,
    key: Buffer.from('hello'),
    value: Buffer.from(value),
    timestamp,
    headers: [],
  });
  await log.append([record('lines', 'hello hello', 5), record('visits', 'x', 10), record('visits', 'y', 20)]);
  await vi.waitFor(async () => {
    expect(await app.store<string, ValueAndTimestamp<number>>('counts').get('hello')).toEqual({
      value: 2,
      timestamp: 5,
    });
    expect(
      await app.store<string, ValueAndTimestamp<number>>('hourly', 'window').fetch('hello', 0, 100),
    ).toEqual([[0, { value: 2, timestamp: 20 }]]);
    expect(await app.store<string, number>('visits', 'session').findSessions('hello', 0, 100)).toEqual([
      [{ key: 'hello', window: { start: 10, end: 20 } }, 2],
    ]);
  });
});
