import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { JoinWindows } from '../dsl/windows.ts';
import type { JoinKind } from '../operators/table-join.ts';
import { play, plus, stream, strings, type Text, text, toOut } from './play.ts';

const streams =
  (kind: JoinKind, windows: JoinWindows) =>
  (builder: StreamsBuilder): void => {
    const left = builder.stream('l', strings);
    const right = builder.stream('r', strings);
    const join = {
      inner: () => left.join(right, plus, windows),
      left: () => left.leftJoin(right, plus, windows),
      outer: () => left.outerJoin(right, plus, windows),
    };
    join[kind]().to('out', toOut);
  };

const TEN = { beforeMs: 10, afterMs: 10, graceMs: 5 };

describe('a join of two streams', () => {
  it('joins records at most the window apart, both bounds included, whichever comes first', () => {
    const records = ['l a=1 @20', 'r a=x @10', 'r a=y @30', 'r a=z @31', 'l a=2 @21'];
    expect(play(streams('inner', TEN), records)).toEqual([
      '',
      'a=1+x @20',
      'a=1+y @30',
      '',
      'a=2+y @30, a=2+z @31',
    ]);
  });

  it('looks as far back and ahead as each says: the other record from before to after', () => {
    const windows = { beforeMs: 2, afterMs: 5 };
    const records = ['l a=1 @10', 'r a=x @7', 'r a=y @8', 'r a=z @15', 'r a=w @16'];
    expect(play(streams('inner', windows), records)).toEqual(['', '', 'a=1+y @10', 'a=1+z @15', '']);
  });

  it('gives the result the greater timestamp', () => {
    expect(play(streams('inner', TEN), ['l a=1 @20', 'r a=x @15'])[1]).toBe('a=1+x @20');
  });

  it('keeps duplicates: each of them joins, in order of time, then arrival', () => {
    const records = ['l a=1 @10', 'l a=2 @10', 'l a=3 @9', 'r a=x @10'];
    expect(play(streams('inner', TEN), records)[3]).toBe('a=3+x @10, a=1+x @10, a=2+x @10');
  });

  it('has no check for late records: one joins whatever is still stored', () => {
    const records = ['l a=1 @100', 'l b=1 @120', 'r a=x @95'];
    expect(play(streams('inner', TEN), records)[2]).toBe('a=1+x @100');
  });

  it('forgets what is older than window and grace, against the latest of its own side', () => {
    const records = ['l a=1 @100', 'l b=1 @125', 'r a=x @100'];
    expect(play(streams('inner', TEN), records)[2]).toBe('');
  });

  it.each(['inner', 'left', 'outer'] as const)('drops null values (%s)', (kind) => {
    expect(play(streams(kind, TEN), ['l a=null @1', 'r a=null @2'])).toEqual(['', '']);
  });

  it('drops null keys if both sides must be there', () => {
    expect(play(streams('inner', TEN), ['l null=1 @1', 'r null=x @1'])).toEqual(['', '']);
  });

  it('sends a null key of an outer side at once, joined with null', () => {
    expect(play(streams('left', TEN), ['l null=1 @1', 'r null=x @1'])).toEqual(['null=1+null @1', '']);
    expect(play(streams('outer', TEN), ['l null=1 @1', 'r null=x @1'])).toEqual([
      'null=1+null @1',
      'null=null+x @1',
    ]);
  });

  it('sends what found no match when its window and grace are over, and no sooner', () => {
    const records = ['l a=1 @10', 'r b=x @25', 'r b=y @26'];
    expect(play(streams('left', TEN), records)).toEqual(['', '', 'a=1+null @10']);
  });

  it('sends nothing for it if it was joined meanwhile', () => {
    expect(play(streams('left', TEN), ['l a=1 @10', 'r a=x @12', 'r b=y @99'])).toEqual([
      '',
      'a=1+x @12',
      '',
    ]);
  });

  it('sends one whose window is over already at once, grace or not; a real join may follow', () => {
    const records = ['r b=x @22', 'l a=1 @11', 'r a=y @21'];
    expect(play(streams('left', TEN), records)).toEqual(['', 'a=1+null @11', 'a=1+y @21']);
  });

  it('sends unmatched ones of both sides in order of time, right before left, then by key', () => {
    const records = ['l b=1 @10', 'l a=2 @10', 'r c=x @10', 'r d=y @9', 'l z=0 @99'];
    expect(play(streams('outer', TEN), records)[4]).toBe(
      'd=null+y @9, c=null+x @10, a=2+null @10, b=1+null @10',
    );
  });

  it('lets every record move the time both sides share, null keys and values included', () => {
    expect(play(streams('left', TEN), ['l a=1 @10', 'r b=null @99', 'r c=x @99'])[2]).toBe('a=1+null @10');
  });

  it('refuses a window that ends before it begins', () => {
    expect(() => play(streams('inner', { beforeMs: -5, afterMs: 4 }), [])).toThrow('ends before it begins');
  });

  it('repartitions a side whose key may have changed, and keeps null keys for an outer one', () => {
    const build = (builder: StreamsBuilder) => {
      const left = stream(builder, 'l').selectKey((_, value): Text => (value === 'none' ? null : value));
      const serdes = { key: text, value: text, otherValue: text };
      left.leftJoin<Text, string>(stream(builder, 'r'), plus, TEN, serdes).to('out', toOut);
    };
    expect(play(build, ['r x=y @1', 'l a=x @2', 'l a=none @3'])).toEqual([
      '',
      'x=x+y @2',
      'null=none+null @3',
    ]);
  });
});

