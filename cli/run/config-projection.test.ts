import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EMPTY_STATE, fold, writeSnapshot } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type Log, memoryRegistry, NO_HEADERS, openEmbeddedLog, type Serde } from '../../streams/index.ts';
import { CONFIG_TOPICS, configSerdes, topicsOfConfig } from '../../topologies/config/index.ts';
import { Closers } from './closers.ts';
import { projectConfig } from './config-projection.ts';

const KEY = Buffer.alloc(32, 3);
const logger = pino({ level: 'silent' });

let dataDir: string;
let log: Log;
let serde: Serde<ConfigEvent>;
let closers: Closers;
let fatal: unknown[];
/** From the first one on. */
let count: number;

const file = (): string => join(dataDir, 'config-snapshot');

const event = (sequence: number): ConfigEvent => ({
  sequence,
  commandId: `cmd-${sequence}`,
  resourceId: `tok_${sequence}`,
  resourceVersion: 1,
  time: sequence,
  actor: { kind: 'system', id: 'system', name: null, ip: null },
  reason: null,
  payload: {
    'signal.config.TokenCreated': {
      tokenId: `tok_${sequence}`,
      name: `Token ${sequence}`,
      tokenHash: String(sequence).padStart(64, '0'),
      scopes: ['viewer'],
      expiresAt: null,
    },
  },
});

async function append(events: readonly ConfigEvent[]): Promise<void> {
  const record = { topic: CONFIG_TOPICS.events, key: null, timestamp: 1, headers: NO_HEADERS };
  await log.append(events.map((each) => ({ ...record, value: serde.serialize(each) })));
}

async function change(times: number): Promise<void> {
  await append(Array.from({ length: times }, () => event(++count)));
}

const start = (key = KEY) =>
  projectConfig(
    {
      log,
      serde,
      dataDir,
      key,
      logger,
      fatal: (_, error) => void fatal.push(error),
      snapshotEvery: 10,
    },
    closers,
  );

async function stop(): Promise<void> {
  await closers.closeAll();
  closers = new Closers(logger);
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signal-projection-'));
  log = await openEmbeddedLog({ directory: join(dataDir, 'log'), flush: 'os' });
  await log.createTopics(topicsOfConfig);
  serde = (await configSerdes(memoryRegistry())).event;
  closers = new Closers(logger);
  fatal = [];
  count = 0;
});

afterEach(async () => {
  await stop();
  await log.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('begins where it was stopped, and knows its past a little later', async () => {
  await change(25);
  const first = await start();
  expect([first.version, first.hasHistory]).toEqual([25, true]);
  await stop();
  await change(7);
  const second = await start();
  expect(second.version).toBe(32);
  // The snapshot's: the events up to there were not read to get here.
  expect(second.hasHistory).toBe(false);
  expect(second.current).toEqual(
    fold(
      EMPTY_STATE,
      Array.from({ length: 32 }, (_, i) => event(i + 1)),
    ),
  );
  await second.whenHistory();
  expect(second.at(3).tokens.size).toBe(3);
  expect(second.eventsBetween(1, 33).map(({ sequence }) => sequence)).toHaveLength(32);
  expect(fatal).toEqual([]);
});

it('writes a snapshot while it runs, too, and none for a few events', async () => {
  const projection = await start();
  await change(9);
  await projection.whenApplied(9);
  expect(await readFile(file(), 'utf8').catch(() => undefined)).toBeUndefined();
  await change(3);
  await projection.whenApplied(12);
  await expect
    .poll(() => readFile(file(), 'utf8').catch(() => ''), { timeout: 60_000 })
    .toMatch(/^[0-9a-f]{64}\n/);
});

it.each([
  ['changed', async (text: string) => text.replace('Token 7', 'Token 8')],
  ['cut short', async (text: string) => text.slice(0, -1)],
  ['empty', async () => ''],
])('does not believe a snapshot that was %s', async (_, damage) => {
  await change(25);
  await start();
  await stop();
  await writeFile(file(), await damage(await readFile(file(), 'utf8')));
  const projection = await start();
  expect([projection.version, projection.hasHistory]).toEqual([25, true]);
  expect(projection.current.tokens.get('tok_7')?.name).toBe('Token 7');
});

it('does not believe a snapshot that somebody without the key wrote, or that is of another log', async () => {
  await change(25);
  await start(Buffer.alloc(32, 4));
  await stop();
  expect((await start()).hasHistory).toBe(true);
  await stop();
  await log.close();
  log = await openEmbeddedLog({ directory: join(dataDir, 'another-log'), flush: 'os' });
  await log.createTopics(topicsOfConfig);
  count = 100;
  const others = Array.from({ length: 30 }, (_, i) => ({ ...event(i + 1), time: 99 }));
  await append(others);
  const projection = await start();
  expect([projection.version, projection.hasHistory]).toEqual([30, true]);
});

it('gives up a snapshot that its events do not come to, and the process with it', async () => {
  await change(25);
  await start();
  await stop();
  const [, body = ''] = /^[^\n]*\n(.*)$/s.exec(await readFile(file(), 'utf8')) ?? [];
  const wrong = fold(EMPTY_STATE, [
    ...Array.from({ length: 24 }, (_, i) => event(i + 1)),
    { ...event(25), time: 7 },
  ]);
  const forged = `${body.split('\n')[0]}\n${writeSnapshot(wrong)}`;
  await writeFile(file(), `${createHmac('sha256', KEY).update(forged).digest('hex')}\n${forged}`);
  await start();
  await expect.poll(() => fatal).toMatchObject([{ code: 'CONFIG_SNAPSHOT_DIFFERS' }]);
  await stop();
  expect((await start()).hasHistory).toBe(true);
});
