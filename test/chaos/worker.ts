/**
 * One instance of the application that chaos is done to. Its argument is a `WorkerOptions` as JSON; it writes a line
 * of JSON for whoever watches it, and ends on SIGTERM.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, openEmbeddedLog, openKafkaLog, StreamsApp } from '../../streams/index.ts';
import { chaosTopology, INPUT } from './topology.ts';

export const APPLICATION = 'chaos';

export type LogPlace =
  | { readonly log: 'embedded'; readonly directory: string }
  | { readonly log: 'kafka'; readonly brokers: readonly string[]; readonly stateDirectory: string };

export type WorkerOptions = LogPlace & {
  /** Records per commit; few, to be killed between many. */
  readonly maxBatch: number;
};

export interface WorkerReport {
  /** Input records committed by the group. */
  readonly progress: number;
  /** Nothing is left to process, in the input or behind it. */
  readonly idle: boolean;
}

export function openLog(options: LogPlace): Promise<Log> {
  if (options.log === 'embedded') return openEmbeddedLog({ directory: options.directory, flush: 'os' });
  const { brokers, stateDirectory } = options;
  return openKafkaLog({
    brokers,
    stateDirectory,
    clientId: 'chaos',
    sessionTimeoutMs: 2_000,
    heartbeatMs: 200,
    // A killed broker may take long to be back.
    retryMs: 300_000,
  });
}

export async function report(log: Log): Promise<WorkerReport> {
  const committed = new Map(
    (await log.committed(APPLICATION)).map(({ topic, partition, offset }) => [
      `${topic}-${partition}`,
      offset,
    ]),
  );
  const topics = (await log.topics()).map(({ name }) => name);
  let progress = 0;
  let idle = true;
  for (const topic of topics.filter((name) => name === INPUT || name.endsWith('-repartition'))) {
    for (const { partition, end } of await log.offsets(topic)) {
      const position = committed.get(`${topic}-${partition}`) ?? 0;
      if (topic === INPUT) progress += position;
      // On Kafka the end may be behind markers, which are no records.
      if (idle && position < end) idle = await isEmpty(log, topic, partition, position, end);
    }
  }
  return { progress, idle };
}

async function isEmpty(
  log: Log,
  topic: string,
  partition: number,
  from: number,
  to: number,
): Promise<boolean> {
  for await (const _ of log.read({ topic, partition, from, to })) return false;
  return true;
}

async function main(argument: string): Promise<void> {
  const options: WorkerOptions = JSON.parse(argument);
  let stopping = false;
  process.once('SIGTERM', () => {
    stopping = true;
  });
  const log = await openLog(options);
  const app = new StreamsApp(chaosTopology(), {
    applicationId: APPLICATION,
    log,
    maxBatch: options.maxBatch,
    onError: (error) => {
      console.error(error);
      process.exit(2);
    },
  });
  await app.start();
  while (!stopping) {
    console.log(JSON.stringify(await report(log)));
    await sleep(20);
  }
  await app.close();
  await log.close();
}

const [, program, argument] = process.argv;
if (program?.endsWith('worker.js') && argument !== undefined) await main(argument);
