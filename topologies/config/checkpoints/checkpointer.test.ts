import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DEFAULT_SOURCE_SETTINGS,
  type NoteSigner,
  parseNoteSigner,
  type Verification,
  writeNoteSigner,
} from '../../../config/index.ts';
import type { ConfigEvent } from '../../../schemas/index.ts';
import {
  type Log,
  LogError,
  memoryRegistry,
  NO_HEADERS,
  openEmbeddedLog,
  type SchemaRegistry,
} from '../../../streams/index.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { CONFIG_TOPICS, type ConfigSerdes, configSerdes, topicsOfConfig } from '../topics.ts';
import { Checkpointer, type CheckpointerOptions } from './checkpointer.ts';
import type { CheckpointPublisher } from './publishing.ts';
import { CONFIG_LOG } from './signed-log.ts';
import { readCheckpoints, type StoredCheckpoint, toRecord } from './stored-checkpoint.ts';
import { verifyStoredLog } from './verify-stored.ts';
import { WriterSchemas } from './writer-schemas.ts';

let directory: string;
let log: Log;
let registry: SchemaRegistry;
let serdes: ConfigSerdes;
let errors: string[];
let now: number;
const running: Checkpointer[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-checkpoints-'));
  registry = memoryRegistry();
  errors = [];
  now = 1_700_000_000_000;
  await open();
});

afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(where = directory): Promise<void> {
  log = await openEmbeddedLog({ directory: where, flush: 'os' });
  await log.createTopics(topicsOfConfig);
  serdes = await configSerdes(registry);
}

function signerOf(seed: number): NoteSigner {
  const signer = parseNoteSigner(writeNoteSigner('audit.example/config', Buffer.alloc(32, seed)));
  if (signer === undefined) throw new Error('no signer');
  return signer;
}

const signer = signerOf(1);

async function start(options: Partial<CheckpointerOptions> = {}): Promise<Checkpointer> {
  const checkpointer = await Checkpointer.start({
    of: CONFIG_LOG,
    log,
    registry,
    signer,
    clock: { now: () => now },
    onError: (what, error) => errors.push(`${what}: ${error instanceof Error ? error.message : error}`),
    ...options,
  });
  running.push(checkpointer);
  return checkpointer;
}

async function stop(checkpointer: Checkpointer): Promise<void> {
  running.splice(running.indexOf(checkpointer), 1);
  await checkpointer.close();
}

const event = (sequence: number, name = `Source ${sequence}`): Buffer => {
  const value: ConfigEvent = {
    sequence,
    commandId: `c${sequence}`,
    resourceId: `src_${sequence}`,
    resourceVersion: 1,
    time: now,
    actor: { kind: 'system', id: 'test', name: null, ip: null },
    reason: null,
    payload: {
      'signal.config.SourceCreated': {
        sourceId: `src_${sequence}`,
        name,
        type: 'web',
        pipelineKey: 'k',
        ...DEFAULT_SOURCE_SETTINGS,
      },
    },
  };
  return serdes.event.serialize(value);
};

