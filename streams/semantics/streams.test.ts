import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import { TopologyTestDriver } from '../testing/topology-test-driver.ts';
import { play, stream, strings, text, toOut } from './play.ts';

describe('a stateless operator', () => {
  it.each([
    ['filter keeps null keys and values if the predicate does', ['null=null @3'], ['null=null @3']],
    ['filter drops what the predicate refuses', ['a=no @1', 'a=yes @2'], ['', 'a=yes @2']],
  ])('%s', (_, records, expected) => {
    const outputs = play(
      (builder) =>
        stream(builder)
          .filter((_k, v) => v !== 'no')
          .to('out', toOut),
      records,
    );
    expect(outputs).toEqual(expected);
  });

  it('mapValues is called with null values, and its undefined is written as null', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .mapValues((value) => (value === null ? 'was null' : undefined))
        .to('out', toOut);
    expect(play(build, ['a=null @1', 'a=x @2'])).toEqual(['a=was null @1', 'a=null @2']);
  });

  it('flatMap sends its records in the order returned, each with the time of the one they came from', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .flatMap((key, value) => [
          [`${key}2`, value],
          [`${key}1`, value],
        ])
        .to('out', toOut);
    expect(play(build, ['a=x @7'])).toEqual(['a2=x @7, a1=x @7']);
  });

  it('flatMapValues of nothing sends nothing', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .flatMapValues(() => [])
        .to('out', toOut);
    expect(play(build, ['a=x @7'])).toEqual(['']);
  });

  it('children are run depth first, in the order of their declaration', () => {
    const build = (builder: StreamsBuilder) => {
      const words = stream(builder).flatMapValues((value) => (value ?? '').split(' '));
      words.mapValues((word) => `${word}-1`).to('out', toOut);
      words.mapValues((word) => `${word}-2`).to('out', toOut);
    };
    expect(play(build, ['a=x y @1'])).toEqual(['a=x-1 @1, a=x-2 @1, a=y-1 @1, a=y-2 @1']);
  });

  it('merge passes both streams on as they come', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder, 'a').merge(stream(builder, 'b')).to('out', toOut);
    expect(play(build, ['b k=1 @9', 'a k=2 @3'])).toEqual(['k=1 @9', 'k=2 @3']);
  });
});

describe('headers', () => {
  const headers = [
    ['h', Buffer.from('1')],
    ['h', Buffer.from('2')],
  ] as const;

  it.each([
    ['map', (builder: StreamsBuilder) => stream(builder).map((k, v) => [v, k])],
    ['flatMapValues', (builder: StreamsBuilder) => stream(builder).flatMapValues((v) => [v])],
    ['a repartition topic', (builder: StreamsBuilder) => stream(builder).repartition()],
    ['a count', (builder: StreamsBuilder) => stream(builder).groupByKey().count().toStream()],
  ])('stay with the record through %s, duplicates in order', (_, build) => {
    const builder = new StreamsBuilder();
    build(builder).to('out', toOut);
    const driver = new TopologyTestDriver(builder.build());
    driver.input('in', text, text).send('a', 'b', { timestamp: 1, headers });
    expect(driver.output('out', toOut.key, toOut.value).readAll()[0]?.headers).toEqual(headers);
  });

  it('are not on the results of sessions', () => {
    const builder = new StreamsBuilder();
    stream(builder).groupByKey().windowedBy({ gapMs: 5 }).count().toStream().to('out', toOut);
    const driver = new TopologyTestDriver(builder.build());
    driver.input('in', text, text).send('a', 'b', { timestamp: 1, headers });
    expect(driver.output('out', toOut.key, toOut.value).readAll()[0]?.headers).toEqual([]);
  });
});

describe('split', () => {
  const numbers = (withDefault: boolean) => (builder: StreamsBuilder) => {
    const branches = stream(builder).split();
    branches
      .branch((_, value) => Number(value) > 10)
      .mapValues((value) => `big ${value}`)
      .to('out', toOut);
    branches
      .branch((_, value) => Number(value) > 5)
      .mapValues((value) => `medium ${value}`)
      .to('out', toOut);
    if (withDefault) branches.defaultBranch().to('out', toOut);
  };

  it('sends a record to the first branch that takes it only', () => {
    expect(play(numbers(true), ['a=20 @1', 'a=7 @2', 'a=1 @3'])).toEqual([
      'a=big 20 @1',
      'a=medium 7 @2',
      'a=1 @3',
    ]);
  });

  it('drops what no branch takes if there is no default branch', () => {
    expect(play(numbers(false), ['a=1 @3'])).toEqual(['']);
  });

  it('refuses a branch behind the default one', () => {
    const branches = stream(new StreamsBuilder()).split({ name: 'SPLIT' });
    branches.defaultBranch();
    expect(() => branches.branch(() => true)).toThrow('SPLIT: a branch after the default branch');
  });
});

