import { LogError } from '../errors.ts';
import type { PartitionOffsets, RecordPosition, TopicInfo, TopicSpec } from '../log.ts';
import { isTopicName } from '../topic-name.ts';
import type { Cluster } from './cluster.ts';
import {
  alterTopicsRequest,
  createTopicsRequest,
  type NewTopic,
  type Settings,
  type TopicOutcome,
} from './protocol/admin-requests.ts';
import { CODE, ProtocolError } from './protocol/error-codes.ts';

export interface TopicDefaults {
  readonly partitions: number;
  /** -1: the cluster's. */
  readonly replicationFactor: number;
}

const INTERNAL = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);
const TIMEOUT_MS = 30_000;
const EARLIEST = -2;
const LATEST = -1;
/** Kafka's word for it, the greatest long. */
const NEVER = '9223372036854775807';
const READ_COMMITTED = 1;

/** Records carry the caller's time, which may be ahead of the broker's clock. */
const ANY_TIMESTAMP: Settings = { 'message.timestamp.after.max.ms': NEVER };

/** The cluster's topics, and what offsets they have. */
export class Topics {
  readonly #cluster: Cluster;
  readonly #defaults: TopicDefaults;

  constructor(cluster: Cluster, defaults: TopicDefaults) {
    this.#cluster = cluster;
    this.#defaults = defaults;
  }

  async create(specs: readonly TopicSpec[]): Promise<void> {
    for (const spec of specs) check(spec);
    const existing = new Map((await this.all()).map((topic) => [topic.name, topic]));
    const missing = new Map<string, NewTopic>();
    const changed: { readonly name: string; readonly settings: Settings }[] = [];
    for (const spec of specs) {
      const { name } = spec;
      const partitions = existing.get(name)?.partitions ?? missing.get(name)?.partitions;
      if (partitions === undefined) {
        const { replicationFactor } = this.#defaults;
        const settings = { ...ANY_TIMESTAMP, 'retention.ms': '-1', ...segmentOf(spec), ...settingsOf(spec) };
        missing.set(name, {
          name,
          partitions: spec.partitions ?? this.#defaults.partitions,
          replicationFactor,
          settings,
        });
      } else if (spec.partitions !== undefined && spec.partitions !== partitions) {
        throw new LogError('PARTITIONS_DIFFER', `${name} has ${partitions}, wanted are ${spec.partitions}`);
      } else if (isChange(existing.get(name), spec)) {
        changed.push({ name, settings: settingsOf(spec) });
      }
    }
    if (missing.size > 0) await this.#createMissing([...missing.values()]);
    if (changed.length > 0) await this.#change(changed);
  }

  async all(): Promise<TopicInfo[]> {
    const { topics } = await this.#cluster.retry('listing topics', () => this.#cluster.metadata(null));
    const visible = topics.filter(({ name, internal }) => !internal && !INTERNAL.has(name));
    if (visible.length === 0) return [];
    const settings = await this.#settings(visible.map(({ name }) => name));
    return visible.map(({ name, partitions }) => {
      const {
        'retention.ms': retention,
        'cleanup.policy': policy,
        'max.compaction.lag.ms': lag,
      } = settings.get(name) ?? {};
      return {
        name,
        partitions: partitions.length,
        retentionMs: retention === undefined || retention === '-1' ? undefined : Number(retention),
        cleanup: policy?.includes('compact') ? 'compact' : 'delete',
        compactionLagMs: lag === undefined || lag === NEVER ? undefined : Number(lag),
      };
    });
  }

