/**
 * `npm run bench:config`: what the configuration costs when its log has grown long, and what a change takes. Figures
 * of processor time say more than the others on a machine that does something else as well.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigProjection, UNCHANGED_SETTINGS } from '../config/index.ts';
import type { ConfigEvent } from '../schemas/index.ts';
import {
  confluentRegistry,
  memoryRegistry,
  NO_HEADERS,
  openEmbeddedLog,
  startRegistry,
} from '../streams/index.ts';
import { ADMIN_TOKEN, type SignalProcess, startSignal } from '../test/support/signal-process.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { CONFIG_TOPICS, configSerdes } from '../topologies/config/index.ts';
import { quantile } from './post.ts';
import { cpuSecondsOf } from './process-figures.ts';
import { Report } from './report.ts';

const EVENTS = Number(process.env.BENCH_CONFIG_EVENTS ?? 1_000_000);
const RESTART_EVENTS = Number(process.env.BENCH_RESTART_EVENTS ?? 100_000);
const SOURCES = 5_000;
const COMMANDS = 1_000;
const WARM_UP = 200;

const report = new Report('config');

/** A long life: sources that are created once and renamed for ever after. */
function event(sequence: number): ConfigEvent {
  const id = `src_${String(sequence % SOURCES).padStart(26, '0')}`;
  const isNew = sequence <= SOURCES;
  return {
    sequence,
    commandId: `cmd_${String(sequence).padStart(32, '0')}`,
    resourceId: id,
    resourceVersion: Math.ceil(sequence / SOURCES),
    time: 1_700_000_000_000 + sequence * 1000,
    actor: { kind: 'user', id: 'usr_00000000000000000000000001', name: 'ada@example.com', ip: '192.0.2.1' },
    reason: `change ${sequence}`,
    payload: isNew
      ? { 'signal.config.SourceCreated': created(id, sequence) }
      : { 'signal.config.SourceUpdated': updated(id, sequence) },
  };
}

const created = (sourceId: string, i: number) => ({
  sourceId,
  name: `Shop ${i}`,
  type: 'web' as const,
  pipelineKey: `dk_live_${i}`,
  allowedOrigins: [],
  truncateIp: false,
  requireSignature: false,
  vendorCookies: [],
  webhook: null,
  collector: {
    scriptFilename: null,
    batchSize: 10,
    flushInterval: 1000,
    modules: [],
    consent: null,
    linkedDomains: [],
  },
});

const updated = (sourceId: string, i: number) => ({
  sourceId,
  name: `Shop ${i}`,
  rateLimitRps: i,
  ...UNCHANGED_SETTINGS,
});

/** What is held, whatever the collector has not given back yet. */
const liveBytes = (): number => {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Reads and folds a log of so many events, as a start does without a snapshot. */
async function measureFolding(): Promise<void> {
  const { event: serde } = await configSerdes(memoryRegistry());
  const projection = new ConfigProjection();
  const memory = liveBytes();
  let [seconds, cpu] = [0, 0];
  const CHUNK = 10_000;
  for (let first = 1; first <= EVENTS; first += CHUNK) {
    const records = Array.from({ length: CHUNK }, (_, i) => serde.serialize(event(first + i)));
    const [started, cpuBefore] = [performance.now(), cpuSeconds()];
    for (const record of records) projection.apply(serde.deserialize(record));
    seconds += (performance.now() - started) / 1000;
    cpu += cpuSeconds() - cpuBefore;
  }
  const taken = liveBytes() - memory;
  // Asked of it now, so that it is not collected before.
  report.add(`decode and fold ${projection.version.toLocaleString('en')} events`, seconds, 's');
  report.add('processor time per event', (cpu * 1e6) / EVENTS, 'µs');
  report.add('memory they take', taken / 2 ** 20, 'MB');
}

/** A command for each event that a restart is to find. Nothing but the log is used: it takes no answers. */
async function handIn(dataDir: string, source: string): Promise<void> {
  const log = await openEmbeddedLog({ directory: dataDir, flush: 'os' });
  const registry = await startRegistry({ log, port: 0, onError: () => {} });
  const { command: serde } = await configSerdes(confluentRegistry({ url: registry.url }));
  const record = { topic: CONFIG_TOPICS.commands, key: Buffer.from(source), headers: NO_HEADERS };
  for (let i = 1; i <= RESTART_EVENTS; i++) {
    const { actor, time } = event(i);
    const value = serde.serialize({
      commandId: `bench-${i}`,
      resourceId: source,
      expectedVersion: null,
      time,
      actor,
      reason: null,
      payload: { 'signal.config.UpdateSource': omit(updated(source, i), 'sourceId') },
    });
    await log.append([{ ...record, timestamp: time, value }]);
  }
  await registry.close();
  await log.close();
}

const omit = <T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = object;
  return rest;
};

