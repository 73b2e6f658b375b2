import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { Suppressed } from '../dsl/suppressed.ts';
import type { JoinKind } from '../operators/table-join.ts';
import { play, plus, stream, strings, text, toOut } from './play.ts';

describe('a table', () => {
  const plain = (builder: StreamsBuilder) => builder.table('in', strings).toStream().to('out', toOut);
  const stored = (builder: StreamsBuilder) =>
    builder.table('in', strings, { store: 's' }).toStream().to('out', toOut);

  it.each([
    ['without a store', plain],
    ['with a store', stored],
  ])('%s passes every update on, tombstones for rows that never were included', (_, build) => {
    expect(play(build, ['a=null @1', 'a=x @2', 'a=x @3'])).toEqual(['a=null @1', 'a=x @2', 'a=x @3']);
  });

  it('takes the last record in order of processing, whatever its timestamp', () => {
    const build = (builder: StreamsBuilder) => {
      const table = builder.table('t', strings);
      builder.stream('in', strings).join(table, plus).to('out', toOut);
    };
    expect(play(build, ['t a=new @9', 't a=old @1', 'in a=? @5'])[2]).toBe('a=?+old @5');
  });

  it('drops records without a key', () => {
    expect(play(plain, ['null=x @1'])).toEqual(['']);
  });

  it('can be made of a stream: the last value of each key', () => {
    const build = (builder: StreamsBuilder) => {
      const table = builder.stream('t', strings).toTable();
      builder.stream('in', strings).leftJoin(table, plus).to('out', toOut);
    };
    expect(play(build, ['t a=x @1', 't a=null @2', 'in a=? @5'])[2]).toBe('a=?+null @5');
  });

  it('repartitions when it is made of a stream whose key may have changed', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .stream('in', strings)
        .selectKey((_, value) => value)
        .toTable(strings)
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1'])).toEqual(['x=x @1']);
  });
});

describe('filtering a table', () => {
  const filtered =
    (store: string | undefined) =>
    (builder: StreamsBuilder): void =>
      builder
        .table('in', strings, { store })
        .filter((_, value) => value !== 'no')
        .toStream()
        .to('out', toOut);

  it('sends a tombstone only if the old row passed', () => {
    expect(play(filtered('s'), ['a=no @1', 'a=yes @2', 'a=no @3', 'a=no @4'])).toEqual([
      '',
      'a=yes @2',
      'a=null @3',
      '',
    ]);
  });

  it('sends one in any case if the table has no store to know the old row from', () => {
    expect(play(filtered(undefined), ['a=no @1'])).toEqual(['a=null @1']);
  });

  it('does not ask the predicate about tombstones', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .table('in', strings, { store: 's' })
        .filterNot((_, value) => value.length > 3)
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'a=null @2'])).toEqual(['a=x @1', 'a=null @2']);
  });
});

describe('mapping a table', () => {
  it('passes tombstones on without calling the mapper', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .table('in', strings)
        .mapValues((value) => value.length)
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=xyz @1', 'a=null @2'])).toEqual(['a=3 @1', 'a=null @2']);
  });
});

describe('grouping a table', () => {
  const grouped = (builder: StreamsBuilder) =>
    builder
      .table('in', strings)
      .groupBy((key, value) => [value.charAt(0), `${key}${value.slice(1)}`], strings)
      .aggregate(
        () => '',
        (_, value, aggregate) => `${aggregate}+${value}`,
        (_, value, aggregate) => `${aggregate}-${value}`,
        { value: text },
      )
      .toStream()
      .to('out', toOut);
  const counted = (builder: StreamsBuilder) =>
    builder
      .table<string, string>('in', strings)
      .groupBy<string | null, string>((key, value) => [value === 'none' ? null : value, key], strings)
      .count()
      .toStream()
      .to('out', toOut);

  it('subtracts the old row, then adds the new one, in one result if the group is the same', () => {
    expect(play(grouped, ['a=x1 @1', 'a=x2 @2'])).toEqual(['x=+a1 @1', 'x=+a1-a1+a2 @2']);
  });

  it('sends the old group’s result first if it is another', () => {
    expect(play(grouped, ['a=x1 @1', 'a=y2 @2'])[1]).toBe('x=+a1-a1 @2, y=+a2 @2');
  });

  it('gives results the greatest timestamp of the change and the stored one', () => {
    expect(play(grouped, ['a=x1 @9', 'a=x2 @2', 'b=x3 @3'])).toEqual([
      'x=+a1 @9',
      'x=+a1-a1+a2 @9',
      'x=+a1-a1+a2+b3 @9',
    ]);
  });

  it('counts down to 0, which is no tombstone', () => {
    expect(play(counted, ['a=x @1', 'a=null @2'])).toEqual(['x=1 @1', 'x=0 @2']);
  });

  it('ignores a tombstone for a row that never was', () => {
    expect(play(counted, ['a=null @2'])).toEqual(['']);
  });

  it('has no group for a row whose new key is null, but takes it out of its old one', () => {
    expect(play(counted, ['a=none @1', 'a=x @2', 'a=none @3'])).toEqual(['', 'x=1 @2', 'x=0 @3']);
  });

  it('reduces from the first row as it is, and a null result is a tombstone', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .table('in', strings)
        .groupBy((key, value) => [value, key], strings)
        .reduce(
          (aggregate, key) => `${aggregate}${key}`,
          (aggregate, key) => (aggregate === key ? null : aggregate.replace(key, '')),
        )
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'b=x @2', 'a=null @3', 'b=null @4'])).toEqual([
      'x=a @1',
      'x=ab @2',
      'x=b @3',
      'x=null @4',
    ]);
  });
});

