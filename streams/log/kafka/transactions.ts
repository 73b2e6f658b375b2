import { LogError } from '../errors.ts';
import type { CommittedOffset, TopicPartition } from '../log.ts';
import type { Address, Broker, Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { isFencing, outlookOf, toLogError } from './failures.ts';
import { groupOffsets } from './group-offsets.ts';
import { Producer } from './producer-identity.ts';
import { CODE, ProtocolError, protocolCode } from './protocol/error-codes.ts';
import { BATCH_OVERHEAD, encodeBatch } from './protocol/record-batch.ts';
import { initProducerIdRequest, type ProducePartition, produceRequest } from './protocol/requests.ts';
import type { PartitionReader } from './reader.ts';
import type { RoutedRecord } from './router.ts';

export interface Transaction {
  readonly records: readonly RoutedRecord[];
  readonly group: string;
  readonly offsets: readonly CommittedOffset[];
}

export interface TransactionOptions {
  readonly transactionalId: string;
  /** After which the broker aborts a transaction whose producer has fallen silent. */
  readonly transactionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxBatchBytes: number;
  readonly retryMs: number;
}

/** Where a transaction's records of one partition lie. */
export interface WrittenRange extends TopicPartition {
  readonly first: number;
  /** After the last of them. */
  readonly end: number;
}

/** The last transaction is still being marked as ended, which takes a few milliseconds. */
const ENDING_BACKOFF_MS = 2;
const RETRY_BACKOFF_MS = 50;

/**
 * Kafka transactions of one transactional id, each carried out until its outcome is known. When an answer is missing,
 * the producer takes a new epoch before anything else: that ends the transaction one way or the other, and a request
 * that is still on its way can no longer end the next one. (Brokers before KIP-890, and clients that speak as here
 * the protocol before it, are open to that otherwise.)
 */
export class TransactionalProducer {
  readonly #cluster: Cluster;
  readonly #brokers: Brokers;
  readonly #reader: PartitionReader;
  readonly #options: TransactionOptions;
  readonly #stop = new AbortController();
  #producer = new Producer({ producerId: -1, producerEpoch: -1 });

  constructor(cluster: Cluster, brokers: Brokers, reader: PartitionReader, options: TransactionOptions) {
    this.#cluster = cluster;
    this.#brokers = brokers;
    this.#reader = reader;
    this.#options = options;
  }

  /** Fences whoever used the id before, and waits until that one's last transaction has ended. */
  async open(): Promise<void> {
    await this.#cluster.retry(`opening ${this.#options.transactionalId}`, () => this.#initialise());
  }

  /** Stops trying: the transaction under way fails when it next has to wait. */
  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when it is committed. `FENCED`: another has opened the id. `UNAVAILABLE`: its outcome is unknown. */
  async commit(transaction: Transaction): Promise<WrittenRange[]> {
    const { transactionalId, retryMs } = this.#options;
    const deadline = performance.now() + retryMs;
    for (;;) {
      const written: WrittenRange[] = [];
      const progress = { ending: false };
      try {
        await this.#attempt(transaction, written, progress);
        return written;
      } catch (error) {
        if (isFencing(error)) throw toLogError(error, `task ${transactionalId}`);
        if (outlookOf(error) === 'moved') this.#cluster.lookAgain();
        await this.#endSomehow();
        if (progress.ending && (await this.#hasCommitted(transaction, written))) return written;
        if (outlookOf(error) === 'final' && !isOwnTrouble(error))
          throw toLogError(error, `task ${transactionalId}`);
        if (performance.now() > deadline) throw toLogError(error, `task ${transactionalId}`);
        await this.#pause(RETRY_BACKOFF_MS);
      }
    }
  }

  async #attempt(
    transaction: Transaction,
    written: WrittenRange[],
    progress: { ending: boolean },
  ): Promise<void> {
    const steps = [];
    if (transaction.records.length > 0) steps.push(this.#produce(transaction.records, written));
    if (transaction.offsets.length > 0) steps.push(this.#sendOffsets(transaction));
    const outcomes = await Promise.allSettled(steps);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    progress.ending = true;
    await this.#asCoordinator((broker) => broker.endTxn({ ...this.#self(), transactionResult: true }));
  }

  async #produce(records: readonly RoutedRecord[], written: WrittenRange[]): Promise<void> {
    const lanes = lanesOf(records, this.#options.maxBatchBytes);
    const byTopic = new Map<string, number[]>();
    for (const { topic, partition } of lanes) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
    const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
    await this.#asCoordinator((broker) => broker.addPartitionsToTxn({ ...this.#self(), topics }));
    for (let round = 0; lanes.some(({ batches }) => batches.length > round); round++) {
      await this.#produceRound(lanes, round);
    }
    for (const { topic, partition, first, end } of lanes) written.push({ topic, partition, first, end });
  }

  /** The `round`-th batch of each partition: one request to each leader, at the same time. */
  async #produceRound(lanes: readonly Lane[], round: number): Promise<void> {
    const requests = new Map<string, { readonly leader: Address; readonly own: Lane[] }>();
    for (const lane of lanes) {
      if (lane.batches.length <= round) continue;
      const leader = await this.#cluster.leader(lane.topic, lane.partition);
      const name = `${leader.host}:${leader.port}`;
      const request = requests.get(name) ?? { leader, own: [] };
      requests.set(name, request);
      request.own.push(lane);
    }
    const outcomes = await Promise.allSettled(
      [...requests.values()].map(({ leader, own }) => this.#produceTo(leader, own, round)),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #produceTo(leader: Address, lanes: readonly Lane[], round: number): Promise<void> {
    const { transactionalId, requestTimeoutMs } = this.#options;
    const partitions = lanes.map((lane): ProducePartition => {
      const { topic, partition } = lane;
      const records = (lane.batches[round] ?? []).map(({ record }) => record);
      const baseSequence = this.#producer.take(topic, partition, records.length);
      const batch = encodeBatch(records, { ...this.#producer.identity, baseSequence, transactional: true });
      return { topic, partition, batch };
    });
    const results = await this.#brokers.send(
      leader,
      produceRequest(transactionalId, partitions, requestTimeoutMs),
    );
    for (const lane of lanes) {
      const { topic, partition } = lane;
      const result = results.find((each) => each.topic === topic && each.partition === partition);
      const code = result?.errorCode ?? CODE.NETWORK_EXCEPTION;
      if (result === undefined || code !== 0) throw new ProtocolError(code, `${topic}-${partition}`);
      if (round === 0) lane.first = result.baseOffset;
      lane.end = result.baseOffset + (lane.batches[round]?.length ?? 0);
    }
  }

  async #sendOffsets({ group, offsets }: Transaction): Promise<void> {
    await this.#asCoordinator((broker) => broker.addOffsetsToTxn({ ...this.#self(), groupId: group }));
    const byTopic = new Map<string, CommittedOffset[]>();
    for (const each of offsets) byTopic.set(each.topic, [...(byTopic.get(each.topic) ?? []), each]);
    const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
    const coordinator = await this.#cluster.coordinator('group', group);
    await this.#brokers.on(coordinator, (broker) =>
      broker.txnOffsetCommit({ ...this.#self(), groupId: group, topics }),
    );
  }

  /** Ends the transaction under way, by taking a new epoch, so that its outcome is decided. */
  async #endSomehow(): Promise<void> {
    await this.#cluster.retry(
      `ending a transaction of ${this.#options.transactionalId}`,
      () => this.#initialise(),
      this.#stop.signal,
    );
  }

  async #initialise(): Promise<void> {
    const { transactionalId, transactionTimeoutMs } = this.#options;
    const { producerId } = this.#producer.identity;
    const request = initProducerIdRequest(
      transactionalId,
      transactionTimeoutMs,
      producerId < 0 ? undefined : this.#producer.identity,
    );
    const coordinator = await this.#cluster.coordinator('transaction', transactionalId);
    const { errorCode, ...identity } = await this.#brokers.send(coordinator, request);
    if (errorCode !== 0) throw new ProtocolError(errorCode, `task ${transactionalId}`);
    this.#producer = new Producer(identity);
  }

  /** The first record tells: it can be read if the transaction was committed, and is skipped if not. */
  async #hasCommitted({ group, offsets }: Transaction, written: readonly WrittenRange[]): Promise<boolean> {
    const [range] = written;
    if (range === undefined) {
      const committed = await groupOffsets(this.#cluster, group, offsets);
      return offsets.every((each) =>
        committed.some(
          ({ topic, partition, offset, metadata }) =>
            topic === each.topic &&
            partition === each.partition &&
            offset === each.offset &&
            metadata === each.metadata,
        ),
      );
    }
    return this.#cluster.retry('the outcome of a transaction', async () => {
      const { records, next } = await this.#reader.fetch(range, range.first, range.first + 1);
      if (records.length > 0) return true;
      if (next > range.first) return false;
      throw new ProtocolError(CODE.OFFSET_NOT_AVAILABLE, `${range.topic}-${range.partition}`);
    });
  }

  /** Repeats while the coordinator has still to finish the transaction before. */
  async #asCoordinator(request: (broker: Broker) => Promise<unknown>): Promise<void> {
    const coordinator = await this.#cluster.coordinator('transaction', this.#options.transactionalId);
    const deadline = performance.now() + this.#options.retryMs;
    for (let backoff = ENDING_BACKOFF_MS; ; backoff = Math.min(backoff * 1.5, RETRY_BACKOFF_MS)) {
      try {
        await this.#brokers.on(coordinator, request);
        return;
      } catch (error) {
        const ending = protocolCode(error) === CODE.CONCURRENT_TRANSACTIONS;
        if (!ending || performance.now() > deadline) throw error;
      }
      await this.#pause(backoff);
    }
  }

  async #pause(ms: number): Promise<void> {
    await this.#cluster.pause(ms, this.#stop.signal);
    this.#cluster.checkOpen();
    if (this.#stop.signal.aborted) throw new LogError('FENCED', `task ${this.#options.transactionalId}`);
  }

  #self(): { transactionalId: string; producerId: number; producerEpoch: number } {
    return { transactionalId: this.#options.transactionalId, ...this.#producer.identity };
  }
}

