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

/** Of each server in each round. */
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 8000);
const BATCHES = Number(process.env.BENCH_BATCHES ?? 400);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 11);
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

/** As many connections as make a busy gateway: of a web site's visitors each has its own. */
const single = { path: '/v1/t', bodies: singles, connections: 256 };
const batched = { path: '/v1/batch', bodies: batches, connections: 16 };

interface Round {
  readonly bare: Figures;
  readonly gateway: Figures;
}

/**
 * The two servers in turns, because a machine that others use is twice as fast in one minute as in another: what is
 * reported of both together is the median of the rounds' ratios.
 */
async function compare(bare: Server, gateway: Server, options: Omit<Load, 'port' | 'key'>): Promise<Round[]> {
  for (const server of [bare, gateway]) await measure(server, { ...options, count: options.count * 2 });
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS) {
    rounds.push({ bare: await measure(bare, options), gateway: await measure(gateway, options) });
  }
  return rounds;
}

function median(rounds: readonly Round[], figure: (round: Round) => number): number {
  return quantile(
    rounds.map(figure).sort((a, b) => a - b),
    0.5,
  );
}

function addComparison(what: string, per: string, rounds: readonly Round[]): void {
  report.add(
    `bare route: ${what}, processor time`,
    median(rounds, ({ bare }) => bare.cpu),
    `µs/${per}`,
  );
  report.add(
    `gateway: ${what}, processor time`,
    median(rounds, ({ gateway }) => gateway.cpu),
    `µs/${per}`,
  );
  report.add(
    `gateway: ${what}, of the bare route’s rate`,
    median(rounds, ({ bare, gateway }) => (100 * gateway.perSecond) / bare.perSecond),
    '%',
  );
  report.add(
    `gateway: ${what}, bare route’s processor time of its own`,
    median(rounds, ({ bare, gateway }) => (100 * bare.cpu) / gateway.cpu),
    '%',
  );
}

const root = mkdtempSync(join(tmpdir(), 'signal-bench-gateway-'));
try {
  const bareServer = await startBare();
  const server = await startGateway(join(root, 'data'));

  const one = await compare(bareServer, server, { ...single, count: REQUESTS });
  const rate = median(one, ({ gateway }) => gateway.perSecond);
  report.add(
    'bare route: single events',
    median(one, ({ bare }) => bare.perSecond),
    'requests/s',
  );
  report.add('gateway: single events, durable', rate, 'requests/s');
  addComparison('single events', 'request', one);

  const many = await compare(bareServer, server, { ...batched, count: BATCHES });
  const fastest = Math.max(...many.map(({ gateway }) => gateway.perSecond));
  report.add(
    `gateway: events in batches of ${BATCH}, durable`,
    median(many, ({ gateway }) => gateway.perSecond * BATCH),
    'events/s',
  );
  report.add(`gateway: events in batches of ${BATCH}, in the best round`, fastest * BATCH, 'events/s');
  addComparison(`batches of ${BATCH}`, 'batch', many);
  await bareServer.stop();

  const half = await measure(server, { ...single, count: REQUESTS * 2, rate: rate / 2 });
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
