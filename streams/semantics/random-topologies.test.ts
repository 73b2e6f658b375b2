import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KStream } from '../dsl/kstream.ts';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { JoinKind } from '../operators/table-join.ts';
import { SuspendingDriver } from '../testing/suspending-driver.ts';
import { afterSteps, type End, endModel, newKey, type Sent, type Step } from './model.ts';
import { play, plus, strings, type Text, text, toOut } from './play.ts';

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((value): Step => ({ op: 'drop', value })),
    fc.constantFrom('x', 'y').map((suffix): Step => ({ op: 'append', suffix })),
    fc.constantFrom<Step>({ op: 'twice' }, { op: 'rekey' }, { op: 'repartition' }),
  ),
  { maxLength: 5 },
);

const end: fc.Arbitrary<End> = fc.oneof(
  fc.constantFrom<End>({ op: 'none' }, { op: 'count' }, { op: 'concat' }),
  fc
    .record({
      sizeMs: fc.integer({ min: 1, max: 12 }),
      graceMs: fc.integer({ min: 0, max: 8 }),
      part: fc.nat(3),
    })
    .map(({ sizeMs, graceMs, part }): End => {
      return { op: 'windows', sizeMs, graceMs, advanceMs: Math.max(1, sizeMs - part) };
    }),
  fc
    .record({ gapMs: fc.integer({ min: 1, max: 6 }), graceMs: fc.integer({ min: 0, max: 8 }) })
    .map((windows): End => ({ op: 'sessions', ...windows })),
);

const record: fc.Arbitrary<Sent> = fc.record({
  key: fc.constantFrom('k', 'l', 'm', null),
  value: fc.constantFrom('a', 'b', 'c', 'd', null),
  timestamp: fc.nat(60),
});

const records = fc.array(record, { maxLength: 40 });

function addStep(input: KStream<Text, Text>, step: Step): KStream<Text, Text> {
  switch (step.op) {
    case 'drop':
      return input.filter((_, value) => value !== step.value);
    case 'append':
      return input.mapValues((value): Text => `${value}${step.suffix}`);
    case 'twice':
      return input.flatMapValues((value): Text[] => [value, `${value}!`]);
    case 'rekey':
      return input.selectKey((_, value) => newKey(value));
    case 'repartition':
      return input.repartition(strings);
  }
}

const addSteps = (stream: KStream<Text, Text>, given: readonly Step[]): KStream<Text, Text> =>
  given.reduce(addStep, stream);

function addEnd(stream: KStream<Text, Text>, given: End): void {
  if (given.op === 'none') {
    stream.to('out', toOut);
    return;
  }
  const grouped = stream.groupByKey(strings);
  if (given.op === 'count') grouped.count().toStream().to('out', toOut);
  else if (given.op === 'windows') grouped.windowedBy(given).count().toStream().to('out', toOut);
  else if (given.op === 'sessions') grouped.windowedBy(given).count().toStream().to('out', toOut);
  else {
    grouped
      .reduce((row, value) => `${row},${value}`)
      .toStream()
      .to('out', toOut);
  }
}

const written = ({ key, value, timestamp }: Sent): string => `in ${key}=${value} @${timestamp}`;

describe('any topology of stateless steps with an aggregation at its end', () => {
  it('gives for each record what a simple model gives', () => {
    fc.assert(
      fc.property(steps, end, records, (chain, last, sent) => {
        const model = endModel(last);
        const expected = sent.map((each) => afterSteps(chain, each).flatMap(model).join(', '));
        const build = (builder: StreamsBuilder): void =>
          addEnd(addSteps(builder.stream<Text, Text>('in', strings), chain), last);
        expect(play(build, sent.map(written))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

const joins: fc.Arbitrary<(builder: StreamsBuilder) => void> = fc
  .record({
    kind: fc.constantFrom<JoinKind>('inner', 'left', 'outer'),
    windows: fc.record({ beforeMs: fc.nat(9), afterMs: fc.nat(9), graceMs: fc.nat(9) }),
    ofTables: fc.boolean(),
  })
  .map(({ kind, windows, ofTables }) => (builder: StreamsBuilder): void => {
    if (ofTables) {
      const [left, right] = [builder.table('in', strings), builder.table('in2', strings)];
      const join = {
        inner: () => left.join(right, plus),
        left: () => left.leftJoin(right, plus),
        outer: () => left.outerJoin(right, plus),
      };
      join[kind]()
        .groupBy((_, value) => [value.slice(-1), value], strings)
        .count()
        .toStream()
        .to('out', toOut);
    } else {
      const [left, right] = [builder.stream('in', strings), builder.stream('in2', strings)];
      const join = {
        inner: () => left.join(right, plus, windows),
        left: () => left.leftJoin(right, plus, windows),
        outer: () => left.outerJoin(right, plus, windows),
      };
      join[kind]().to('out', toOut);
    }
  });

describe('any join', () => {
  it('gives the same, in the same order, whatever is cached, read ahead, committed together or restarted', async () => {
    const settings = fc.record({
      maxEntriesPerStore: fc.nat(4),
      commitEvery: fc.integer({ min: 1, max: 9 }),
      prefetch: fc.boolean(),
      restartEvery: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    });
    const sides = fc.array(fc.record({ record, topic: fc.constantFrom('in', 'in2') }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(joins, sides, settings, async (build, sent, options) => {
        const lines = sent.map(
          ({ record: { key, value, timestamp }, topic }) => `${topic} ${key}=${value} @${timestamp}`,
        );
        const expected = play(build, lines).filter((line) => line !== '');

        const builder = new StreamsBuilder();
        build(builder);
        const driver = await SuspendingDriver.start(builder.build(), options);
        const actual: string[] = [];
        for (const {
          record: { key, value, timestamp },
          topic,
        } of sent) {
          const from = driver.written.length;
          const bytes = (part: Text) => (part === null ? null : text.serialize(part));
          await driver.send({ topic, key: bytes(key), value: bytes(value), timestamp, headers: [] });
          const out = driver.written.slice(from).filter((each) => each.topic === 'out');
          if (out.length === 0) continue;
          const shown = (part: Buffer | null) =>
            part === null ? 'null' : String(JSON.parse(part.toString()));
          actual.push(
            out.map((each) => `${shown(each.key)}=${shown(each.value)} @${each.timestamp}`).join(', '),
          );
        }
        expect(actual).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