describe('a join of two tables', () => {
  const tables =
    (kind: JoinKind) =>
    (builder: StreamsBuilder): void => {
      const left = builder.table('l', strings);
      const right = builder.table('r', strings);
      const join = {
        inner: () => left.join(right, plus),
        left: () => left.leftJoin(right, plus),
        outer: () => left.outerJoin(right, plus),
      };
      join[kind]().toStream().to('out', toOut);
    };
  const RECORDS = ['l a=1 @10', 'r a=x @5', 'r a=null @12', 'l a=null @13', 'r a=y @1', 'r a=null @2'];

  it.each([
    ['inner', ['', 'a=1+x @10', 'a=null @12', '', '', '']],
    ['left', ['a=1+null @10', 'a=1+x @10', 'a=1+null @12', 'a=null @13', '', '']],
    ['outer', ['a=1+null @10', 'a=1+x @10', 'a=1+null @12', 'a=null @13', 'a=null+y @1', 'a=null @2']],
  ] as const)(
    '%s: each change joined with the other row as it is, at the greater timestamp',
    (kind, expected) => {
      expect(play(tables(kind), RECORDS)).toEqual(expected);
    },
  );

  it('inner: a tombstone passes wherever the other side has a row, even if there was no result', () => {
    expect(play(tables('inner'), ['r a=x @5', 'l a=null @1'])).toEqual(['', 'a=null @5']);
  });

  it('left: a right tombstone repeats the left row with null', () => {
    expect(play(tables('left'), ['l a=1 @10', 'r a=null @12'])).toEqual(['a=1+null @10', 'a=1+null @12']);
  });

  it('outer: a tombstone for a row that never was is not sent where the other side has none', () => {
    expect(play(tables('outer'), ['l a=null @1', 'r a=null @1'])).toEqual(['', '']);
  });

  it('drops records without a key', () => {
    expect(play(tables('outer'), ['l null=1 @1'])).toEqual(['']);
  });
});

describe('suppress', () => {
  const windows =
    (suppressed: Suppressed) =>
    (builder: StreamsBuilder): void =>
      stream(builder)
        .groupByKey()
        .windowedBy({ sizeMs: 10, graceMs: 5 })
        .count()
        .suppress(suppressed)
        .toStream()
        .to('out', toOut);
  const rows =
    (suppressed: Suppressed) =>
    (builder: StreamsBuilder): void =>
      builder.table('in', strings).suppress(suppressed).toStream().to('out', toOut);

  it('until a window closes sends its last result once, in order of start, then key', () => {
    const records = ['b=x @1', 'a=x @2', 'a=x @3', 'c=x @14', 'c=x @15'];
    expect(play(windows({ until: 'window-closes' }), records)).toEqual([
      '',
      '',
      '',
      '',
      'a[0..10=2 @3, b[0..10=1 @1',
    ]);
  });

  it('looks at the time of the updates that reach it: a dropped record closes nothing', () => {
    expect(play(windows({ until: 'window-closes' }), ['a=x @1', 'null=x @99', 'a=x @2'])).toEqual([
      '',
      '',
      '',
    ]);
  });

  it('until a session closes waits for gap and grace after its end', () => {
    const build = (builder: StreamsBuilder) =>
      stream(builder)
        .groupByKey()
        .windowedBy({ gapMs: 5, graceMs: 3 })
        .count()
        .suppress({ until: 'window-closes' })
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'a=x @3', 'b=x @10', 'b=x @11'])).toEqual(['', '', '', 'a[1..3=2 @3']);
  });

  it('until a time limit sends the last change of a row that long after its first one held back', () => {
    const records = ['a=1 @10', 'a=2 @15', 'b=3 @19', 'b=4 @20', 'a=5 @21'];
    expect(play(rows({ until: 'time-limit', ms: 10 }), records)).toEqual(['', '', '', 'a=2 @15', '']);
  });

  it('sends tombstones that were held until a time limit', () => {
    expect(play(rows({ until: 'time-limit', ms: 5 }), ['a=1 @1', 'a=null @2', 'b=x @6'])[2]).toBe(
      'a=null @2',
    );
  });

  it('sends the earliest before their time when its buffer is full', () => {
    const suppressed = {
      until: 'time-limit',
      ms: 100,
      buffer: { maxRecords: 2, whenFull: 'emit-early' },
    } as const;
    expect(play(rows(suppressed), ['a=1 @3', 'b=2 @1', 'a=3 @4', 'c=4 @5'])).toEqual(['', '', '', 'b=2 @1']);
  });

  it('is seen from behind as it was, also while it sends a row', () => {
    const build = (builder: StreamsBuilder) => {
      const held = builder.table('in', strings).suppress({ until: 'time-limit', ms: 5 });
      held
        .mapValues((value) => `${value}!`)
        .leftJoin(held, plus)
        .toStream()
        .to('out', toOut);
    };
    expect(play(build, ['a=1 @0', 'b=1 @10', 'a=2 @11', 'b=2 @20'])).toEqual([
      '',
      'a=1!+null @0',
      '',
      'b=2!+null @20, a=2!+1 @11, a=1!+2 @11',
    ]);
  });

  it('stops with an error when its buffer is full, if told so', () => {
    const suppressed = { until: 'window-closes', buffer: { maxBytes: 60, whenFull: 'shut-down' } } as const;
    expect(() => play(windows(suppressed), ['a=1 @1', 'b=1 @1', 'c=1 @1'])).toThrow('its buffer is full');
  });

  it('of a table without windows cannot wait for them to close', () => {
    expect(() => play(rows({ until: 'window-closes' }), [])).toThrow('waits for windows to close');
  });
});

