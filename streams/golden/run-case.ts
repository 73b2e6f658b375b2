import type { Headers } from '../log/log.ts';
import { type StoreChange, TopologyTestDriver } from '../testing/topology-test-driver.ts';
import type { Topology } from '../topology/topology.ts';
import type { Windowed } from '../windowed.ts';
import type { GoldenCase, GoldenChange, GoldenHeaders, GoldenOutput, GoldenRun } from './golden-case.ts';
import { serdeOf } from './golden-serdes.ts';

/** Feeds a case's input through a topology and notes what came of it. */
export function runCase(golden: GoldenCase, topology: Topology): GoldenRun {
  const driver = new TopologyTestDriver(topology);
  const outputs = Object.entries(golden.topics)
    .filter(([, { dir }]) => dir === 'out')
    .map(([topic, { key, value }]) => ({
      topic,
      reader: driver.output(topic, serdeOf(key), serdeOf(value)),
    }));
  const output: GoldenOutput[] = [];
  const changelogs = new Map<string, GoldenChange[]>();
  golden.input.forEach((input, step) => {
    const before = new Map(
      Object.keys(golden.changelogs).map((name) => [name, driver.changelog(name).length]),
    );
    if ('advanceWallClockMs' in input) driver.advanceWallClock(input.advanceWallClockMs);
    else {
      const { key, value } = golden.topics[input.topic] ?? { key: 'string', value: 'string' };
      const headers = headersOf(input.headers ?? []);
      driver
        .input(input.topic, serdeOf(key), serdeOf(value))
        .send(input.key, input.value, { timestamp: input.timestamp, headers });
    }
    for (const { topic, reader } of outputs) {
      for (const record of reader.readAll()) {
        const { value, timestamp } = record;
        output.push({
          step,
          topic,
          ...keyFields(record.key),
          value,
          timestamp,
          headers: textOf(record.headers),
        });
      }
    }
    for (const [name, length] of before) {
      const changes = changelogs.get(name) ?? [];
      changes.push(
        ...driver
          .changelog(name)
          .slice(length)
          .map((change) => changeOf(step, change)),
      );
      changelogs.set(name, changes);
    }
  });
  const stores = Object.keys(golden.finalStores).map((name) => ({ name, rows: rowsOf(driver, name) }));
  driver.close();
  return {
    output,
    finalStores: Object.fromEntries(
      stores.map(({ name, rows }) => [name, Object.fromEntries(rows.map(({ key, value }) => [key, value]))]),
    ),
    finalStoreTimestamps: Object.fromEntries(
      stores.map(({ name, rows }) => [
        name,
        Object.fromEntries(
          rows.flatMap(({ key, timestamp }) => (timestamp === undefined ? [] : [[key, timestamp]])),
        ),
      ]),
    ),
    changelogs: Object.fromEntries(changelogs),
  };
}

function rowsOf(driver: TopologyTestDriver, name: string) {
  const store = driver.store<{ all(): [unknown, unknown][] }>(name);
  return store.all().map(([key, row]) => ({
    key: isWindowed(key) ? `${String(key.key)}@${key.window.start}-${key.window.end}` : String(key),
    ...(isTimestamped(row) ? row : { value: row, timestamp: undefined }),
  }));
}

/** A table's change is logged with its own time; a deletion, and a plain store's change, with the record's. */
function changeOf(step: number, { key, value, timestamp }: StoreChange): GoldenChange {
  const row = isTimestamped(value) ? value : { value, timestamp };
  return { step, key: key.toString(), ...row };
}

export function keyFields(key: unknown): Pick<GoldenOutput, 'key' | 'windowStart' | 'windowEnd'> {
  return isWindowed(key)
    ? { key: key.key, windowStart: key.window.start, windowEnd: key.window.end }
    : { key };
}

const isWindowed = (key: unknown): key is Windowed<unknown> =>
  typeof key === 'object' && key !== null && 'window' in key;

const isTimestamped = (row: unknown): row is { value: unknown; timestamp: number } =>
  typeof row === 'object' && row !== null && 'timestamp' in row && 'value' in row;

export const headersOf = (headers: GoldenHeaders): Headers =>
  headers.map(([name, value]) => [name, Buffer.from(value)] as const);

export const textOf = (headers: Headers): GoldenHeaders =>
  headers.map(([name, value]) => [name, value.toString()] as const);
