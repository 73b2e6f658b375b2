import { type GoldenTopology, strings } from './golden-topology.ts';

export const tableTopologies: readonly GoldenTopology[] = [
  {
    name: 'table-table-inner-join',
    build(builder) {
      const left = builder.table('left', strings, { store: 'left-store' });
      const right = builder.table('right', strings, { store: 'right-store' });
      left
        .join(right, (l, r) => `${l}+${r}`, { store: 'joined', value: strings.value })
        .toStream()
        .to('out', strings);
    },
  },
  {
    name: 'table-groupby-aggregate',
    build: (builder) =>
      builder
        .table('in', strings, { store: 'src' })
        .groupBy((_, value) => {
          const [group = '', payload = ''] = value.split(':');
          return [group, payload];
        }, strings)
        .aggregate(
          () => '',
          (_, value, aggregate) => `${aggregate}+${value}`,
          (_, value, aggregate) => `${aggregate}-${value}`,
          { store: 'agg', value: strings.value },
        )
        .toStream()
        .to('out', strings),
  },
];
