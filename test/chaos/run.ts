import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../cli/package-root.ts';
import type { KafkaBroker, KafkaOptions } from '../../scripts/kafka.mjs';
import { openEmbeddedLog, StreamsApp } from '../../streams/index.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Dump, dump, dumpStores } from './dump.ts';
import { fill, mulberry32 } from './input.ts';
import { chaosTopology } from './topology.ts';
import {
  APPLICATION,
  type LogPlace,
  openLog,
  report,
  type WorkerOptions,
  type WorkerReport,
} from './worker.ts';

export interface ChaosPlan {
  readonly log: 'embedded' | 'kafka';
  readonly records: number;
  /** How often an instance is killed. */
  readonly kills: number;
  /** Side by side; the embedded log has one. */
  readonly instances: number;
  readonly brokerKills: number;
  readonly maxBatch: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface ChaosResult {
  readonly expected: Dump;
  readonly actual: Dump;
  /** On Kafka: the stores as the instances left them, each brought up to its changelog's end. */
  readonly local: readonly Dump['stores'][];
  readonly kills: number;
  readonly brokerKills: number;
}

const WORKER = join(packageRoot(), 'dist/test/chaos/worker.js');

/** Runs the application over the input once undisturbed and once disturbed. */
export async function runChaos(
  plan: ChaosPlan,
  startKafka: (options?: KafkaOptions) => Promise<KafkaBroker>,
): Promise<ChaosResult> {
  const root = await mkdtemp(join(tmpdir(), 'chaos-'));
  const kafka = plan.log === 'kafka' ? await startKafka() : undefined;
  try {
    const expected = await undisturbed(join(root, 'undisturbed'), plan);
    const placeOf = (instance: string): LogPlace =>
      kafka === undefined
        ? { log: 'embedded', directory: join(root, 'log') }
        : { log: 'kafka', brokers: kafka.brokers, stateDirectory: join(root, instance) };
    const log = await openLog(placeOf('observer'));
    await fill(log, plan.records, plan.seed);
    await log.close();
    const disturbed = await disturb(plan, placeOf, kafka);
    const after = await openLog(placeOf('observer'));
    const actual = await dump(after);
    await after.close();
    const local: Dump['stores'][] = [];
    for (let i = 0; kafka !== undefined && i < plan.instances; i++) {
      const own = await openLog(placeOf(`instance-${i}`));
      local.push(await dumpStores(own));
      await own.close();
    }
    return { expected, actual, local, ...disturbed };
  } finally {
    await kafka?.remove();
    await rm(root, { recursive: true, force: true });
  }
}

async function undisturbed(directory: string, { records, seed }: ChaosPlan): Promise<Dump> {
  const log = await openEmbeddedLog({ directory, flush: 'os' });
  await fill(log, records, seed);
  const errors: Error[] = [];
  const app = new StreamsApp(chaosTopology(), {
    applicationId: APPLICATION,
    log,
    onError: (error) => errors.push(error),
  });
  await app.start();
  const done = async (): Promise<boolean> => {
    if (errors[0] !== undefined) throw errors[0];
    const { progress, idle } = await report(log);
    return idle && progress === records;
  };
  await waitFor(done, { timeoutMs: 300_000, what: 'the undisturbed run to end' });
  await app.close();
  const result = await dump(log);
  await log.close();
  return result;
}

/** Kills at random points of progress, until all is done and has stayed so. */
async function disturb(
  plan: ChaosPlan,
  placeOf: (instance: string) => LogPlace,
  kafka: KafkaBroker | undefined,
): Promise<{ kills: number; brokerKills: number }> {
  const heard = new EventEmitter();
  const workers = Array.from(
    { length: plan.instances },
    (_, i) => new Worker({ ...placeOf(`instance-${i}`), maxBatch: plan.maxBatch }, heard),
  );
  const random = mulberry32(plan.seed + 1);
  const points = (count: number): number[] =>
    Array.from({ length: count }, () => (0.02 + 0.9 * random()) * plan.records).sort((a, b) => a - b);
  const [killAt, brokerKillAt] = [points(plan.kills), points(plan.brokerKills)];
  const done = { kills: 0, brokerKills: 0 };
  try {
    await Promise.all(workers.map((worker) => worker.start()));
    for (;;) {
      const { progress, idle } = await nextReport(heard);
      if (idle && progress === plan.records) break;
      if (progress >= (brokerKillAt[0] ?? Number.POSITIVE_INFINITY)) {
        brokerKillAt.shift();
        done.brokerKills++;
        plan.say?.(`at ${progress}: the broker is killed`);
        await kafka?.kill();
        await kafka?.restart();
      } else if (progress >= (killAt[0] ?? Number.POSITIVE_INFINITY)) {
        killAt.shift();
        const victim = Math.floor(random() * workers.length);
        done.kills++;
        plan.say?.(`at ${progress}: instance ${victim} is killed (${done.kills})`);
        await workers[victim]?.kill();
        await workers[victim]?.start();
      }
    }
    await Promise.all(workers.map((worker) => worker.stop()));
    return done;
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** Of whichever instance speaks next; rejects if one ended by itself, or all are silent. */
async function nextReport(heard: EventEmitter): Promise<WorkerReport> {
  const [report] = await once(heard, 'report', { signal: AbortSignal.timeout(SILENCE_MS) });
  return report;
}

/** An instance in a process of its own. */
class Worker {
  readonly #options: WorkerOptions;
  readonly #heard: EventEmitter;
  #child: ChildProcess | undefined;
  #errors = '';
  #speaks: Promise<unknown> = Promise.resolve();

  constructor(options: WorkerOptions, heard: EventEmitter) {
    this.#options = options;
    this.#heard = heard;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', WORKER, JSON.stringify(this.#options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#errors = '';
    child.stderr.on('data', (data) => {
      this.#errors = `${this.#errors}${data}`.slice(-10_000);
    });
    const lines = createInterface(child.stdout);
    this.#speaks = Promise.race([once(lines, 'line'), once(child, 'exit')]);
    lines.on('line', (line) => {
      if (this.#child === child) this.#heard.emit('report', JSON.parse(line));
    });
    child.once('exit', (code) => {
      if (this.#child === child)
        this.#heard.emit('error', new Error(`an instance ended with ${code}: ${this.#errors}`));
    });
  }

  /** SIGKILL, if it runs. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it finish; an error if it does not end well. */
  async stop(): Promise<void> {
    // Before, it may not yet know what to do about a signal.
    await this.#speaks;
    const code = await this.#end('SIGTERM');
    if (code !== 0) throw new Error(`an instance ended with ${code}: ${this.#errors}`);
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }
}

const SILENCE_MS = 300_000;
