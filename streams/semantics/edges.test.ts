import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { ProcessorContext } from '../processor.ts';
import type { RecordContext, RecordMetadata } from '../record.ts';
import { type SessionStore, sessionStore } from '../state/session-store.ts';
import { type WindowStore, windowStore } from '../state/window-store.ts';
import { TopologyTestDriver } from '../testing/topology-test-driver.ts';
import { windowed } from '../windowed.ts';
import { play, plus, stream, strings, text, toOut } from './play.ts';

/** Where records enter and leave a topology, and what a processor is told about them. */
describe('a source', () => {
  it('gives records the time its extractor finds in them, which windows and results go by', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .stream('in', { ...strings, timestampExtractor: (value) => Number(value) })
        .groupByKey()
        .windowedBy({ sizeMs: 10 })
        .count()
        .toStream()
        .to('out', toOut);
    expect(play(build, ['a=15 @1', 'a=19 @2', 'a=20 @3'])).toEqual([
      'a[10..20=1 @15',
      'a[10..20=2 @19',
      'a[20..30=1 @20',
    ]);
  });

  it('tells its extractor the timestamp of the log, also of a tombstone', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .stream<string, string | null>('in', {
          ...strings,
          timestampExtractor: (value, timestamp) => (value === null ? timestamp + 100 : timestamp),
        })
        .to('out', toOut);
    expect(play(build, ['a=x @1', 'a=null @2'])).toEqual(['a=x @1', 'a=null @102']);
  });

  it('skips a record that its extractor gives a negative time, and cannot process one without any', () => {
    const build = (builder: StreamsBuilder) =>
      builder
        .stream('in', { ...strings, name: 'EVENTS', timestampExtractor: (value) => Number(value) })
        .to('out', toOut);
    expect(play(build, ['a=5 @1', 'a=-5 @2', 'a=7 @3'])).toEqual(['a=5 @5', '', 'a=7 @7']);
    expect(() => play(build, ['a=soon @1'])).toThrow('EVENTS: NaN is no timestamp');
  });

  it('reads several topics as one stream', () => {
    const build = (builder: StreamsBuilder) => builder.stream(['in', 'other'], strings).to('out', toOut);
    expect(play(build, ['a=1 @1', 'other a=2 @2'])).toEqual(['a=1 @1', 'a=2 @2']);
  });
});

describe('a sink', () => {
  it('chooses its topic from key, value and where the record came from', () => {
    const seen: RecordContext[] = [];
    const builder = new StreamsBuilder();
    builder.stream('in', strings).to((key, value, context) => {
      seen.push(context);
      return `${key}-${value}-${context.timestamp}`;
    }, strings);
    const driver = new TopologyTestDriver(builder.build());
    const headers = [['trace', Buffer.from('7')]] as const;
    driver.input('in', text, text).send('a', 'x', { timestamp: 5, headers });
    expect(driver.writtenTopics).toContain('a-x-5');
    expect(seen).toMatchObject([{ topic: 'in', partition: 0, offset: 0, timestamp: 5, headers }]);
  });
});

describe('foreach', () => {
  it('ends a stream: each record is given to its action, in order', () => {
    const seen: string[] = [];
    play(
      (builder) => stream(builder).foreach((key, value) => seen.push(plus(key, value))),
      ['a=1 @1', 'b=null @2'],
    );
    expect(seen).toEqual(['a+1', 'b+null']);
  });
});

describe('a processor', () => {
  it('is told where the record was read, its headers, and the times', () => {
    const seen: [RecordMetadata | undefined, streamTime: number, headers: number][] = [];
    const builder = new StreamsBuilder();
    builder.stream('in', strings).process(() => {
      let context: ProcessorContext<unknown, unknown>;
      return {
        init: (given) => {
          context = given;
        },
        process: ({ headers }) => {
          const { topic, partition, offset } = context.recordMetadata ?? {
            topic: '',
            partition: -1,
            offset: -1,
          };
          seen.push([{ topic, partition, offset }, context.streamTime, headers.length]);
        },
      };
    });
    const input = new TopologyTestDriver(builder.build()).input('in', text, text);
    input.send('a', 'x', { timestamp: 20, headers: [['trace', Buffer.from('7')]] });
    input.send('a', 'y', { timestamp: 10 });
    expect(seen).toEqual([
      [{ topic: 'in', partition: 0, offset: 0 }, 20, 1],
      [{ topic: 'in', partition: 0, offset: 1 }, 20, 0],
    ]);
  });

  it.each([true, false])('keeps windows and sessions in stores of its own (persistent: %s)', (persistent) => {
    const options = { key: text, value: text, retentionMs: 100, persistent };
    const builder = new StreamsBuilder();
    builder.addStateStore(windowStore({ ...options, name: 'windows', windowSizeMs: 10 }));
    builder.addStateStore(sessionStore({ ...options, name: 'sessions' }));
    builder.stream('in', strings).process(
      () => {
        let windows: WindowStore<string, string>;
        let sessions: SessionStore<string, string>;
        return {
          init(context) {
            windows = context.store('windows');
            sessions = context.store('sessions');
          },
          process({ key, value, timestamp }) {
            windows.put(key, value, timestamp);
            for (const [session] of sessions.findSessions(key, timestamp - 5, timestamp))
              sessions.remove(session);
            sessions.put(windowed(key, timestamp - 5, timestamp), value);
          },
        };
      },
      { stores: ['windows', 'sessions'] },
    );
    const driver = new TopologyTestDriver(builder.build());
    const input = driver.input('in', text, text);
    for (const timestamp of [10, 14, 40, 120]) input.send('a', `at ${timestamp}`, { timestamp });
    // What is 100 ms older than the latest is out of sight.
    expect(driver.store<WindowStore<string, string>>('windows').fetchRange('a', 0, 200)).toEqual([
      [40, 'at 40'],
      [120, 'at 120'],
    ]);
    expect(driver.store<SessionStore<string, string>>('sessions').fetch('a')).toEqual([
      [windowed('a', 35, 40), 'at 40'],
      [windowed('a', 115, 120), 'at 120'],
    ]);
  });
});