describe('a topology that cannot work', () => {
  it.each([
    [
      'reads a topic twice',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings);
        builder.table('in', strings, {});
      },
      'topic "in" is already read by KSTREAM-SOURCE-0000000000',
    ],
    [
      'has two nodes of one name',
      (builder: StreamsBuilder) => {
        builder.stream('in', { ...strings, name: 'X' }).filter(() => true, { name: 'X' });
      },
      'X: another node has this name',
    ],
    [
      'has two stores of one name',
      (builder: StreamsBuilder) => {
        builder.table('a', strings, { store: 's' });
        builder.table('b', strings, { store: 's' });
      },
      's: another state store has this name',
    ],
    [
      'uses a store nobody added',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings).process(() => ({ process: () => {} }), { name: 'P', stores: ['s'] });
      },
      'P: uses the state store "s", which was not added',
    ],
    [
      'has a store whose changelog could not be called so',
      (builder: StreamsBuilder) => {
        builder.table('in', strings, { store: 'my store' });
      },
      'my store: the state store "my store" cannot be called so',
    ],
    [
      'has an operator for which no topic could be called',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings).repartition({ name: 'by/user' });
      },
      'by/user: the operator "by/user" cannot be called so',
    ],
    [
      'reads a topic that cannot be',
      (builder: StreamsBuilder) => {
        builder.stream(['in', ''], { ...strings, name: 'READ' });
      },
      'READ: the topic "" cannot be called so',
    ],
    [
      'writes a topic that cannot be',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings).to('out put', { name: 'WRITE' });
      },
      'WRITE: the topic "out put" cannot be called so',
    ],
    [
      'repartitions into nothing',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings).repartition({ name: 'rp', partitions: 0 });
      },
      'rp-repartition: cannot have 0 partitions',
    ],
    [
      'has endless windows',
      (builder: StreamsBuilder) => {
        builder
          .stream('in', strings)
          .groupByKey()
          .windowedBy({ sizeMs: Number.POSITIVE_INFINITY })
          .count({ name: 'C' });
      },
      'C: its size is Infinity ms; it must be a whole number of milliseconds',
    ],
    [
      'has sessions of half milliseconds',
      (builder: StreamsBuilder) => {
        builder.stream('in', strings).groupByKey().windowedBy({ gapMs: 1.5 }).count({ name: 'C' });
      },
      'C: its gap is 1.5 ms; it must be a whole number of milliseconds',
    ],
    [
      'joins in a window that ends before it begins',
      (builder: StreamsBuilder) => {
        const windows = { beforeMs: -5, afterMs: 3 };
        builder.stream('a', strings).join(builder.stream('b', strings), plus, windows, { name: 'J' });
      },
      'J-merge: its window from 5 to 3 ms ends before it begins',
    ],
    [
      'holds back for less than nothing',
      (builder: StreamsBuilder) => {
        builder.table('in', strings).suppress({ until: 'time-limit', ms: -1, name: 'HOLD' });
      },
      'HOLD: its time limit is -1 ms; it cannot be negative',
    ],
  ])('%s is refused, and the node named', (_, build, problem) => {
    expect(() => build(new StreamsBuilder())).toThrow(problem);
  });
});
