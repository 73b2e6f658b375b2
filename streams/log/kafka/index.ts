import { LogError } from '../errors.ts';
import type { Log } from '../log.ts';
import { Cluster } from './cluster.ts';
import { KafkaLog } from './kafka-log.ts';
import { metadataRequest } from './protocol/admin-requests.ts';
import { prepareZstd } from './protocol/codecs/zstd.ts';

export interface KafkaLogOptions {
  /** `host:port` of some brokers of the cluster; Kafka 2.5 or later. */
  readonly brokers: readonly string[];
  /** Names this process in the brokers' logs and quotas. */
  readonly clientId: string;
  /** Where tasks keep their state; created if missing. Each process needs its own. */
  readonly stateDirectory: string;
  /** For topics created without a number. */
  readonly defaultPartitions?: number | undefined;
  /** For topics created here. Left out: the cluster's default. */
  readonly replicationFactor?: number | undefined;
  /** TLS, as kafkajs takes it: `true`, or the options of `tls.connect`. */
  readonly ssl?: unknown;
  /** Authentication, as kafkajs takes it: `{mechanism: 'scram-sha-512', username, password}`. */
  readonly sasl?: unknown;
  /** Greatest record batch, as the brokers' `max.message.bytes`; a record that needs more is `RECORD_TOO_LARGE`. */
  readonly maxBatchBytes?: number | undefined;
  /** After how long a consumer that has fallen silent is taken for dead. */
  readonly sessionTimeoutMs?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  /** How long a group waits for its members to release partitions and join again. */
  readonly rebalanceTimeoutMs?: number | undefined;
  /** After how long the brokers abort a transaction whose process died, if nobody opens its task before. */
  readonly transactionTimeoutMs?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  /** How long an append, a commit or a question is tried before it is `UNAVAILABLE`. */
  readonly retryMs?: number | undefined;
}

/** Opens the log on a Kafka cluster; `UNAVAILABLE` if no broker answers within `retryMs`. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  const { brokers, requestTimeoutMs = 30_000, retryMs = 60_000 } = options;
  for (const broker of brokers) {
    if (!/^.+:\d+$/.test(broker)) throw new LogError('INVALID', `broker "${broker}"; write host:port`);
  }
  const cluster = new Cluster({
    brokers,
    clientId: options.clientId,
    ssl: options.ssl,
    sasl: options.sasl,
    connectionTimeoutMs: 5_000,
    requestTimeoutMs,
    retryMs,
  });
  await prepareZstd();
  try {
    const servers = brokers.join(',');
    await cluster.retry(`no broker answers at ${servers}`, () =>
      cluster.any((address) => cluster.brokers.send(address, metadataRequest([]))),
    );
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return new KafkaLog(cluster, {
    stateDirectory: options.stateDirectory,
    defaultPartitions: options.defaultPartitions ?? 12,
    replicationFactor: options.replicationFactor ?? -1,
    maxBatchBytes: options.maxBatchBytes ?? 1_048_588,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    heartbeatMs: options.heartbeatMs ?? 1_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 30_000,
    requestTimeoutMs,
    retryMs,
    commitLanes: 4,
  });
}
