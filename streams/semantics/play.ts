import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { serdes } from '../serdes/primitives.ts';
import type { Serde } from '../serdes/serde.ts';
import { TopologyTestDriver } from '../testing/topology-test-driver.ts';
import type { Windowed } from '../windowed.ts';

export const text = serdes.string();
export const long = serdes.long();
export const strings = { key: text, value: text } as const;

/** Values may be null, and these tests are about that. */
export type Text = string | null;

export const stream = (builder: StreamsBuilder, topic = 'in') => builder.stream<Text, Text>(topic, strings);

/** Shows both sides of a join; a missing one is `null`. */
export const plus = (left: unknown, right: unknown): string => `${left}+${right}`;

/** Keys and values of `out` as text, whatever they are. */
const shown: Serde<unknown> = {
  serialize: (value) => Buffer.from(JSON.stringify(value)),
  deserialize: (bytes) => JSON.parse(bytes.toString()),
};

export const toOut = { key: shown, value: shown } as const;

/**
 * Plays records through a topology and tells, for each, what came out at `out`: `a=1 @10`, windows as `a[0..10=1 @5`,
 * several one after the other with `, ` between. A record is written `topic key=value @time` (topic left out: `in`;
 * `null` is null); `+50` moves the wall clock by 50 ms.
 */
export function play(build: (builder: StreamsBuilder) => void, records: readonly string[]): string[] {
  const builder = new StreamsBuilder();
  build(builder);
  const driver = new TopologyTestDriver(builder.build());
  const output = driver.output('out', toOut.key, toOut.value);
  return records.map((line) => {
    if (line.startsWith('+')) driver.advanceWallClock(Number(line.slice(1)));
    else {
      const [, topic = 'in', key = '', value = '', time = ''] =
        /^(?:(\S+) )?([^=\s]*)=(.*) @(\d+)$/.exec(line) ?? [];
      driver.input(topic, text, text).send(orNull(key), orNull(value), { timestamp: Number(time) });
    }
    return output
      .readAll()
      .map((record) => `${keyText(record.key)}=${record.value} @${record.timestamp}`)
      .join(', ');
  });
}

const orNull = (written: string): Text => (written === 'null' ? null : written);

function keyText(key: unknown): string {
  if (!isWindowed(key)) return String(key);
  const { start, end } = key.window;
  // A session's end is part of it.
  return `${key.key}[${start}..${end}`;
}

const isWindowed = (key: unknown): key is Windowed<unknown> =>
  typeof key === 'object' && key !== null && 'window' in key;
