import type { StreamsBuilder } from '../../dsl/streams-builder.ts';
import { type GoldenTopology, input, strings, type Text } from './golden-topology.ts';

const plus = (left: Text, right: Text): string => `${left}+${right}`;

const WINDOW = { beforeMs: 10, afterMs: 10, graceMs: 5 };

const bothSides = (builder: StreamsBuilder) =>
  [builder.stream('left', strings), builder.stream('right', strings)] as const;

export const joinTopologies: readonly GoldenTopology[] = [
  {
    name: 'stream-table-join',
    build(builder) {
      const table = builder.table<Text, Text>('table', strings, { store: 't' });
      input(builder, 'in').join(table, plus).to('out', strings);
    },
  },
  {
    name: 'stream-table-left-join',
    build(builder) {
      const table = builder.table('table', strings, { store: 't' });
      builder.stream('in', strings).leftJoin(table, plus).to('out', strings);
    },
  },
  {
    name: 'stream-globaltable-join',
    build(builder) {
      const table = builder.globalTable<string, string>('global', strings, { store: 'g' });
      const stream = input(builder, 'in');
      const selector = (_: Text, value: Text): Text =>
        value === null || !value.includes(':') ? null : value.slice(0, value.indexOf(':'));
      stream.join(table, selector, plus).to('inner', strings);
      stream.leftJoin(table, selector, plus).to('left', strings);
    },
  },
  {
    name: 'stream-stream-inner-join',
    build(builder) {
      const [left, right] = bothSides(builder);
      left.join(right, plus, WINDOW).to('out', strings);
    },
  },
  {
    name: 'stream-stream-left-join',
    timeMovesOutput: true,
    build(builder) {
      const [left, right] = bothSides(builder);
      left.leftJoin(right, plus, WINDOW).to('out', strings);
    },
  },
  {
    name: 'stream-stream-outer-join',
    timeMovesOutput: true,
    build(builder) {
      const [left, right] = bothSides(builder);
      left.outerJoin(right, plus, WINDOW).to('out', strings);
    },
  },
];