async function append(values: readonly Buffer[], timestamp = now): Promise<void> {
  const record = { topic: CONFIG_TOPICS.events, key: null, timestamp, headers: NO_HEADERS };
  await log.append(values.map((value) => ({ ...record, value })));
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const sizes = (checkpoints: readonly StoredCheckpoint[]): number[] =>
  checkpoints.map(({ note }) => Number(note.split('\n')[1]));

const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> =>
  waitFor(condition, { everyMs: 5 });

const verify = (): Promise<Verification> =>
  verifyStoredLog({
    of: CONFIG_LOG,
    log,
    schemas: new WriterSchemas(registry, CONFIG_LOG),
    keys: [signer.key],
  });

describe('checkpoints are made', () => {
  it('every so many events', async () => {
    const checkpointer = await start({ every: 10 });
    for (const i of numbers(1, 25)) {
      await append([event(i)]);
      await until(() => checkpointer.events.size === i);
    }
    await until(async () => (await readCheckpoints(log, CONFIG_LOG)).length === 2);
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([10, 20]);
  });

  it('of what there is when it starts, and at a clean stop', async () => {
    await append(numbers(1, 12).map((i) => event(i)));
    const checkpointer = await start({ every: 10 });
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([12]);
    await append([event(13)]);
    await stop(checkpointer);
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([12, 13]);
    await stop(await start({ every: 1 }));
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([12, 13]);
  });

  it('of what is written once a log that could not be reached can be again', async () => {
    let failures = 1;
    const failing: CheckpointerOptions['log'] = {
      append: (records) => log.append(records),
      read(options) {
        if (options.follow === true && failures-- > 0) throw new LogError('UNAVAILABLE', 'it is away');
        return log.read(options);
      },
    };
    const checkpointer = await start({ log: failing, every: 1 });
    await append([event(1)]);
    await until(() => checkpointer.signedSize === 1);
    expect(errors).toEqual([]);
  });

  it('does not wait for a log that was only begun to be read', async () => {
    await append(numbers(1, 20).map((i) => event(i)));
    let isReading = false;
    const endless: CheckpointerOptions['log'] = {
      append: (records) => log.append(records),
      async *read({ topic, signal, ...options }) {
        if (topic === CONFIG_TOPICS.checkpoints) return yield* log.read({ topic, ...options });
        isReading = true;
        if (signal?.aborted) return;
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      },
    };
    const checkpointer = Checkpointer.begin({
      of: CONFIG_LOG,
      log: endless,
      registry,
      signer,
      clock: { now: () => now },
      onError: (what) => errors.push(what),
    });
    const read = checkpointer.whenRead(20).catch((error: unknown) => error);
    await until(() => isReading);
    await checkpointer.close();
    expect(await read).toMatchObject({ code: 'CLOSED' });
    expect(await readCheckpoints(log, CONFIG_LOG)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('when an event has waited for a day', async () => {
    let looks = 0;
    const clock = {
      now: () => {
        looks++;
        return now;
      },
    };
    const checkpointer = await start({ maxAgeMs: 240, clock });
    await append([event(1)]);
    await until(() => checkpointer.events.size === 1);
    now += 239;
    const before = looks;
    await until(() => looks > before + 1);
    expect(checkpointer.signedSize).toBe(0);
    now += 1;
    await until(() => checkpointer.signedSize === 1);
  });

  it('when somebody asks, unless all is signed already', async () => {
    await append([event(1)]);
    const checkpointer = await start();
    await Promise.all([checkpointer.checkpointNow(), checkpointer.checkpointNow()]);
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([1]);
    expect((await checkpointer.signed()).map(({ size, time }) => [size, time])).toEqual([[1, now]]);
  });

  it('of many events, in pieces that fit into a record', async () => {
    await append(numbers(1, 10_000).map((i) => event(i)));
    await start();
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([4096, 8192, 10_000]);
    expect(await verify()).toMatchObject({ valid: true, size: 10_000, signedSize: 10_000 });
  });

  it('once, where two processes follow one log', async () => {
    const both = [await start({ every: 10 }), await start({ every: 10 })];
    await append(numbers(1, 10).map((i) => event(i)));
    await until(() => both.every((each) => each.signedSize === 10));
    const notes = (await readCheckpoints(log, CONFIG_LOG)).map(({ note }) => note);
    expect(new Set(notes).size).toBe(1);
    expect(await verify()).toMatchObject({ valid: true, signedSize: 10 });
  });

  it('that say how to read the events', async () => {
    await append([event(1)]);
    const checkpointer = await start({ every: 1 });
    const [checkpoint] = await checkpointer.signed();
    const [id = 0] = await registry.ids('config-events-value');
    const schema = await checkpointer.schemas.schema(id);
    expect(checkpoint?.schemas).toEqual(new Map([[id, schema?.fingerprint]]));
  });
});

describe('nothing is signed', () => {
  const refused = /^checkpoints of the config log are not made any more: no more of the log is signed/;

  it('of a log whose numbering breaks', async () => {
    const checkpointer = await start({ every: 1 });
    await append([event(1)]);
    await until(() => checkpointer.signedSize === 1);
    await append([event(3)]);
    await until(() => errors.length > 0);
    expect(errors).toEqual([expect.stringMatching(refused)]);
    await append([event(3)]);
    await expect(checkpointer.checkpointNow()).rejects.toMatchObject({ code: 'LOG_AT_FAULT' });
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([1]);
  });

  it('of bytes that are no event', async () => {
    const checkpointer = await start({ every: 1 });
    await append([Buffer.from('not an event')]);
    await until(() => checkpointer.events.size === 1);
    await until(() => errors.length > 0);
    expect(await readCheckpoints(log, CONFIG_LOG)).toEqual([]);
  });

  /** A second log, which has the first one's checkpoints and these events. */
  async function remade(values: readonly Buffer[]): Promise<void> {
    const checkpoints = await readCheckpoints(log, CONFIG_LOG);
    await log.close();
    await open(join(directory, 'remade'));
    await log.append(checkpoints.map((each) => toRecord(CONFIG_LOG, each)));
    await append(values);
  }

  it.each([
    [
      'altered',
      [1, 2, 3, 4].map((i) => [i, i === 2 ? 'Renamed' : undefined] as const),
      /event 2 was altered/,
    ],
    ['cut off', [[1, undefined] as const], /event 2 was removed/],
  ])('of a log that was %s since it was signed', async (_, events, message) => {
    await append(numbers(1, 3).map((i) => event(i)));
    await stop(await start());
    await remade(events.map(([i, name]) => event(i, name)));
    const checkpointer = await start({ every: 1 });
    expect(errors).toEqual([expect.stringMatching(message)]);
    expect(await verify()).toMatchObject({ valid: false, problem: { sequence: 2, upTo: 2 } });
    await append([event(events.length + 1)]);
    await until(() => checkpointer.events.size === events.length + 1);
    await expect(checkpointer.checkpointNow()).rejects.toMatchObject({ code: 'LOG_AT_FAULT' });
    expect(sizes(await readCheckpoints(log, CONFIG_LOG))).toEqual([3]);
  });
});

describe('another key', () => {
  it('goes on where the one before it stopped', async () => {
    await append([event(1)]);
    await stop(await start());
    const next = signerOf(2);
    await append([event(2)]);
    await stop(await start({ signer: next, retiredKeys: [signer.key] }));
    const schemas = new WriterSchemas(registry, CONFIG_LOG);
    expect(
      await verifyStoredLog({ of: CONFIG_LOG, log, schemas, keys: [next.key, signer.key] }),
    ).toMatchObject({
      valid: true,
      signedSize: 2,
    });
    expect(await verifyStoredLog({ of: CONFIG_LOG, log, schemas, keys: [next.key] })).toMatchObject({
      valid: false,
      problem: { kind: 'checkpoint', message: 'checkpoint 1 is not signed by a key that is believed here' },
    });
  });
});

describe('checkpoints of another key', () => {
  it('do not count, and that is said', async () => {
    await append([event(1)]);
    await stop(await start({ signer: signerOf(2) }));
    const checkpointer = await start();
    expect(errors).toEqual([expect.stringContaining(signerOf(2).key.text)]);
    expect(errors[0]).toContain('SIGNAL_CHECKPOINT_RETIRED_KEYS');
    await checkpointer.checkpointNow();
    expect((await checkpointer.signed()).map(({ by }) => by)).toEqual([signer.key]);
  });
});

describe('publishing', () => {
  function publisher(failures: number): CheckpointPublisher & { readonly published: string[] } {
    let left = failures;
    const published: string[] = [];
    return {
      name: 'somewhere',
      published,
      async publish({ note, size, root }) {
        if (left-- > 0) throw new Error('out of order');
        published.push(`${size} ${note.includes(root.toString('base64'))}`);
      },
    };
  }

  it('takes checkpoints to every place, and again after a failure', async () => {
    const [good, bad] = [publisher(0), publisher(1)];
    const checkpointer = await start({ every: 2, publishers: [good, bad] });
    await append([event(1), event(2)]);
    await until(() => good.published.length === 1);
    await until(() => bad.published.length === 1);
    expect([...good.published, ...bad.published]).toEqual(['2 true', '2 true']);
    expect(errors).toEqual(['checkpoint 2 could not be published to somewhere: out of order']);
    await stop(checkpointer);
  });

  it('does not hold anything up, and makes a last attempt at the stop', async () => {
    const never = publisher(Number.POSITIVE_INFINITY);
    const checkpointer = await start({ every: 1, publishers: [never] });
    for (const i of numbers(1, 3)) {
      await append([event(i)]);
      await until(() => checkpointer.signedSize === i);
    }
    const before = errors.length;
    await stop(checkpointer);
    expect(errors.length).toBeGreaterThan(before);
  });

  it('is made up for at the next start', async () => {
    await append([event(1)]);
    await stop(await start());
    const late = publisher(0);
    await start({ publishers: [late] });
    await until(() => late.published.length === 1);
  });
});