describe('a join of a stream with a table', () => {
  const withTable =
    (left: boolean) =>
    (builder: StreamsBuilder): void => {
      const table = builder.table('t', strings);
      const records = builder.stream('in', strings);
      (left ? records.leftJoin(table, plus) : records.join(table, plus)).to('out', toOut);
    };

  it('sees the table as it is when the record comes, whatever the timestamps say', () => {
    expect(
      play(withTable(false), ['in a=1 @50', 't a=x @99', 'in a=2 @10', 't a=y @1', 'in a=3 @11']),
    ).toEqual(['', '', 'a=2+x @10', '', 'a=3+y @11']);
  });

  it('sends nothing when the table changes', () => {
    expect(play(withTable(true), ['in a=1 @1', 't a=x @2', 't a=null @3'])).toEqual(['a=1+null @1', '', '']);
  });

  it('drops null values, and null keys unless it is a left join', () => {
    expect(play(withTable(false), ['in null=1 @1', 'in a=null @2'])).toEqual(['', '']);
    expect(play(withTable(true), ['in null=1 @1', 'in a=null @2'])).toEqual(['null=1+null @1', '']);
  });
});

describe('a join of a stream with a global table', () => {
  const withGlobal =
    (left: boolean) =>
    (builder: StreamsBuilder): void => {
      const table = builder.globalTable<string, string>('g', strings);
      const selector = (_: Text, value: Text): Text => (value === 'none' ? null : value);
      const records = stream(builder);
      (left
        ? records.leftJoin(table, selector, (value, row) => plus(value, row))
        : records.join(table, selector, (value, row) => plus(value, row))
      ).to('out', toOut);
    };

  it('looks up the selected key and keeps the stream’s own, which may be null', () => {
    expect(play(withGlobal(false), ['g x=1 @9', 'in null=x @1', 'in a=y @2'])).toEqual([
      '',
      'null=x+1 @1',
      '',
    ]);
  });

  it('drops null values; a null selected key is joined with null by a left join only', () => {
    expect(play(withGlobal(false), ['in a=none @1', 'in a=null @2'])).toEqual(['', '']);
    expect(play(withGlobal(true), ['in a=none @1', 'in a=null @2'])).toEqual(['a=none+null @1', '']);
  });
});

describe('co-partitioning', () => {
  it('of topics that are given different numbers of partitions is refused when the topology is built', () => {
    const builder = new StreamsBuilder();
    const left = builder.stream('l', strings).repartition({ ...strings, partitions: 2 });
    const right = builder.stream('r', strings).repartition({ ...strings, partitions: 3 });
    left.join(right, plus, TEN, { name: 'JOIN' });
    expect(() => builder.build()).toThrow('JOIN-merge: joins topics of 2 and 3 partitions');
  });

  it('of streams of different builders is refused', () => {
    const left = new StreamsBuilder().stream('l', strings);
    const right = new StreamsBuilder().stream('r', strings);
    expect(() => left.join(right, plus, TEN)).toThrow('its two sides belong to different builders');
  });
});

describe('a stream whose key may have changed', () => {
  const windows = { beforeMs: 5, afterMs: 5 };
  const serdes = { ...strings, otherValue: text };
  const build = (builder: StreamsBuilder) => {
    const rekeyed = stream(builder).selectKey((_, value) => (value === 'nobody' ? null : value));
    rekeyed.join(stream(builder, 'right'), plus, windows, serdes).to('out', toOut);
    rekeyed.leftJoin(builder.table<Text, Text>('table', strings), plus, strings).to('out', toOut);
    rekeyed.join(rekeyed, plus, windows, serdes).to('out', toOut);
  };

  it('can be joined several times, through one repartition topic', () => {
    const builder = new StreamsBuilder();
    build(builder);
    expect(builder.build().internalTopics).toHaveLength(1);
    expect(play(build, ['right x=1 @1', 'table x=row @2', 'a=x @3', 'a=y @4'])).toEqual([
      '',
      '',
      'x=x+1 @3, x=x+row @3, x=x+x @3',
      'y=y+null @4, y=y+y @4',
    ]);
  });

  it('keeps records without a key if any of its joins has a use for them', () => {
    expect(play(build, ['a=nobody @1'])).toEqual(['null=nobody+null @1']);
  });
});
