/**
 * `npm run bench`: what one process does on this machine, in one run. Ratios between the figures of a run say more
 * than any figure alone; machines differ and are noisy.
 *
 * Signal runs in a process of its own, as built; load and vendor are this process.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCountingVendor } from '../test/support/counting-vendor.ts';
import { type SignalProcess, startSignal } from '../test/support/signal-process.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { batchBodies, browserEvent } from './events.ts';
import { postAll, quantile } from './post.ts';
import { cpuSecondsOf } from './process-figures.ts';
import { Report } from './report.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 200_000);
const BATCH = 20;
const LATENCY_RATE = 50;
const LATENCY_SECONDS = 20;

const report = new Report('signal');
let peakMemory = 0;

/** Linux only; elsewhere memory is not reported. */
function notePeakMemory(signal: SignalProcess): void {
  try {
    const status = readFileSync(`/proc/${signal.pid}/status`, 'utf8');
    peakMemory = Math.max(peakMemory, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
  } catch {}
}

function reportCpu(name: string, signal: SignalProcess, before: number, events: number): void {
  const used = cpuSecondsOf(signal.pid) - before;
  if (!Number.isNaN(used)) report.add(`${name}: processor time per event`, (used * 1e6) / events, 'µs');
}

async function configure(
  signal: SignalProcess,
  vendorUrl: string,
  vendor: 'webhook' | 'dreamdata',
): Promise<string> {
  const source = await signal.admin.post<{ id: string; pipeline_key: string }>('sources', {
    name: 'Bench',
    type: 'web',
  });
  const integration = await signal.admin.post<{ id: string }>('integrations', {
    vendor,
    name: 'Vendor',
    variant: vendor === 'dreamdata' ? 'b2b_saas' : 'default',
    config:
      vendor === 'dreamdata' ? { endpoint: vendorUrl, api_key: 'bench' } : { url: `${vendorUrl}/webhook` },
    consent_categories: ['analytics'],
  });
  await signal.admin.post('pipelines', {
    source_id: source.id,
    integration_id: integration.id,
    enabled: true,
  });
  return source.pipeline_key;
}

/** Sum of a gauge's values over all its labels that match. */
async function lag(signal: SignalProcess, group: string): Promise<number> {
  const text = await (await fetch(`${signal.gateway}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`signal_consumer_lag{group="${group}"`));
  if (lines.length === 0) throw new Error(`the metrics say nothing of group ${group}`);
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const env = { RATE_LIMIT_RPS: '1000000' };

/** Gateway alone, then the processor alone over what it accepted. */
async function measureStages(dataDir: string, vendorUrl: string): Promise<void> {
  let signal = await startSignal(dataDir, { env, args: ['--roles', 'gateway,api'] });
  const key = await configure(signal, vendorUrl, 'dreamdata');
  const bodies = batchBodies({ count: EVENTS / BATCH, size: BATCH, visitors: 20_000 });
  await postAll(signal.gateway, key, bodies.splice(0, 200), 32);
  const cpu = cpuSecondsOf(signal.pid);
  const posted = await postAll(signal.gateway, key, bodies, 32);
  report.add('gateway: events accepted, durable', (posted.requests * BATCH) / posted.seconds, 'events/s');
  reportCpu('gateway', signal, cpu, posted.requests * BATCH);
  report.add('gateway: answer to a batch of 20, p50', quantile(posted.latencies, 0.5), 'ms');
  report.add('gateway: answer to a batch of 20, p99', quantile(posted.latencies, 0.99), 'ms');
  notePeakMemory(signal);
  await signal.stop();

  const started = performance.now();
  signal = await startSignal(dataDir, { env, args: ['--roles', 'processor,gateway'] });
  const serving = performance.now();
  const running = signal;
  const cpuBefore = cpuSecondsOf(signal.pid);
  await waitFor(async () => (await lag(running, 'signal-processor')) === 0, {
    timeoutMs: 300_000,
    everyMs: 250,
    what: 'the processor to catch up',
  });
  const seconds = (performance.now() - serving) / 1000;
  report.add('processor: raw-events to delivery-*', EVENTS / seconds, 'events/s');
  reportCpu('processor', signal, cpuBefore, EVENTS);
  report.add('start on a log of that size', serving - started, 'ms');
  notePeakMemory(signal);
  await signal.stop();
}

/** Everything at once, as fast as it is accepted, until the vendor has it all. */
async function measureAll(dataDir: string): Promise<void> {
  const vendor = await startCountingVendor();
  const signal = await startSignal(dataDir, { env });
  const key = await configure(signal, vendor.url, 'dreamdata');
  const bodies = batchBodies({ count: EVENTS / 2 / BATCH, size: BATCH, visitors: 20_000 });
  const cpu = cpuSecondsOf(signal.pid);
  const started = performance.now();
  const posted = await postAll(signal.gateway, key, bodies, 16);
  await waitFor(() => vendor.arrivals.size === bodies.length * BATCH, {
    timeoutMs: 300_000,
    what: () => `all events at the vendor; ${vendor.arrivals.size} of ${bodies.length * BATCH} are`,
  });
  const seconds = (performance.now() - started) / 1000;
  report.add('all at once: accepted', (posted.requests * BATCH) / posted.seconds, 'events/s');
  report.add('all at once: accepted, processed and delivered', (bodies.length * BATCH) / seconds, 'events/s');
  reportCpu('all at once', signal, cpu, bodies.length * BATCH);
  notePeakMemory(signal);
  await signal.stop();
  await vendor.close();
}

/** From the gateway's answer's request to the vendor's door, at a gentle rate. */
async function measureLatency(dataDir: string): Promise<void> {
  const vendor = await startCountingVendor();
  const signal = await startSignal(dataDir, { env });
  const key = await configure(signal, vendor.url, 'webhook');
  const sent = new Map<string, number>();
  const requests: Promise<unknown>[] = [];
  const started = performance.now();
  for (let i = 0; i < LATENCY_RATE * LATENCY_SECONDS; i++) {
    await sleep(Math.max(0, started + (i * 1000) / LATENCY_RATE - performance.now()));
    const event = browserEvent(500);
    sent.set(String(event.messageId), performance.now());
    requests.push(
      fetch(`${signal.gateway}/v1/t`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(event),
      }).then((answer) => answer.arrayBuffer()),
    );
  }
  await Promise.all(requests);
  await waitFor(() => vendor.arrivals.size === sent.size, {
    timeoutMs: 30_000,
    what: 'all events at the vendor',
  });
  const latencies = [...sent].map(([id, at]) => (vendor.arrivals.get(id)?.firstAt ?? Number.NaN) - at);
  latencies.sort((a, b) => a - b);
  report.add(`accept to vendor at ${LATENCY_RATE} events/s, p50`, quantile(latencies, 0.5), 'ms');
  report.add(`accept to vendor at ${LATENCY_RATE} events/s, p99`, quantile(latencies, 0.99), 'ms');
  notePeakMemory(signal);
  await signal.stop();
  await vendor.close();
}

const root = mkdtempSync(join(tmpdir(), 'signal-bench-'));
try {
  await measureStages(join(root, 'stages'), 'http://127.0.0.1:9');
  await measureAll(join(root, 'all'));
  await measureLatency(join(root, 'latency'));
  if (peakMemory > 0) report.add('peak memory of the process', peakMemory, 'MB');
} finally {
  rmSync(root, { recursive: true, force: true });
}

report.finish();
