import { sessionWindowedSerde, timeWindowedSerde } from '../../dsl/windowed-serdes.ts';
import { type GoldenTopology, input, long, strings, text } from './golden-topology.ts';

const HOUR_MS = 3_600_000;
const sessionCounts = { key: sessionWindowedSerde(text), value: long };
const windowCounts = { key: timeWindowedSerde(text, 10), value: long };

export const fuzzAggregateTopologies: readonly GoldenTopology[] = [
  {
    name: 'fuzz-session-count',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 7 })
        .count({ store: 'counts' })
        .toStream()
        .to('out', sessionCounts),
  },
  {
    name: 'fuzz-session-reduce-suppress',
    timeMovesOutput: true,
    build: (builder) =>
      builder
        .stream('in', strings)
        .filter((_, value) => value !== null)
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 3 })
        .reduce((aggregate, value) => `${aggregate},${value}`, { store: 'r' })
        .suppress({ until: 'window-closes' })
        .toStream()
        .to('out', { key: sessionWindowedSerde(text), value: text }),
  },
  {
    name: 'fuzz-session-emit-on-close',
    timeMovesOutput: true,
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 3 })
        .emitStrategy('on-window-close')
        .count({ store: 'counts', retentionMs: HOUR_MS })
        .toStream()
        .to('out', sessionCounts),
  },
  {
    name: 'fuzz-hopping-count',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, advanceMs: 3, graceMs: 4 })
        .count({ store: 'counts' })
        .toStream()
        .to('out', windowCounts),
  },
  {
    name: 'fuzz-emit-on-window-close',
    timeMovesOutput: true,
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, advanceMs: 5, graceMs: 4 })
        .emitStrategy('on-window-close')
        .count({ store: 'counts', retentionMs: HOUR_MS })
        .toStream()
        .to('out', windowCounts),
  },
  {
    name: 'fuzz-windowed-reduce',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, graceMs: 2 })
        .reduce((aggregate, value) => (value === 'd' ? null : `${aggregate}${value}`), { store: 'r' })
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: text }),
  },
  {
    name: 'fuzz-suppress-time-limit',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .count({ store: 'counts' })
        .suppress({ until: 'time-limit', ms: 10, buffer: { maxRecords: 2, whenFull: 'emit-early' } })
        .toStream()
        .to('out', { key: text, value: long }),
  },
  {
    name: 'fuzz-suppress-table-groupby',
    build: (builder) =>
      builder
        .table('in', strings, { store: 'src' })
        .suppress({ until: 'time-limit', ms: 10 })
        .groupBy((key, value) => [value, key], strings)
        .aggregate(
          () => '',
          (_, key, aggregate) => `${aggregate}+${key}`,
          (_, key, aggregate) => `${aggregate}-${key}`,
          { store: 'agg', value: text },
        )
        .toStream()
        .to('out', strings),
  },
  {
    name: 'fuzz-count-of-counts',
    build: (builder) =>
      builder
        .stream('in', strings)
        .groupByKey()
        .count({ store: 'counts' })
        .groupBy((key, count) => [`n${count}`, key], strings)
        .count({ store: 'groups' })
        .toStream()
        .to('out', { key: text, value: long }),
  },
];
