import { expect, it } from 'vitest';
import { StreamsBuilder, serdes, TopologyTestDriver } from './index.ts';

it('counts words as the README says', () => {
  const text = serdes.string();
  const builder = new StreamsBuilder();
  builder
    .stream('lines', { key: text, value: text })
    .flatMapValues((line) => line.toLowerCase().split(/\W+/))
    .groupBy((_, word) => word, { key: text, value: text })
    .count({ store: 'counts' })
    .toStream()
    .to('word-counts', { key: text, value: serdes.long() });

  const driver = new TopologyTestDriver(builder.build());
  driver.input('lines', text, text).send(null, 'to be or not to be', { timestamp: 10 });
  const counts = driver.output('word-counts', text, serdes.long()).readAll();
  expect(counts.map(({ key, value }) => `${key}=${value}`).join(', ')).toBe(
    'to=1, be=1, or=1, not=1, to=2, be=2',
  );
});
