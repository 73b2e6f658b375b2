import { LogError } from '../errors.ts';
import type { OutgoingRecord, RecordPosition } from '../log.ts';
import type { Address, Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { outlookOf, toLogError } from './failures.ts';
import { Producer } from './producer-identity.ts';
import { CODE, ProtocolError, protocolCode } from './protocol/error-codes.ts';
import { BATCH_OVERHEAD, encodeBatch } from './protocol/record-batch.ts';
import { type ProduceResult, produceRequest } from './protocol/requests.ts';
import type { RoutedRecord, Router } from './router.ts';
import type { WrittenEnds } from './written-ends.ts';

export interface AppenderOptions {
  readonly maxBatchBytes: number;
  readonly requestTimeoutMs: number;
  /** How long a batch is tried. */
  readonly retryMs: number;
}

interface Call {
  readonly positions: RecordPosition[];
  waiting: number;
  failed: boolean;
  resolve(positions: RecordPosition[]): void;
  reject(error: LogError): void;
}

interface Entry {
  readonly routed: RoutedRecord;
  readonly call: Call;
  /** Of the record in its call. */
  readonly index: number;
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly bytes: Buffer;
  readonly producer: Producer;
  readonly firstSequence: number;
  /** Whether an attempt got no answer, so that the broker may have written it. */
  uncertain: boolean;
}

/** One partition's records in order: what is on its way, and what comes after. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly queue: Entry[];
  batch: Batch | undefined;
  busy: boolean;
  /** This many entries are sent one by one, to find out which of them the broker refuses. */
  alone: number;
  backoffMs: number;
  /** When to stop trying, set by the first failure. */
  giveUpAt: number | undefined;
}

const REFUSED_SEQUENCE = new Set<number | undefined>([
  CODE.OUT_OF_ORDER_SEQUENCE_NUMBER,
  CODE.UNKNOWN_PRODUCER_ID,
  CODE.INVALID_PRODUCER_EPOCH,
  CODE.INVALID_PRODUCER_ID_MAPPING,
]);

const FIRST_BACKOFF_MS = 10;
const LAST_BACKOFF_MS = 1_000;

/**
 * Appends outside transactions, as an idempotent producer that waits for all in-sync replicas. One request at a time
 * to each leader: what is appended meanwhile goes with the next, so many small appends become few requests. A batch
 * that got no answer is sent again as it was, and nothing of its partition before it, so order and exactly-once hold
 * across lost connections. (kafkajs' producer gives the sequence numbers of a failed batch to the next one, which
 * the broker then takes for the repetition of the first.)
 */
export class Appender {
  readonly #cluster: Cluster;
  readonly #brokers: Brokers;
  readonly #router: Router;
  readonly #written: WrittenEnds;
  readonly #options: AppenderOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #busyLeaders = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();
  #producer: Promise<Producer> | undefined;
  #scheduled = false;

  constructor(cluster: Cluster, router: Router, written: WrittenEnds, options: AppenderOptions) {
    this.#cluster = cluster;
    this.#brokers = cluster.lane();
    this.#router = router;
    this.#written = written;
    this.#options = options;
  }

