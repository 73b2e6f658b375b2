import { describe, expect, it } from 'vitest';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import type { Processor, ProcessorContext } from '../processor.ts';
import type { StreamRecord } from '../record.ts';
import { serdes } from '../serdes/primitives.ts';
import { type KeyValueStore, keyValueStore } from '../state/key-value-store.ts';
import { TopologyTestDriver } from './topology-test-driver.ts';

const text = serdes.string();

class Count implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>;
  private counts!: KeyValueStore<string, string>;

  init(context: ProcessorContext<string, string>): void {
    this.context = context;
    this.counts = context.store('counts');
    context.schedule(10, 'stream-time', (time) => {
      const all = this.counts.all().map(([key, count]) => `${key}=${count}`);
      context.forward({ key: 'all', value: all.join(','), timestamp: time, headers: [] });
    });
  }

  process(record: StreamRecord<string, string>): void {
    const count = Number(this.counts.get(record.key) ?? '0') + 1;
    this.counts.put(record.key, String(count));
    this.context.forward({ ...record, value: `${record.value}#${count}` });
  }
}

function driven() {
  const builder = new StreamsBuilder();
  builder.addStateStore(keyValueStore({ name: 'counts', key: text, value: text }));
  const counted = builder
    .stream('in', { key: text, value: text })
    .filter((_, value) => value !== 'skip')
    .process(() => new Count(), { stores: ['counts'] });
  counted.to('out', { key: text, value: text });
  counted.flatMapValues((value) => value.split('#')).to((key) => `parts-${key}`, { key: text, value: text });
  const driver = new TopologyTestDriver(builder.build());
  return { driver, input: driver.input('in', text, text), output: driver.output('out', text, text) };
}

describe('the topology test driver', () => {
  it('carries each record through stores, branches and stream-time punctuators before the next', () => {
    const { driver, input, output } = driven();
    input.send('a', 'x', { timestamp: 3 });
    input.send('a', 'skip', { timestamp: 4 });
    input.send('b', 'y', { timestamp: 9 });
    input.send('a', 'z', { timestamp: 25 });
    expect(output.readAll().map(({ key, value, timestamp }) => [key, value, timestamp])).toEqual([
      ['a', 'x#1', 3],
      ['all', 'a=1', 3],
      ['b', 'y#1', 9],
      ['a', 'z#2', 25],
      ['all', 'a=2,b=1', 25],
    ]);
    expect(
      driver
        .output('parts-a', text, text)
        .readAll()
        .map((r) => r.value),
    ).toEqual(['x', '1', 'z', '2']);
    expect(driver.store<KeyValueStore<string, string>>('counts').get('a')).toBe('2');
  });

  it('undoes everything a failing record did', () => {
    const builder = new StreamsBuilder();
    builder.addStateStore(keyValueStore({ name: 'counts', key: text, value: text }));
    builder
      .stream('in', { key: text, value: text })
      .process(() => new Count(), { stores: ['counts'] })
      .peek((_, value) => {
        if (value.startsWith('bad')) throw new Error('no');
      })
      .to('out', { key: text, value: text });
    const driver = new TopologyTestDriver(builder.build());
    const input = driver.input('in', text, text);
    input.send('a', 'good', { timestamp: 100 });
    expect(() => input.send('a', 'bad', { timestamp: 101 })).toThrow('processing of in-0@1 failed: no');
    expect(driver.store<KeyValueStore<string, string>>('counts').get('a')).toBe('1');
    input.send('a', 'good', { timestamp: 102 });
    expect(
      driver
        .output('out', text, text)
        .readAll()
        .map((r) => r.value),
    ).toEqual(['good#1', 'a=1', 'good#2']);
  });

  it('puts a failing record aside, if told where, and goes on', () => {
    const builder = new StreamsBuilder();
    builder.stream('in', { key: text, value: serdes.json<{ readonly n: number }>() }).foreach((_, { n }) => {
      if (n === 0) throw new Error('no zero');
    });
    const driver = new TopologyTestDriver(builder.build(), { deadLetterTopic: 'dead' });
    const input = driver.input('in', text, text);
    for (const value of ['{"n":1}', 'not json', '{"n":0}', '{"n":2}']) input.send('k', value);
    const dead = driver.output('dead', text, text).readAll();
    expect(dead.map(({ value }) => value)).toEqual(['not json', '{"n":0}']);
    const stages = dead.map(({ headers }) => String(new Map(headers).get('error-stage')));
    expect(stages).toEqual(['deserialization', 'processing']);
  });
});
