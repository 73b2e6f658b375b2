import { type GoldenTopology, long, strings, type Text, text } from './golden-topology.ts';

export const fuzzTableTopologies: readonly GoldenTopology[] = [
  {
    name: 'fuzz-suppress-seen-from-behind',
    timeMovesOutput: true,
    build(builder) {
      const buffer = { maxRecords: 2, whenFull: 'emit-early' } as const;
      const held = builder
        .table('in', strings, { store: 'src' })
        .suppress({ until: 'time-limit', ms: 6, buffer });
      held
        .mapValues((value) => `${value}!`)
        .outerJoin(held, (left, right) => `${left}+${right}`)
        .toStream()
        .to('out', strings);
    },
  },
  {
    name: 'fuzz-table-filter-chain',
    build(builder) {
      const table = builder.table('in', strings, { store: 'src' });
      table
        .filter((_, value) => value !== 'x', { store: 'f' })
        .mapValues((value) => value + value)
        .toStream()
        .to('out', strings);
      table
        .filterNot((_, value) => value === 'y')
        .toStream()
        .to('out2', strings);
      builder
        .table('in2', strings)
        .filter((_, value) => value === 'x')
        .toStream()
        .to('out3', strings);
    },
  },
  {
    name: 'fuzz-table-groupby-reduce',
    build: (builder) =>
      builder
        .table<Text, Text>('in', strings, { store: 'src' })
        .groupBy<Text, Text>((key, value) => [value === 'z' ? null : value, key], strings)
        .reduce(
          (aggregate, key) => `${aggregate}${key}`,
          (aggregate, key) => (aggregate === key ? null : `${aggregate}-${key}`),
          { store: 'r' },
        )
        .toStream()
        .to('out', strings),
  },
  {
    name: 'fuzz-table-join-groupby',
    build(builder) {
      const left = builder.table('left', strings, { store: 'l' }).mapValues((value) => `${value}!`);
      const right = builder.table('right', strings, { store: 'r' }).filter((_, value) => value !== 'y');
      left
        .outerJoin(right, (l, r) => `${l}+${r}`)
        .groupBy((key, value) => [value, key], strings)
        .count({ store: 'n' })
        .toStream()
        .to('out', { key: text, value: long });
    },
  },
];
