/**
 * `npm run bench:streams`: what the stream library does on one thread, by itself. Records of 1 KB in Avro, 50,000
 * keys: parse → update a store entry of the key (RocksDB) → filter → fan out to three topics, exactly once.
 *
 * Log, application and (on Kafka) broker share this machine; processor time per record is this process's alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../cli/package-root.ts';
import {
  avroSerde,
  type KeyValueStore,
  keyValueStore,
  type Log,
  memoryRegistry,
  openEmbeddedLog,
  openKafkaLog,
  type Processor,
  type ProcessorContext,
  type Serde,
  type StreamRecord,
  StreamsApp,
  StreamsBuilder,
  serdes,
  type Topology,
} from '../streams/index.ts';
import { Report } from './report.ts';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 400_000);
const KEYS = 50_000;
const CHUNK = 1_000;
const OUTPUTS = ['out-ga', 'out-ads', 'out-crm'] as const;

interface Click {
  readonly visitor: string;
  readonly page: string;
  readonly amount: number;
  readonly body: string;
}

interface Profile {
  readonly count: number;
  readonly total: number;
  readonly lastPage: string;
}

interface Serdes {
  readonly click: Serde<Click>;
  readonly profile: Serde<Profile>;
}

class UpdateProfile implements Processor<string, Click, string, Click> {
  #context: ProcessorContext<string, Click> | undefined;
  #profiles: KeyValueStore<string, Profile> | undefined;

  init(context: ProcessorContext<string, Click>): void {
    this.#context = context;
    this.#profiles = context.store<KeyValueStore<string, Profile>>('profiles');
  }

  process(record: StreamRecord<string, Click>): void {
    const { amount, page } = record.value;
    const known = this.#profiles?.get(record.key) ?? { count: 0, total: 0, lastPage: '' };
    const profile = { count: known.count + 1, total: known.total + amount, lastPage: page };
    this.#profiles?.put(record.key, profile);
    this.#context?.forward({ ...record, value: { ...record.value, amount: profile.total } });
  }
}

function topology({ click, profile }: Serdes): Topology {
  const key = serdes.string();
  const builder = new StreamsBuilder();
  builder.addStateStore(keyValueStore({ name: 'profiles', key, value: profile }));
  const updated = builder
    .stream('clicks', { key, value: click })
    .processValues(() => new UpdateProfile(), { stores: ['profiles'] })
    .filter((_, value) => value.page !== 'ignored');
  for (const output of OUTPUTS) updated.to(output, { key, value: click });
  return builder.build();
}

async function fill(log: Log, { click }: Serdes): Promise<void> {
  await log.createTopics(['clicks', ...OUTPUTS].map((name) => ({ name, partitions: 4 })));
  const body = 'x'.repeat(960);
  for (let from = 0; from < RECORDS; from += CHUNK) {
    await log.append(
      Array.from({ length: Math.min(CHUNK, RECORDS - from) }, (_, i) => {
        // A full cycle over the keys, in an order that has no locality.
        const visitor = `visitor-${((from + i) * 7919) % KEYS}`;
        const value = click.serialize({ visitor, page: `/page/${i % 50}`, amount: i % 100, body });
        return { topic: 'clicks', key: Buffer.from(visitor), value, timestamp: from + i, headers: [] };
      }),
    );
  }
}

async function run(name: string, log: Log, serdesOf: Serdes, report: Report): Promise<void> {
  await fill(log, serdesOf);
  let processed = 0;
  const finished = deferred();
  const app = new StreamsApp(topology(serdesOf), {
    applicationId: 'bench',
    log,
    onError: finished.reject,
    onBatch: ({ records }) => {
      processed += records;
      if (processed === RECORDS) finished.resolve();
    },
  });
  const cpu = process.cpuUsage();
  const started = performance.now();
  await app.start();
  await finished.promise;
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await app.close();
  report.add(`${name}: processed, exactly once`, RECORDS / seconds, 'records/s');
  report.add(`${name}: processor time per record`, (user + system) / RECORDS, 'µs');
}

function deferred() {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** The same on Kafka, then once more after the disk with the stores was lost. */
async function measureKafka(serdesOf: Serdes): Promise<void> {
  // Found from the package's root, since this file runs from dist/ and that one as it is.
  const script = pathToFileURL(join(packageRoot(), 'scripts/kafka.mjs')).href;
  const { missingForKafka, startKafka }: typeof import('../scripts/kafka.mjs') = await import(script);
  const missing = missingForKafka();
  if (missing !== undefined) {
    process.stderr.write(`Kafka is left out: ${missing}\n`);
    return;
  }
  const broker = await startKafka({ fullSpeed: true });
  const open = (name: string): Promise<Log> =>
    openKafkaLog({ brokers: broker.brokers, clientId: 'bench', stateDirectory: join(root, name) });
  try {
    const log = await open('state');
    await run('Kafka', log, serdesOf, report);
    await log.close();
    const elsewhere = await open('elsewhere');
    await measureRestore(elsewhere, serdesOf);
    await elsewhere.close();
  } finally {
    await broker.remove();
  }
}

async function measureRestore(log: Log, serdesOf: Serdes): Promise<void> {
  const restored = new Map<string, number>();
  const running = deferred();
  const app = new StreamsApp(topology(serdesOf), {
    applicationId: 'bench',
    log,
    onError: running.reject,
    onRestore: ({ task, store, restored: records }) => restored.set(`${task}/${store}`, records),
    onStateChange: (state) => {
      if (state === 'running') running.resolve();
    },
  });
  const started = performance.now();
  await app.start();
  const joined = performance.now();
  const cpu = process.cpuUsage();
  await running.promise;
  const seconds = (performance.now() - joined) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await app.close();
  const records = [...restored.values()].reduce((sum, each) => sum + each, 0);
  report.add('Kafka: restored from the changelog', records / seconds, 'records/s');
  report.add('Kafka: processor time per restored record', (user + system) / records, 'µs');
  report.add('Kafka: records restored', records, 'records');
  report.add('Kafka: joining the group', (joined - started) / 1000, 's');
}

const root = mkdtempSync(join(tmpdir(), 'signal-bench-streams-'));
const report = new Report('streams');
try {
  const registry = memoryRegistry();
  const field = (name: string, type: string): object => ({ name, type });
  const both: Serdes = {
    click: await avroSerde<Click>({
      schema: {
        type: 'record',
        name: 'Click',
        fields: [
          field('visitor', 'string'),
          field('page', 'string'),
          field('amount', 'double'),
          field('body', 'string'),
        ],
      } as { type: 'record'; name: string },
      subject: 'clicks-value',
      registry,
    }),
    profile: await avroSerde<Profile>({
      schema: {
        type: 'record',
        name: 'Profile',
        fields: [field('count', 'long'), field('total', 'double'), field('lastPage', 'string')],
      } as { type: 'record'; name: string },
      subject: 'profiles-value',
      registry,
    }),
  };
  const log = await openEmbeddedLog({ directory: join(root, 'embedded') });
  await run('embedded log', log, both, report);
  await log.close();
  await measureKafka(both);
  report.add('peak memory of the process', process.resourceUsage().maxRSS / 1024, 'MB');
} finally {
  rmSync(root, { recursive: true, force: true });
}
report.finish();
