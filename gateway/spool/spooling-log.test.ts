import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogError, type OutgoingRecord } from '../../streams/index.ts';
import { createSpoolMetrics } from './metrics.ts';
import { Spool, type SpoolOptions } from './spool.ts';
import { SpoolingLog } from './spooling-log.ts';

const DOWN = new LogError('UNAVAILABLE', 'no broker answers');

/** A log that can be down, be silent, or refuse single records. */
class FickleLog {
  taken: string[] = [];
  calls = 0;
  state: 'up' | 'down' | 'silent' = 'up';
  readonly silent: { resolve(): void; reject(): void }[] = [];

  async append(records: readonly OutgoingRecord[]): Promise<[]> {
    this.calls++;
    await setImmediate();
    const names = records.map(({ key }) => key?.toString() ?? '');
    if (this.state === 'down') throw DOWN;
    if (this.state === 'silent') {
      await new Promise<void>((resolve, reject) => this.silent.push({ resolve, reject: () => reject(DOWN) }));
    }
    if (names.some((name) => name.startsWith('huge'))) throw new LogError('RECORD_TOO_LARGE', '2 MB');
    this.taken.push(...names);
    return [];
  }
}

let directory: string;
let log: FickleLog;
let spool: Spool;
let spooling: SpoolingLog;
let register: Registry;
let logged: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spooling-'));
  log = new FickleLog();
  logged = [];
  await start();
});
afterEach(async () => {
  log.state = 'up';
  for (const { reject } of log.silent.splice(0)) reject();
  await spooling.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(options: Partial<SpoolOptions> = {}, patienceMs = 60_000): Promise<void> {
  spool = await Spool.open({ directory, maxBytes: 10_000_000, ...options });
  register = new Registry();
  spooling = new SpoolingLog({
    log,
    spool,
    logger: pino({}, { write: (line) => logged.push(line) }),
    metrics: createSpoolMetrics(register, { now: () => 1_700_000_010_000 }),
    patienceMs,
    retryMs: 5,
  });
}

/** With a patience that is soon at its end. A busy machine may be silent for that long where the log is not. */
async function startImpatient(): Promise<void> {
  await spooling.close();
  await start({}, 50);
}

const record = (name: string, size = 1): OutgoingRecord => ({
  topic: 'raw-events',
  key: Buffer.from(name),
  value: Buffer.alloc(size),
  timestamp: 1_700_000_000_000,
  headers: [],
});
const append = (...names: string[]) => spooling.append(names.map((name) => record(name)));
const drained = () => vi.waitFor(() => expect(spooling.state).toBe('up'), { timeout: 60_000, interval: 5 });

describe('while the log takes them', () => {
  it('appends go there, what comes during one call together with the next', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => append(name)));
    expect(log).toMatchObject({ taken: ['a', 'b', 'c', 'd'], calls: 2 });
    expect(spool.records).toBe(0);
  });

  it('an append that it refuses for what it holds fails alone', async () => {
    const answers = await Promise.allSettled([append('a'), append('b'), append('huge'), append('c')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(log.taken).toEqual(['a', 'b', 'c']);
    expect(spooling.state).toBe('up');
  });
});

describe('while the log is down', () => {
  it('appends are taken into the spool, and come to the log in order before what follows', async () => {
    await append('a');
    log.state = 'down';
    await append('b', 'c');
    await append('d');
    expect(spooling.state).toBe('degraded');
    const metrics = await register.metrics();
    expect(metrics).toContain('signal_gateway_spool_events 3');
    expect(metrics).toContain('signal_gateway_spool_oldest_seconds 10');
    expect(metrics).toContain('signal_gateway_spooled_events_total 3');
    log.state = 'up';
    await append('e');
    await drained();
    await append('f');
    expect(log.taken).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(spool.bytes).toBe(0);
    expect(logged.map((line) => JSON.parse(line).msg)).toEqual([
      'the log does not take events; they go to the spool until it does',
      'the log takes events again, and has all of the spool',
    ]);
  });

  it('appends that the spool cannot hold are refused, and those after it are not once there is room', async () => {
    await spooling.close();
    await start({ maxBytes: 300 });
    log.state = 'down';
    await append('a');
    await expect(spooling.append([record('b', 400)])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await spooling.append([record('c', 200)]);
    log.state = 'up';
    await drained();
    expect(log.taken).toEqual(['a', 'c']);
  });

  it('appends without end do not keep the spool from becoming empty', async () => {
    log.state = 'down';
    let sent = 0;
    let stop = false;
    const senders = Array.from({ length: 5 }, async () => {
      while (!stop) await append(`${sent++}`);
    });
    await vi.waitFor(() => expect(spool.records).toBeGreaterThan(50));
    log.state = 'up';
    await drained();
    stop = true;
    await Promise.all(senders);
    expect(log.taken).toEqual(Array.from({ length: sent }, (_, i) => `${i}`));
  });

  it('a process that ends leaves them to the next one', async () => {
    await startImpatient();
    log.state = 'down';
    await append('a', 'b');
    await spooling.close();
    await start();
    await append('c');
    expect(spooling.state).toBe('degraded');
    log.state = 'up';
    await drained();
    expect(log.taken).toEqual(['a', 'b', 'c']);
  });

  it('a record that it will never take is set aside, and holds up nothing', async () => {
    log.state = 'down';
    await append('a', 'huge', 'b');
    log.state = 'up';
    await drained();
    expect(log.taken).toEqual(['a', 'b']);
    expect(await register.metrics()).toContain('signal_gateway_spool_set_aside_events_total 1');
    expect(logged.join('')).toContain('set aside');
  });
});

describe('while the log is silent', () => {
  const fallSilent = async () => {
    await startImpatient();
    log.state = 'silent';
    const waiting = append('a');
    await vi.waitFor(() => expect(log.silent).toHaveLength(1));
    const following = append('b');
    await Promise.all([waiting, following]);
    expect(spooling.state).toBe('degraded');
    log.state = 'up';
  };

  it('appends go to the spool, and what it took after all is not sent again', async () => {
    await fallSilent();
    // Nothing of the spool is tried before it is known what became of the call.
    await append('c');
    expect(log.calls).toBe(1);
    log.silent.pop()?.resolve();
    await drained();
    expect(log.taken).toEqual(['a', 'b', 'c']);
  });

  it('what it then refuses comes out of the spool, before what followed', async () => {
    await fallSilent();
    log.silent.pop()?.reject();
    await drained();
    expect(log.taken).toEqual(['a', 'b']);
  });
});

describe('before there is a log', () => {
  it('appends go to the spool until one is attached', async () => {
    await spooling.close();
    spool = await Spool.open({ directory, maxBytes: 10_000_000 });
    spooling = new SpoolingLog({
      spool,
      logger: pino({ level: 'silent' }),
      metrics: createSpoolMetrics(new Registry(), { now: () => 0 }),
      retryMs: 5,
    });
    await append('a');
    expect(spooling.state).toBe('degraded');
    spooling.attach(log);
    await drained();
    await append('b');
    expect(log.taken).toEqual(['a', 'b']);
  });
});
