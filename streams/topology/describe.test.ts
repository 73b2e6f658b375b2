import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { serdes } from '../serdes/primitives.ts';
import { Topology } from './topology.ts';

const text = serdes.string();
const strings = { key: text, value: text };
const plus = (left: string | null, right: string | null): string => `${left}+${right}`;

/** Most operators at once, none of them named. */
function wideTopology() {
  const builder = new StreamsBuilder();
  const stream = builder.stream('in', strings);
  const table = builder.table('t', strings);
  const global = builder.globalTable('g', strings);
  const mapped = stream.filter((_, value) => value !== null).map((key, value) => [value, key]);
  mapped.groupByKey(strings).count();
  mapped.join(table, plus, strings).to('out', strings);
  stream.join(global, (_, value) => value, plus).to('out', strings);
  stream
    .leftJoin(
      stream.mapValues((value) => `${value}2`),
      plus,
      { beforeMs: 10, afterMs: 10 },
      { otherValue: text },
    )
    .to('out', strings);
  const branches = stream.split();
  branches.branch(() => true);
  branches.defaultBranch();
  table
    .filter(() => true)
    .outerJoin(
      table.mapValues((value) => value),
      plus,
    )
    .toStream()
    .repartition({ name: 'rp', ...strings })
    .to('out', strings);
  stream
    .groupBy((_, value) => value, strings)
    .windowedBy({ sizeMs: 10 })
    .count()
    .suppress({ until: 'window-closes' });
  table.groupBy((key, value) => [value, key], strings).count();
  return builder.build();
}

/** Kafka lists what a set holds in no particular order. */
const inAnyOrder = (description: string): string =>
  description.replace(/(--> |<-- |stores: \[)([^\]\n]*)/g, (_, before: string, names: string) => {
    return before + names.split(', ').sort().join(', ');
  });

describe('a topology', () => {
  it('is described as Kafka Streams describes the same one, names and all', () => {
    const kafka = readFileSync(new URL('wide-topology.txt', import.meta.url), 'utf8');
    expect(inAnyOrder(wideTopology().describe())).toBe(inAnyOrder(kafka));
  });

  it('is drawn as a Mermaid flowchart: topics, sub-topologies, stores and who uses them', () => {
    const builder = new StreamsBuilder();
    builder
      .stream('in', { ...strings, name: 'READ' })
      .groupByKey()
      .count({ store: 'counts', name: 'COUNT' })
      .toStream({ name: 'CHANGES' })
      .to('out', { ...strings, value: serdes.long(), name: 'WRITE' });
    expect(builder.build().mermaid()).toBe(
      [
        'flowchart TD',
        '  subgraph s0 ["Sub-topology 0"]',
        '    n0["READ"]',
        '    n2["COUNT"]',
        '    n3["CHANGES"]',
        '    n4["WRITE"]',
        '    s6[("counts")]',
        '  end',
        '  t1(["in"])',
        '  t5(["out"])',
        '  t1 --> n0',
        '  n0 --> n2',
        '  n2 --> n3',
        '  n3 --> n4',
        '  n4 --> t5',
        '  n2 -.- s6',
        '',
      ].join('\n'),
    );
  });

  it('is drawn with whatever names its nodes have', () => {
    const topology = new Topology().addSource({ name: 'READ "IN"', topics: ['in'], ...strings });
    expect(topology.mermaid()).toContain('["READ #quot;IN#quot;"]');
  });
});