/** Refused because of the producer's state, which a new epoch sets right. */
function isOwnTrouble(error: unknown): boolean {
  const code = protocolCode(error);
  return (
    code === CODE.OUT_OF_ORDER_SEQUENCE_NUMBER ||
    code === CODE.UNKNOWN_PRODUCER_ID ||
    code === CODE.INVALID_PRODUCER_ID_MAPPING ||
    code === CODE.INVALID_TXN_STATE
  );
}

/** One partition's records, in batches as large as the broker takes them. */
interface Lane extends TopicPartition {
  readonly batches: RoutedRecord[][];
  lastSize: number;
  first: number;
  end: number;
}

function lanesOf(records: readonly RoutedRecord[], maxBatchBytes: number): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const routed of records) {
    const { topic } = routed.record;
    const name = `${topic}-${routed.partition}`;
    let lane = lanes.get(name);
    if (lane === undefined) {
      lane = {
        topic,
        partition: routed.partition,
        batches: [[]],
        lastSize: BATCH_OVERHEAD,
        first: 0,
        end: 0,
      };
      lanes.set(name, lane);
    }
    lane.lastSize += routed.size;
    if (lane.lastSize > maxBatchBytes) {
      lane.batches.push([]);
      lane.lastSize = BATCH_OVERHEAD + routed.size;
    }
    lane.batches.at(-1)?.push(routed);
  }
  return [...lanes.values()];
}
