import { sessionWindowedSerde, timeWindowedSerde } from '../../dsl/windowed-serdes.ts';
import { type GoldenTopology, input, long, strings, text } from './golden-topology.ts';

const tumblingCount = (name: string): GoldenTopology => ({
  name,
  build: (builder) =>
    input(builder, 'in')
      .groupByKey()
      .windowedBy({ sizeMs: 10, graceMs: 5 })
      .count({ store: 'counts' })
      .toStream()
      .to('out', { key: timeWindowedSerde(text, 10), value: long }),
});

export const aggregateTopologies: readonly GoldenTopology[] = [
  {
    name: 'count-by-key',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .count({ store: 'counts' })
        .toStream()
        .to('out', { key: text, value: long }),
  },
  {
    name: 'groupby-count',
    build: (builder) =>
      input(builder, 'in')
        .groupBy((_, value) => (value === null || value === 'none' ? null : ([...value][0] ?? '')), strings)
        .count({ store: 'counts' })
        .toStream()
        .to('out', { key: text, value: long }),
  },
  {
    name: 'reduce-null-result',
    build: (builder) =>
      builder
        .stream('in', strings)
        .groupByKey()
        .reduce((aggregate, value) => (value === 'DEL' ? null : `${aggregate},${value}`), { store: 'r' })
        .toStream()
        .to('out', strings),
  },
  tumblingCount('tumbling-count-grace'),
  tumblingCount('fuzz-tumbling'),
  {
    name: 'hopping-aggregate',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, advanceMs: 4, graceMs: 3 })
        .aggregate(
          () => '',
          (_, value, aggregate) => aggregate + value,
          { store: 'aggs', value: text },
        )
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: text }),
  },
  {
    name: 'session-aggregate-merge',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 10 })
        .aggregate(
          () => '',
          (_, value, aggregate) => aggregate + value,
          (_, one, other) => `(${one}|${other})`,
          { store: 'sessions', value: text },
        )
        .toStream()
        .to('out', { key: sessionWindowedSerde(text), value: text }),
  },
  {
    name: 'suppress-window-close',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, graceMs: 5 })
        .count({ store: 'counts' })
        .suppress({ until: 'window-closes' })
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: long }),
  },
  {
    name: 'hopping-count',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, advanceMs: 4, graceMs: 3 })
        .count({ store: 'counts' })
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: long }),
  },
  {
    name: 'session-count',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 10 })
        .count({ store: 'counts' })
        .toStream()
        .to('out', { key: sessionWindowedSerde(text), value: long }),
  },
  {
    name: 'emit-on-window-close',
    timeMovesOutput: true,
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .windowedBy({ sizeMs: 10, graceMs: 5 })
        .emitStrategy('on-window-close')
        .count({ store: 'counts', retentionMs: 3_600_000 })
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: long }),
  },
  {
    name: 'suppress-time-limit',
    build: (builder) =>
      input(builder, 'in')
        .groupByKey()
        .count({ store: 'counts' })
        .suppress({ until: 'time-limit', ms: 10 })
        .toStream()
        .to('out', { key: text, value: long }),
  },
];
