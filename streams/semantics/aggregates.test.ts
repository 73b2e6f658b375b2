import { describe, expect, it } from 'vitest';
import type { StreamsBuilder } from '../dsl/streams-builder.ts';
import { play, stream, strings, text, toOut } from './play.ts';

const counted = (builder: StreamsBuilder) => stream(builder).groupByKey().count().toStream().to('out', toOut);

const joined = (builder: StreamsBuilder) =>
  stream(builder)
    .groupByKey()
    .aggregate(
      () => '',
      (_, value, aggregate) => (value === 'DEL' ? null : aggregate + value),
      { value: text },
    )
    .toStream()
    .to('out', toOut);

const reduced = (builder: StreamsBuilder) =>
  stream(builder)
    .groupByKey()
    .reduce((aggregate, value) => (value === 'DEL' ? null : `${aggregate},${value}`))
    .toStream()
    .to('out', toOut);

describe('an aggregation of a stream', () => {
  it('drops records with a null key or a null value', () => {
    expect(play(counted, ['null=x @1', 'a=null @2', 'a=x @3'])).toEqual(['', '', 'a=1 @3']);
  });

  it('gives each result the greatest timestamp of the record and what is stored', () => {
    expect(play(counted, ['a=x @10', 'a=x @5', 'a=x @12'])).toEqual(['a=1 @10', 'a=2 @10', 'a=3 @12']);
  });

  it('sends every update, also one that changes nothing', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .groupByKey()
        .reduce((aggregate) => aggregate)
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'a=y @2'])).toEqual(['a=x @1', 'a=x @2']);
  });

  it('sends a null result as a tombstone and starts anew, from the next record’s timestamp', () => {
    expect(play(joined, ['a=x @10', 'a=DEL @3', 'a=y @2'])).toEqual(['a=x @10', 'a=null @10', 'a=y @2']);
  });

  it('reduces from the first value as it is, without calling the reducer', () => {
    expect(play(reduced, ['a=DEL @1', 'a=x @2', 'a=DEL @3', 'a=DEL @4'])).toEqual([
      'a=DEL @1',
      'a=DEL,x @2',
      'a=null @3',
      'a=DEL @4',
    ]);
  });

  it('groups by a new key; records whose new key is null vanish', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .groupBy((_, value) => (value === 'none' ? null : value), strings)
        .count()
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'b=x @2', 'b=none @3'])).toEqual(['x=1 @1', 'x=2 @2', '']);
  });
});

describe('a time-windowed aggregation', () => {
  const tumbling = (builder: StreamsBuilder) =>
    stream(builder).groupByKey().windowedBy({ sizeMs: 10, graceMs: 5 }).count().toStream().to('out', toOut);
  const hopping = (builder: StreamsBuilder) =>
    stream(builder).groupByKey().windowedBy({ sizeMs: 10, advanceMs: 5 }).count().toStream().to('out', toOut);

  it('begins a window at its start and ends it before its end', () => {
    expect(play(tumbling, ['a=x @0', 'a=x @9', 'a=x @10'])).toEqual([
      'a[0..10=1 @0',
      'a[0..10=2 @9',
      'a[10..20=1 @10',
    ]);
  });

  it('counts null values, which move time too', () => {
    expect(play(tumbling, ['a=x @1', 'a=null @15', 'a=x @2'])).toEqual([
      'a[0..10=1 @1',
      'a[10..20=1 @15',
      '',
    ]);
  });

  it('drops null keys, which do not move time', () => {
    expect(play(tumbling, ['a=x @1', 'null=x @99', 'a=x @2'])).toEqual(['a[0..10=1 @1', '', 'a[0..10=2 @2']);
  });

  it('takes a late record until its window’s end and grace are reached, then no more', () => {
    expect(play(tumbling, ['a=x @14', 'a=x @9', 'a=x @15', 'a=x @9'])).toEqual([
      'a[10..20=1 @14',
      'a[0..10=1 @9',
      'a[10..20=2 @15',
      '',
    ]);
  });

  it('has one time for all keys', () => {
    expect(play(tumbling, ['b=x @15', 'a=x @9'])).toEqual(['b[10..20=1 @15', '']);
  });

  it('has a time of its own, which records filtered out before do not move', () => {
    const build = (builder: StreamsBuilder) => tumblingOf(builder, (value) => value !== 'skip');
    expect(play(build, ['a=x @1', 'a=skip @99', 'a=x @2'])).toEqual(['a[0..10=1 @1', '', 'a[0..10=2 @2']);
  });

  const tumblingOf = (builder: StreamsBuilder, keep: (value: string | null) => boolean): void =>
    stream(builder)
      .filter((_, value) => keep(value))
      .groupByKey()
      .windowedBy({ sizeMs: 10, graceMs: 5 })
      .count()
      .toStream()
      .to('out', toOut);

  it('updates all windows that contain a record, in order of their starts', () => {
    expect(play(hopping, ['a=x @7'])).toEqual(['a[0..10=1 @7, a[5..15=1 @7']);
  });

  it('updates those hopping windows that are still open with a late record', () => {
    expect(play(hopping, ['a=x @7', 'a=x @11', 'a=x @8'])).toEqual([
      'a[0..10=1 @7, a[5..15=1 @7',
      'a[5..15=2 @11, a[10..20=1 @11',
      'a[5..15=3 @11',
    ]);
  });

  it('has no window before time 0', () => {
    expect(play(hopping, ['a=x @2'])).toEqual(['a[0..10=1 @2']);
  });

  it.each([
    [{ sizeMs: 0 }, 'longer than 0'],
    [{ sizeMs: 10, advanceMs: 11 }, 'at most 10'],
    [{ sizeMs: 10, advanceMs: 0 }, 'more than 0'],
    [{ sizeMs: 10, graceMs: -1 }, 'cannot be negative'],
  ])('refuses windows %j', (windows, problem) => {
    const build = (builder: StreamsBuilder) => stream(builder).groupByKey().windowedBy(windows).count();
    expect(() => play(build, [])).toThrow(problem);
  });

  it('refuses a retention shorter than its windows can change', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .groupByKey()
        .windowedBy({ sizeMs: 10, graceMs: 5 })
        .count({ name: 'COUNT', retentionMs: 14 });
    expect(() => play(build, [])).toThrow('COUNT: keeps windows for 14 ms, but they can change for 15');
  });
});