  /** The end is what can be read: before any transaction that is still open. */
  async offsets(topic: string): Promise<PartitionOffsets[]> {
    const [starts, ends] = await Promise.all([this.#list(topic, EARLIEST), this.#list(topic, LATEST)]);
    return starts.map((start, partition) => ({ topic, partition, start, end: ends[partition] ?? start }));
  }

  async offsetsAt(topic: string, timestamp: number): Promise<RecordPosition[]> {
    const [found, ends] = await Promise.all([this.#list(topic, timestamp), this.#list(topic, LATEST)]);
    return found.map((offset, partition) => ({
      topic,
      partition,
      offset: offset < 0 ? (ends[partition] ?? 0) : offset,
    }));
  }

  /** One offset per partition. */
  #list(topic: string, timestamp: number): Promise<number[]> {
    return this.#cluster.retry(`offsets of ${topic}`, async () => {
      const count = await this.#cluster.partitionsOf(topic);
      return Promise.all(Array.from({ length: count }, (_, each) => this.#offset(topic, each, timestamp)));
    });
  }

  async #offset(topic: string, partition: number, timestamp: number): Promise<number> {
    const leader = await this.#cluster.leader(topic, partition);
    const { responses } = await this.#cluster.brokers.on(leader, (broker) =>
      broker.listOffsets({
        replicaId: -1,
        isolationLevel: READ_COMMITTED,
        topics: [{ topic, partitions: [{ partition, timestamp }] }],
      }),
    );
    return Number(responses[0]?.partitions[0]?.offset ?? -1);
  }

  async #createMissing(topics: readonly NewTopic[]): Promise<void> {
    const outcomes = await this.#cluster.retry('creating topics', async () => {
      const answers = await this.#cluster.any((address) =>
        this.#cluster.brokers.send(address, createTopicsRequest(topics, TIMEOUT_MS)),
      );
      const notYet = answers.find(({ errorCode }) => errorCode === CODE.NOT_CONTROLLER);
      if (notYet !== undefined) throw new ProtocolError(notYet.errorCode, notYet.name);
      return answers;
    });
    for (const outcome of outcomes) {
      // Another process wanted it too; whether as we do shows when it asks the same question again.
      if (outcome.errorCode !== CODE.TOPIC_ALREADY_EXISTS) refuse(outcome);
    }
    this.#cluster.expect(topics.map(({ name }) => name));
    for (const { name, partitions } of topics) {
      await this.#cluster.retry(`leaders of ${name}`, async () => {
        for (let each = 0; each < partitions; each++) await this.#cluster.leader(name, each);
      });
    }
  }

  /** Resolves when the brokers act on it, which is a moment after they have taken it. */
  async #change(topics: readonly { readonly name: string; readonly settings: Settings }[]): Promise<void> {
    const outcomes = await this.#cluster.retry('changing topics', () =>
      this.#cluster.any((address) => this.#cluster.brokers.send(address, alterTopicsRequest(topics))),
    );
    for (const outcome of outcomes) refuse(outcome);
    await this.#cluster.retry('changing topics', async () => {
      const current = await this.#settings(topics.map(({ name }) => name));
      for (const { name, settings } of topics) {
        const done = Object.entries(settings).every(([key, value]) => current.get(name)?.[key] === value);
        if (!done) throw new ProtocolError(CODE.REQUEST_TIMED_OUT, name);
      }
    });
  }

  async #settings(names: readonly string[]): Promise<Map<string, Record<string, string>>> {
    const configNames = ['retention.ms', 'cleanup.policy', ...Object.keys(erasing(0))];
    const { resources } = await this.#cluster.retry('settings of topics', () =>
      this.#cluster.any((address) =>
        this.#cluster.brokers.on(address, (broker) =>
          broker.describeConfigs({
            resources: names.map((name) => ({ type: 2, name, configNames })),
          }),
        ),
      ),
    );
    return new Map(
      resources.map(({ resourceName, configEntries }) => [
        resourceName,
        Object.fromEntries(
          configEntries.map(({ configName, configValue }) => [configName, configValue ?? '']),
        ),
      ]),
    );
  }
}

function check({ name, partitions }: TopicSpec): void {
  if (!isTopicName(name)) {
    throw new LogError('INVALID', `topic name ${JSON.stringify(name)}; use letters, digits, ".", "_", "-"`);
  }
  if (partitions !== undefined && (!Number.isInteger(partitions) || partitions < 1)) {
    throw new LogError('INVALID', `topic ${name} with ${partitions} partitions; at least 1 is needed`);
  }
}

/** A record that was replaced is in the segment that is written to until that is rolled, which happens when a record
 * comes that is so much later; then the cleaner takes it out, and what it left is deleted at once.
 * https://kafka.apache.org/41/configuration/topic-configs/ */
const erasing = (lagMs: number): Settings => ({
  'max.compaction.lag.ms': String(lagMs),
  'segment.ms': String(lagMs),
  'min.cleanable.dirty.ratio': '0.0',
  'file.delete.delay.ms': '0',
});

function settingsOf({ retentionMs, cleanup, compactionLagMs }: TopicSpec): Settings {
  return {
    ...(compactionLagMs === undefined ? {} : erasing(compactionLagMs)),
    ...(retentionMs === undefined ? {} : { 'retention.ms': String(retentionMs) }),
    ...(cleanup === undefined
      ? {}
      : {
          'cleanup.policy': cleanup === 'compact' && retentionMs !== undefined ? 'compact,delete' : cleanup,
        }),
  };
}

const segmentOf = ({ segmentBytes }: TopicSpec): Settings =>
  segmentBytes === undefined ? {} : { 'segment.bytes': String(segmentBytes) };

function isChange(existing: TopicInfo | undefined, spec: TopicSpec): boolean {
  const { retentionMs, cleanup, compactionLagMs } = spec;
  if (existing === undefined) return false;
  if (compactionLagMs !== undefined && compactionLagMs !== existing.compactionLagMs) return true;
  if (retentionMs !== undefined && retentionMs !== existing.retentionMs) return true;
  return cleanup !== undefined && cleanup !== existing.cleanup;
}

function refuse({ name, errorCode, message }: TopicOutcome): void {
  if (errorCode === 0) return;
  throw new LogError('INVALID', `Kafka refuses topic ${name}: ${message || `error ${errorCode}`}`);
}