describe('repartition', () => {
  it('drops records whose key is null', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .selectKey((_, value) => (value === 'none' ? null : value))
        .repartition(strings)
        .to('out', toOut);
    expect(play(build, ['a=none @1', 'a=x @2'])).toEqual(['', 'x=x @2']);
  });

  it('happens by itself before a grouping after the key may have changed, and only then', () => {
    const topics = (rekey: boolean): readonly string[] => {
      const builder = new StreamsBuilder();
      const source = builder.stream('in', strings);
      const keyed = rekey ? source.selectKey((_, value) => value) : source.filter(() => true);
      keyed.groupByKey(strings).count({ store: 'n' });
      return builder.build().internalTopics.map(({ name }) => name);
    };
    expect(topics(true)).toEqual(['n-repartition']);
    expect(topics(false)).toEqual([]);
  });

  it('processes what it read back only after all of the record that was sent through', () => {
    const build = (builder: StreamsBuilder) => {
      const input = stream(builder);
      input
        .repartition()
        .mapValues((value) => `${value} later`)
        .to('out', toOut);
      input.to('out', toOut);
    };
    expect(play(build, ['a=x @1'])).toEqual(['a=x @1, a=x later @1']);
  });

  it('needs to know how to write, and says so', () => {
    const rekeyed = stream(new StreamsBuilder()).map((key, value) => [value, key]);
    expect(() => rekeyed.groupByKey().count({ store: 'n' })).toThrow(
      'n: needs to write keys and knows no serde',
    );
  });
});

class Reporter implements Processor<string | null, string | null, unknown, unknown> {
  private readonly schedules: (context: ProcessorContext<unknown, unknown>) => void;
  private context!: ProcessorContext<unknown, unknown>;

  constructor(schedules: (context: ProcessorContext<unknown, unknown>) => void) {
    this.schedules = schedules;
  }

  init(context: ProcessorContext<unknown, unknown>): void {
    this.context = context;
    this.schedules(context);
  }

  process(record: StreamRecord<string | null, string | null>): void {
    this.context.forward({ ...record, value: `${record.value} at ${this.context.streamTime}` });
  }
}

describe('a punctuator', () => {
  const every =
    (interval: number, type: 'stream-time' | 'wall-clock-time') =>
    (builder: StreamsBuilder): void =>
      stream(builder)
        .process(
          () =>
            new Reporter((context) => {
              context.schedule(interval, type, (time) =>
                context.forward({ key: 'p', value: 'due', timestamp: time, headers: [] }),
              );
            }),
        )
        .to('out', toOut);

  it('on stream time is due at 0 first, so right after the first record', () => {
    expect(play(every(100, 'stream-time'), ['a=x @5'])).toEqual(['a=x at 5 @5, p=due @5']);
  });

  it('on stream time fires once however far time jumps, and stays aligned to its start', () => {
    expect(play(every(10, 'stream-time'), ['a=x @0', 'a=x @95', 'a=x @99', 'a=x @100'])).toEqual([
      'a=x at 0 @0, p=due @0',
      'a=x at 95 @95, p=due @95',
      'a=x at 99 @99',
      'a=x at 100 @100, p=due @100',
    ]);
  });

  it('on stream time is not called by a late record', () => {
    expect(play(every(10, 'stream-time'), ['a=x @50', 'a=x @7'])[1]).toBe('a=x at 50 @7');
  });

  it('on wall-clock time is due after one interval first', () => {
    expect(play(every(10, 'wall-clock-time'), ['a=x @500', '+9', '+1'])).toEqual([
      'a=x at 500 @500',
      '',
      'p=due @10',
    ]);
  });

  it('on wall-clock time fires once however far the clock jumps, and stays aligned to its start', () => {
    expect(play(every(10, 'wall-clock-time'), ['+35', '+4', '+1'])).toEqual(['p=due @35', '', 'p=due @40']);
  });

  it('takes turns with others that are due at the same time as in Kafka Streams, whose queue is a heap', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .process(
          () =>
            new Reporter((context) => {
              for (const interval of [2, 3, 4, 6]) {
                context.schedule(interval, 'stream-time', (time) =>
                  context.forward({ key: 'p', value: String(interval), timestamp: time, headers: [] }),
                );
              }
            }),
        )
        .to('out', toOut);
    const fired = play(
      build,
      [0, 2, 4, 6, 12, 13, 24].map((time) => `a=x @${time}`),
    );
    expect(
      fired.map((each) => [...each.matchAll(/p=(\d)/g)].map(([, interval]) => interval).join(' ')),
    ).toEqual(['2 6 3 4', '2', '3 2 4', '2 3 6', '4 2 3 6', '', '2 3 4 6']);
  });

  it('is not called any more once it was cancelled', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .process(
          () =>
            new Reporter((context) => {
              const schedule = context.schedule(10, 'wall-clock-time', (time) => {
                context.forward({ key: 'p', value: 'once', timestamp: time, headers: [] });
                schedule.cancel();
              });
            }),
        )
        .to('out', toOut);
    expect(play(build, ['+10', '+10'])).toEqual(['p=once @10', '']);
  });
});

describe('a processor', () => {
  it('forwards to the one child it names', () => {
    const build = (builder: StreamsBuilder) => {
      const routed = stream(builder).process<string | null, string | null>(() => {
        let context: ProcessorContext<string | null, string | null>;
        return {
          init: (given) => {
            context = given;
          },
          process: (record) => context.forward(record, record.value === 'l' ? 'LEFT' : 'RIGHT'),
        };
      });
      routed.mapValues(() => 'left', { name: 'LEFT' }).to('out', toOut);
      routed.mapValues(() => 'right', { name: 'RIGHT' }).to('out', toOut);
    };
    expect(play(build, ['a=l @1', 'a=r @2'])).toEqual(['a=left @1', 'a=right @2']);
  });

  it('cannot use a store it was not connected to', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder).process(() => ({ init: (context) => context.store('s'), process: () => {} }), {
        name: 'P',
      });
    expect(() => play(build, [])).toThrow('P is not connected to a state store named "s"');
  });
});
