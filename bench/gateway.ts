/**
 * `npm run bench:gateway`: what the gateway costs, durable on the embedded log, against a bare Fastify route that
 * parses the same bodies in the same run. The load is this process, the server another. On a busy machine read the
 * ratios and the processor time, not the rates.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startSignal } from '../test/support/signal-process.ts';
import { batchBodies, browserEvent } from './events.ts';
import { type Load, type LoadResult, load } from './http-load.ts';
import { quantile } from './post.ts';
import { cpuSecondsOf, memoryOf } from './process-figures.ts';
import { Report } from './report.ts';

const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 60_000);
const BATCHES = Number(process.env.BENCH_BATCHES ?? 4000);
const BATCH = 100;
const SOAK = Number(process.env.BENCH_SOAK ?? 12_000);

/** `BENCH_NODE_OPTIONS`: for the gateway's process, as to have it profiled. */
const nodeOptions: Record<string, string> =
  process.env.BENCH_NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS };

const report = new Report('gateway');
const singles = Array.from({ length: 2000 }, () => JSON.stringify(browserEvent(20_000)));
const batches = batchBodies({ count: 200, size: BATCH, visitors: 20_000 });

interface Server {
  readonly pid: number;
  readonly port: number;
  readonly key: string;
  stop(): Promise<unknown>;
}

interface Figures extends LoadResult {
  /** Microseconds of the server's processor time for each request. */
  readonly cpu: number;
}

async function measure(server: Server, options: Omit<Load, 'port' | 'key'>): Promise<Figures> {
  const before = cpuSecondsOf(server.pid);
  const result = await load({ ...options, port: server.port, key: server.key });
  return { ...result, cpu: ((cpuSecondsOf(server.pid) - before) * 1e6) / options.count };
}

async function startBare(): Promise<Server> {
  const script = fileURLToPath(new URL('bare-server.js', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async (): Promise<void> => {
    child.kill();
    await once(child, 'exit');
  };
  return { pid: child.pid ?? 0, port: Number(port), key: 'none', stop };
}

/** The gateway's role alone: the management API follows the events too, for its index of them. */
async function startGateway(dataDir: string): Promise<Server> {
  const env = { RATE_LIMIT_RPS: '10000000', ...nodeOptions };
  const configured = await startSignal(dataDir, { args: ['--roles', 'gateway,api'] });
  const { pipeline_key: key } = await configured.admin.post<{ pipeline_key: string }>('sources', {
    name: 'Bench',
    type: 'web',
  });
  await configured.stop();
  const { pid, gateway, stop } = await startSignal(dataDir, { env, args: ['--roles', 'gateway'] });
  return { pid, port: Number(new URL(gateway).port), key, stop };
}

const single = { path: '/v1/t', bodies: singles, connections: 64 };
const batched = { path: '/v1/batch', bodies: batches, connections: 16 };

/** Warm, then measured. */
async function both(server: Server): Promise<{ readonly one: Figures; readonly many: Figures }> {
  await measure(server, { ...single, count: REQUESTS / 4 });
  const one = await measure(server, { ...single, count: REQUESTS });
  await measure(server, { ...batched, count: BATCHES / 4 });
  const many = await measure(server, { ...batched, count: BATCHES });
  return { one, many };
}

const root = mkdtempSync(join(tmpdir(), 'signal-bench-gateway-'));
try {
  const bareServer = await startBare();
  const bare = await both(bareServer);
  await bareServer.stop();
  report.add('bare route: single events', bare.one.perSecond, 'requests/s');
  report.add('bare route: single events, processor time', bare.one.cpu, 'µs/request');

  const server = await startGateway(join(root, 'data'));
  const { one, many } = await both(server);
  report.add('gateway: single events, durable', one.perSecond, 'requests/s');
  report.add('gateway: single events, processor time', one.cpu, 'µs/request');
  report.add(
    'gateway: single events, of the bare route’s rate',
    (100 * one.perSecond) / bare.one.perSecond,
    '%',
  );
  report.add(
    'gateway: single events, bare route’s processor time of its own',
    (100 * bare.one.cpu) / one.cpu,
    '%',
  );
  report.add(`gateway: events in batches of ${BATCH}, durable`, many.perSecond * BATCH, 'events/s');
  report.add(`gateway: events in batches of ${BATCH}, processor time`, many.cpu / BATCH, 'µs/event');
  report.add(`bare route: events in batches of ${BATCH}, processor time`, bare.many.cpu / BATCH, 'µs/event');

  const half = await measure(server, { ...single, count: REQUESTS / 4, rate: one.perSecond / 2 });
  report.add('gateway: at half of that load, p50', quantile(half.latencies, 0.5), 'ms');
  report.add('gateway: at half of that load, p99', quantile(half.latencies, 0.99), 'ms');

  await measure(server, { ...batched, count: SOAK / 3 });
  const early = memoryOf(server.pid);
  await measure(server, { ...batched, count: (SOAK * 2) / 3 });
  report.add(`gateway: memory after ${(SOAK * BATCH) / 3} events more`, early, 'MB');
  report.add(`gateway: memory after ${SOAK * BATCH} events more`, memoryOf(server.pid), 'MB');
  await server.stop();
} finally {
  rmSync(root, { recursive: true, force: true });
}
report.finish();
