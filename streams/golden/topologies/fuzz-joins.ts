import { timeWindowedSerde } from '../../dsl/windowed-serdes.ts';
import type { JoinKind } from '../../operators/table-join.ts';
import { type GoldenTopology, input, strings, type Text, text } from './golden-topology.ts';
import { tableTableJoin } from './tables.ts';

const KINDS: readonly JoinKind[] = ['inner', 'left', 'outer'];

const plus = (left: Text, right: Text): string => `${left}+${right}`;

const streamStreamJoin = (kind: JoinKind): GoldenTopology => ({
  name: `fuzz-stream-stream-${kind}-join`,
  timeMovesOutput: kind !== 'inner',
  build(builder) {
    const left = builder.stream('left', strings);
    const right = builder.stream('right', strings);
    const windows = { beforeMs: 10, afterMs: 7, graceMs: 5 };
    const joined = {
      inner: () => left.join(right, plus, windows),
      left: () => left.leftJoin(right, plus, windows),
      outer: () => left.outerJoin(right, plus, windows),
    };
    joined[kind]().to('out', strings);
  },
});

const firstCharacter = (_: Text, value: Text): Text => (value === null ? null : value.slice(0, 1));

export const fuzzJoinTopologies: readonly GoldenTopology[] = [
  ...KINDS.map(streamStreamJoin),
  ...KINDS.map((kind) => tableTableJoin(kind, `fuzz-table-table-${kind}-join`)),
  {
    name: 'fuzz-stream-table-left-join',
    build(builder) {
      const table = builder.table('table', strings, { store: 't' });
      builder.stream('in', strings).leftJoin(table, plus).to('out', strings);
    },
  },
  {
    name: 'fuzz-to-table-join',
    build(builder) {
      const stream = input(builder, 'in');
      const table = input(builder, 'in2')
        .selectKey(firstCharacter)
        .toTable({ store: 't', ...strings });
      stream.leftJoin<Text, string>(table, plus).to('out', strings);
      table.toStream().to('out2', strings);
    },
  },
  {
    name: 'fuzz-rekeyed-joins',
    timeMovesOutput: true,
    build(builder) {
      const left = input(builder, 'left').selectKey((key, value) =>
        value === 'n' ? null : firstCharacter(key, value),
      );
      const serdes = { key: text, value: text, otherValue: text };
      left
        .leftJoin<Text, string>(input(builder, 'right'), plus, { beforeMs: 10, afterMs: 10 }, serdes)
        .to('out', strings);
    },
  },
  {
    name: 'fuzz-shared-repartition',
    build(builder) {
      const rekeyed = input(builder, 'left').selectKey((key, value) =>
        value === null || value.startsWith('n') ? null : firstCharacter(key, value),
      );
      const serdes = { ...strings, otherValue: text };
      const table = builder.table<Text, Text>('table', strings, { store: 't' });
      rekeyed
        .join<Text, string>(input(builder, 'right'), plus, { beforeMs: 5, afterMs: 5, graceMs: 3 }, serdes)
        .to('out', strings);
      rekeyed.leftJoin<Text, string>(table, plus, strings).to('out2', strings);
      rekeyed.join<Text, string>(rekeyed, plus, { beforeMs: 4, afterMs: 4 }, serdes).to('out3', strings);
    },
  },
  {
    name: 'fuzz-windowed-table-join',
    build(builder) {
      const counts = (topic: string, store: string) =>
        input(builder, topic).groupByKey().windowedBy({ sizeMs: 10, graceMs: 5 }).count({ store });
      counts('left', 'l')
        .outerJoin(counts('right', 'r'), (left, right) => `${left}+${right}`)
        .toStream()
        .to('out', { key: timeWindowedSerde(text, 10), value: text });
    },
  },
];