describe('emitting on window close', () => {
  const closing = (builder: StreamsBuilder) =>
    stream(builder)
      .groupByKey()
      .windowedBy({ sizeMs: 10, graceMs: 5 })
      .emitStrategy('on-window-close')
      .count()
      .toStream()
      .to('out', toOut);

  it('sends each window once, in order of start, then key, when its grace is over', () => {
    expect(play(closing, ['b=x @1', 'a=x @2', 'a=x @11', 'a=x @3', 'c=x @14', 'c=x @25'])).toEqual([
      '',
      '',
      '',
      '',
      '',
      'a[0..10=2 @3, b[0..10=1 @1, a[10..20=1 @11, c[10..20=1 @14',
    ]);
  });

  it('loses no window however far time leaps', () => {
    expect(play(closing, ['a=x @1', 'a=x @1000000'])).toEqual(['', 'a[0..10=1 @1']);
  });

  it('sends a session once, when gap and grace are over', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 3 })
        .emitStrategy('on-window-close')
        .count()
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'a=x @4', 'b=x @12', 'b=x @13'])).toEqual(['', '', '', 'a[1..4=2 @4']);
  });
});

describe('a session aggregation', () => {
  const sessions =
    (graceMs: number) =>
    (builder: StreamsBuilder): void =>
      stream(builder)
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs })
        .aggregate(
          () => '',
          (_, value, aggregate) => `${aggregate}${value}`,
          (_, one, other) => `${one}(${other})`,
          { value: text },
        )
        .toStream()
        .to('out', toOut);

  it('replaces a session that grows: its tombstone first, with its own end as timestamp', () => {
    expect(play(sessions(10), ['a=1 @10', 'a=2 @12'])).toEqual([
      'a[10..10=1 @10',
      'a[10..10=null @10, a[10..12=(1)2 @12',
    ]);
  });

  it('sends a tombstone even where the bounds stay the same', () => {
    expect(play(sessions(10), ['a=1 @10', 'a=2 @14', 'a=3 @12'])[2]).toBe(
      'a[10..14=null @14, a[10..14=((1)2)3 @14',
    );
  });

  it('sends none for a record at exactly a lone session’s point', () => {
    expect(play(sessions(10), ['a=1 @10', 'a=2 @10'])[1]).toBe('a[10..10=(1)2 @10');
  });

  it('merges all sessions within the gap, in order of their ends', () => {
    expect(play(sessions(10), ['a=1 @10', 'a=2 @20', 'a=3 @15'])[2]).toBe(
      'a[10..10=null @10, a[20..20=null @20, a[10..20=(1)(2)3 @20',
    );
  });

  it('keeps records farther apart than the gap in sessions of their own', () => {
    expect(play(sessions(10), ['a=1 @10', 'a=2 @16'])[1]).toBe('a[16..16=2 @16');
  });

  it('drops a record whose session ended more than gap and grace before now', () => {
    expect(play(sessions(10), ['b=1 @31', 'a=2 @15', 'a=3 @16'])).toEqual([
      'b[31..31=1 @31',
      '',
      'a[16..16=3 @16',
    ]);
  });

  it('cannot merge a session that retention has left behind, even with a record that is not late', () => {
    expect(play(sessions(0), ['a=1 @10', 'b=2 @15', 'a=3 @13'])[2]).toBe('a[13..13=3 @13');
  });

  it('leaves sessions behind when time moves by one that has no result, too', () => {
    const aggregate = (builder: StreamsBuilder) =>
      stream(builder)
        .groupByKey()
        .windowedBy({ gapMs: 5 })
        .aggregate(
          () => '',
          (_, value, before) => (value === null ? null : `${before}${value}`),
          (_, one, other) => `${one}(${other})`,
          { value: text },
        )
        .toStream()
        .to('out', toOut);
    expect(play(aggregate, ['a=1 @10', 'b=null @15', 'a=3 @13'])[2]).toBe('a[13..13=3 @13');
  });

  it('counts null values and drops null keys, which do not move time', () => {
    expect(play(sessions(0), ['a=null @10', 'null=x @99', 'a=2 @11'])).toEqual([
      'a[10..10=null @10',
      '',
      'a[10..10=null @10, a[10..11=(null)2 @11',
    ]);
  });
});
