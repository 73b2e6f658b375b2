import type { JoinKind } from '../../operators/table-join.ts';
import { type GoldenTopology, long, strings, type Text, text } from './golden-topology.ts';

export const tableTableJoin = (kind: JoinKind, name = `table-table-${kind}-join`): GoldenTopology => ({
  name,
  build(builder) {
    const left = builder.table('left', strings, { store: 'left-store' });
    const right = builder.table('right', strings, { store: 'right-store' });
    const plus = (l: Text, r: Text): string => `${l}+${r}`;
    const kept = { store: 'joined', value: text };
    const joined = {
      inner: () => left.join(right, plus, kept),
      left: () => left.leftJoin(right, plus, kept),
      outer: () => left.outerJoin(right, plus, kept),
    };
    joined[kind]().toStream().to('out', strings);
  },
});

/** Values look like `group:payload`. */
const groupAndPayload = (_: string, value: string): readonly [string, string] => {
  const [group = '', payload = ''] = value.split(':');
  return [group, payload];
};

export const tableTopologies: readonly GoldenTopology[] = [
  tableTableJoin('inner'),
  tableTableJoin('left'),
  tableTableJoin('outer'),
  {
    name: 'to-table',
    build: (builder) => builder.stream('in', strings).toTable({ store: 't' }).toStream().to('out', strings),
  },
  {
    name: 'table-groupby-count',
    build: (builder) =>
      builder
        .table('in', strings, { store: 'src' })
        .groupBy(groupAndPayload, strings)
        .count({ store: 'counts' })
        .toStream()
        .to('out', { key: text, value: long }),
  },
  {
    name: 'table-groupby-aggregate',
    build: (builder) =>
      builder
        .table('in', strings, { store: 'src' })
        .groupBy(groupAndPayload, strings)
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
