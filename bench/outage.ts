/**
 * `npm run bench:outage`: a gateway whose Kafka is killed and away for 30 s, under load from this process. Says what
 * was accepted, refused, spooled, lost and doubled, and what callers noticed. Ends with an error if anything was lost
 * or out of order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../cli/package-root.ts';
import { startSignal } from '../test/support/signal-process.ts';
import { metricOf, storedEvents, TirelessLoad } from '../test/support/tireless-load.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { quantile } from './post.ts';
import { Report } from './report.ts';

const OUTAGE_MS = Number(process.env.BENCH_OUTAGE_MS ?? 30_000);
const BEFORE_MS = 10_000;
/** About 600 events a second, of visitors who wait 50 ms after each answer. */
const VISITORS = 32;
const PAUSE_MS = 50;

// Found from the package's root, since this file runs from dist/ and that one as it is.
const script = pathToFileURL(join(packageRoot(), 'scripts/kafka.mjs')).href;
const { missingForKafka, startKafka }: typeof import('../scripts/kafka.mjs') = await import(script);

const missing = missingForKafka();
if (missing === undefined) await measure();
else console.error(`SKIPPED: this needs a Kafka broker, and none can run here: ${missing}`);

async function measure(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signal-bench-outage-'));
  const broker = await startKafka();
  const signal = await startSignal(dataDir, {
    args: ['--roles', 'gateway,api'],
    env: { KAFKA_BROKERS: broker.brokers.join(',') },
  });
  try {
    const { pipeline_key: key } = await signal.admin.post<{ pipeline_key: string }>('sources', {
      name: 'Bench',
      type: 'server',
    });
    const url = signal.gateway;
    const load = new TirelessLoad({ url, key, visitors: VISITORS, pauseMs: PAUSE_MS });
    await sleep(BEFORE_MS);

    await broker.kill();
    const killed = performance.now();
    await sleep(OUTAGE_MS);
    await broker.restart();
    const back = performance.now();
    const isDrained = async () => (await metricOf(url, 'signal_gateway_spool_events')) === 0;
    await waitFor(isDrained, { timeoutMs: 120_000, what: 'an empty spool' });
    const drained = performance.now();
    await load.stop();

    const stored = await storedEvents(broker.brokers);
    const spooled = await metricOf(url, 'signal_gateway_spooled_events_total');
    const isLossless = tell(load, stored, { killed, back, drained, spooled });
    if (!isLossless) process.exitCode = 1;
  } finally {
    await signal.stop();
    await broker.remove();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Course {
  /** By `performance.now()`. */
  readonly killed: number;
  readonly back: number;
  readonly drained: number;
  readonly spooled: number;
}

/** Whether the log holds all that was acknowledged, in its order. */
function tell(
  load: TirelessLoad,
  { ids, doubles }: Awaited<ReturnType<typeof storedEvents>>,
  { killed, back, drained, spooled }: Course,
): boolean {
  let lost = 0;
  let reordered = 0;
  for (const [visitor, acknowledged] of load.acknowledged) {
    const stored = ids.get(visitor) ?? [];
    const places = new Map(stored.map((id, place) => [id, place]));
    lost += acknowledged.filter((id) => !places.has(id)).length;
    const found = acknowledged.flatMap((id) => places.get(id) ?? []);
    reordered += found.filter((place, i) => place < (found[i - 1] ?? 0)).length;
  }
  const report = new Report('outage');
  const latenciesOf = (from: number, to: number): number[] =>
    load.acknowledgements
      .filter(({ sentAt }) => sentAt >= from && sentAt < to)
      .map(({ took }) => took)
      .sort((a, b) => a - b);
  const refused = [...load.refused].map(([status, count]) => `${count} × ${status || 'no answer'}`);
  if (refused.length > 0) process.stderr.write(`refused: ${refused.join(', ')}\n`);
  report.add('broker away', (back - killed) / 1000, 's');
  report.add('accepted', load.count, 'events');
  report.add('accepted while it was away', latenciesOf(killed, back).length, 'events');
  report.add(
    'refused',
    [...load.refused.values()].reduce((sum, count) => sum + count, 0),
    'requests',
  );
  report.add('spooled', spooled, 'events');
  report.add('lost', lost, 'events');
  report.add('out of order', reordered, 'events');
  report.add('stored twice', doubles, 'events');
  report.add('until the spool was empty again', (drained - back) / 1000, 's');
  report.add('before, p99', quantile(latenciesOf(0, killed), 0.99), 'ms');
  const away = latenciesOf(killed, back);
  report.add('while it was away, p50', quantile(away, 0.5), 'ms');
  report.add('while it was away, p99', quantile(away, 0.99), 'ms');
  report.add('while it was away, longest', away.at(-1) ?? Number.NaN, 'ms');
  report.finish();
  return lost === 0 && reordered === 0;
}