  append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]> {
    const appended = this.#append(records);
    this.#pending.add(appended);
    const forget = (): void => void this.#pending.delete(appended);
    appended.then(forget, forget);
    return appended;
  }

  /** Resolves when all that was appended so far is written or given up. */
  async settled(): Promise<void> {
    if (this.#pending.size > 0) await Promise.allSettled([...this.#pending]);
  }

  async #append(records: readonly OutgoingRecord[]): Promise<RecordPosition[]> {
    if (records.length === 0) return [];
    const routed = await this.#router.route(records);
    return new Promise((resolve, reject) => {
      const call = { positions: [], waiting: routed.length, failed: false, resolve, reject };
      for (const [index, each] of routed.entries())
        this.#lane(each).queue.push({ routed: each, call, index });
      this.#schedule();
    });
  }

  #lane({ record: { topic }, partition }: RoutedRecord): Lane {
    const name = `${topic}-${partition}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = {
        topic,
        partition,
        queue: [],
        batch: undefined,
        busy: false,
        alone: 0,
        backoffMs: 0,
        giveUpAt: undefined,
      };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  /** Not at once: what else this turn of the event loop appends goes along. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#dispatch();
    });
  }

  async #dispatch(): Promise<void> {
    const ready = [...this.#lanes.values()].filter(
      (lane) => !lane.busy && (lane.batch !== undefined || lane.queue.length > 0),
    );
    const byLeader = new Map<string, { readonly leader: Address; readonly lanes: Lane[] }>();
    for (const lane of ready) lane.busy = true;
    for (const lane of ready) {
      try {
        const leader = await this.#cluster.leader(lane.topic, lane.partition);
        const name = `${leader.host}:${leader.port}`;
        const group = byLeader.get(name);
        if (group !== undefined) group.lanes.push(lane);
        else byLeader.set(name, { leader, lanes: [lane] });
      } catch (error) {
        this.#failed(lane, error, false);
      }
    }
    for (const [name, { leader, lanes }] of byLeader) {
      if (this.#busyLeaders.has(name)) {
        for (const lane of lanes) lane.busy = false;
        continue;
      }
      this.#busyLeaders.add(name);
      void this.#produce(leader, lanes).finally(() => {
        this.#busyLeaders.delete(name);
        this.#schedule();
      });
    }
  }

  async #produce(leader: Address, lanes: readonly Lane[]): Promise<void> {
    let results: readonly ProduceResult[];
    let sent: { readonly lane: Lane; readonly batch: Batch }[] = [];
    try {
      sent = await this.#batches(lanes);
      const partitions = sent.map(({ lane: { topic, partition }, batch }) => ({
        topic,
        partition,
        batch: batch.bytes,
      }));
      if (partitions.length === 0) return;
      const request = produceRequest(null, partitions, this.#options.requestTimeoutMs);
      results = await this.#brokers.send(leader, request);
    } catch (error) {
      for (const lane of lanes) this.#failed(lane, error, sent.length > 0);
      return;
    }
    for (const { lane, batch } of sent) {
      const own = results.find((each) => each.topic === lane.topic && each.partition === lane.partition);
      const code = own?.errorCode ?? CODE.NETWORK_EXCEPTION;
      if (own !== undefined && code === 0) this.#succeeded(lane, batch, own.baseOffset);
      else this.#failed(lane, new ProtocolError(code, `${lane.topic}-${lane.partition}`), own === undefined);
    }
  }

  async #batches(lanes: readonly Lane[]): Promise<{ readonly lane: Lane; readonly batch: Batch }[]> {
    this.#producer ??= Producer.idempotent(this.#cluster);
    const producer = await this.#producer.catch((error: unknown) => {
      this.#producer = undefined;
      throw error;
    });
    return lanes.flatMap((lane) => {
      lane.batch ??= this.#nextBatch(lane, producer);
      if (lane.batch !== undefined) return [{ lane, batch: lane.batch }];
      lane.busy = false;
      return [];
    });
  }

  #nextBatch(lane: Lane, producer: Producer): Batch | undefined {
    let size = BATCH_OVERHEAD;
    let count = 0;
    const entries: Entry[] = [];
    for (const entry of lane.queue) {
      size += entry.routed.size;
      if (entries.length > 0 && (lane.alone > 0 || size > this.#options.maxBatchBytes)) break;
      count++;
      // Nobody waits any more for what is left of a call that failed.
      if (!entry.call.failed) entries.push(entry);
    }
    lane.queue.splice(0, count);
    lane.alone = Math.max(0, lane.alone - count);
    if (entries.length === 0) return undefined;
    return this.#encode(lane, producer, entries);
  }

  #encode({ topic, partition }: Lane, producer: Producer, entries: readonly Entry[]): Batch {
    const firstSequence = producer.take(topic, partition, entries.length);
    const bytes = encodeBatch(
      entries.map(({ routed }) => routed.record),
      { ...producer.identity, baseSequence: firstSequence, transactional: false },
    );
    return { entries, bytes, producer, firstSequence, uncertain: false };
  }

  #succeeded(lane: Lane, { entries }: Batch, baseOffset: number): void {
    const { topic, partition } = lane;
    this.#written.note(lane, baseOffset + entries.length);
    lane.batch = undefined;
    lane.busy = false;
    lane.backoffMs = 0;
    lane.giveUpAt = undefined;
    for (const [i, { call, index }] of entries.entries()) {
      call.positions[index] = { topic, partition, offset: baseOffset + i };
      call.waiting--;
      if (call.waiting === 0 && !call.failed) call.resolve(call.positions);
    }
  }

  #failed(lane: Lane, error: unknown, uncertain: boolean): void {
    const { batch } = lane;
    const now = performance.now();
    lane.giveUpAt ??= now + this.#options.retryMs;
    if (batch !== undefined) batch.uncertain ||= uncertain;
    const refusedSequence = REFUSED_SEQUENCE.has(protocolCode(error));
    if (refusedSequence) this.#producer = undefined;
    if (this.#cluster.closing.aborted) {
      this.#giveUp(lane, new LogError('CLOSED', `while appending to ${lane.topic}`));
    } else if (refusedSequence && batch !== undefined && !batch.uncertain) {
      // The broker has forgotten this producer, and so did not write the batch.
      lane.queue.unshift(...batch.entries);
      lane.batch = undefined;
      this.#later(lane);
    } else if (outlookOf(error) !== 'final' && now < lane.giveUpAt) {
      if (outlookOf(error) === 'moved') this.#cluster.lookAgain();
      this.#later(lane);
    } else if (batch !== undefined && !batch.uncertain && batch.entries.length > 1) {
      batch.producer.giveBack(lane.topic, lane.partition, batch.firstSequence);
      lane.queue.unshift(...batch.entries);
      lane.alone += batch.entries.length;
      lane.batch = undefined;
      lane.busy = false;
    } else {
      this.#giveUp(lane, toLogError(error, `appending to ${lane.topic}-${lane.partition}`));
    }
  }

  #later(lane: Lane): void {
    lane.backoffMs = Math.min(Math.max(lane.backoffMs * 2, FIRST_BACKOFF_MS), LAST_BACKOFF_MS);
    void this.#cluster.pause(lane.backoffMs).then(() => {
      lane.busy = false;
      this.#schedule();
    });
  }

  #giveUp(lane: Lane, error: LogError): void {
    const { batch } = lane;
    // Its numbers must not be used again for other records, so the next batches come from a new producer.
    if (batch?.uncertain) this.#producer = undefined;
    else batch?.producer.giveBack(lane.topic, lane.partition, batch.firstSequence);
    for (const { call } of batch?.entries ?? lane.queue.splice(0)) {
      call.failed = true;
      call.reject(error);
    }
    lane.batch = undefined;
    lane.busy = false;
    lane.backoffMs = 0;
    lane.giveUpAt = undefined;
    this.#schedule();
  }
}