/** A management API alone, on a log of so many changes. */
async function measureRestart(dataDir: string): Promise<void> {
  const start = async (what?: string): Promise<SignalProcess> => {
    const started = performance.now();
    const process = await startSignal(dataDir, { args: ['--roles', 'api'] });
    if (what === undefined) return process;
    report.add(`${what}: until it serves`, (performance.now() - started) / 1000, 's');
    report.add(`${what}: processor time for it`, cpuSecondsOf(process.pid), 's');
    return process;
  };
  let signal = await start();
  const source = await signal.admin.post<{ id: string }>('sources', { name: 'Bench', type: 'web' });
  await signal.stop();
  await handIn(dataDir, source.id);

  signal = await start();
  const decided = signal;
  await waitFor(
    async () => {
      const { to } = await decided.admin.get<{ to: number }>('config/proof/consistency?from=1');
      return to > RESTART_EVENTS;
    },
    { timeoutMs: 600_000, everyMs: 500, what: 'all commands to be decided' },
  );
  await signal.stop();

  const count = `${RESTART_EVENTS.toLocaleString('en')} changes`;
  signal = await start(`start after ${count}, with a snapshot`);
  const asked = performance.now();
  await signal.admin.post('sources', { name: 'First after the start', type: 'web' });
  report.add('first change after it', performance.now() - asked, 'ms');
  await signal.stop();
  rmSync(join(dataDir, 'config-snapshot'));
  signal = await start(`start after ${count}, without`);
  await signal.stop();
}

/**
 * From the request to the answer, which comes when the change is decided and shown and, with `disk`, on the disk. What
 * the disk takes for as much, asked at the same moments, stands beside it: it is the tail on a machine that others use.
 */
async function measureLatency(dataDir: string, flush: 'disk' | 'os'): Promise<void> {
  const signal = await startSignal(dataDir, { args: ['--roles', 'api', '--flush', flush] });
  const change = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${signal.api}/v1/admin/${path}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  await change('settings', { requests_per_minute: 1_000_000 });
  const { id } = await signal.admin.post<{ id: string }>('sources', { name: 'Bench', type: 'web' });
  const file = openSync(join(dataDir, 'bench-sync'), 'w');
  const kilobyte = Buffer.alloc(1024);
  const [latencies, syncs]: [number[], number[]] = [[], []];
  for (let i = 1; i <= COMMANDS + WARM_UP; i++) {
    const asked = performance.now();
    await change(`sources/${id}`, { rate_limit_rps: i });
    const answered = performance.now();
    if (flush === 'disk') {
      writeSync(file, kilobyte);
      fdatasyncSync(file);
    }
    if (i <= WARM_UP) continue;
    latencies.push(answered - asked);
    syncs.push(performance.now() - answered);
  }
  closeSync(file);
  addQuantiles(`a change over HTTP, ${flush === 'disk' ? 'durable' : 'not waiting for the disk'}`, latencies);
  if (flush === 'disk') addQuantiles('the disk alone, a kilobyte and a sync', syncs);
  await signal.stop();
}

function addQuantiles(what: string, milliseconds: readonly number[]): void {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  report.add(`${what}, p50`, quantile(sorted, 0.5), 'ms');
  report.add(`${what}, p99`, quantile(sorted, 0.99), 'ms');
}

const root = mkdtempSync(join(tmpdir(), 'signal-bench-config-'));
try {
  await measureFolding();
  await measureRestart(join(root, 'restart'));
  await measureLatency(join(root, 'durable'), 'disk');
  await measureLatency(join(root, 'volatile'), 'os');
} finally {
  rmSync(root, { recursive: true, force: true });
}
report.finish();
