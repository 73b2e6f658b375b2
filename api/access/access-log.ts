import type { AccessRecord } from '../../schemas/index.ts';
import { type Log, NO_HEADERS, type Serde, type TopicSpec } from '../../streams/index.ts';
import { decode, type SignedLog } from '../../topologies/config/index.ts';

export const ACCESS_LOG: SignedLog = {
  name: 'access log',
  command: 'signal access-log verify',
  records: 'access-log',
  checkpoints: 'access-log-checkpoints',
  // Many processes write it, and none decides who is first.
  numbered: false,
};

/** No retention, no compaction, one order. */
export const topicsOfAccessLog: readonly TopicSpec[] = [
  { name: ACCESS_LOG.records, partitions: 1 },
  { name: ACCESS_LOG.checkpoints, partitions: 1 },
];

const TOPIC = { topic: ACCESS_LOG.records, partition: 0 } as const;

export interface AccessLogOptions {
  readonly log: Pick<Log, 'append' | 'read' | 'offsetsAt'>;
  readonly serde: Serde<AccessRecord>;
}

export interface StoredAccess {
  /** Counts from 1 in the order of the log: its leaf number in the Merkle tree over it, plus one. */
  readonly sequence: number;
  readonly record: AccessRecord;
}

/** Epoch milliseconds and sequences, of which those between are wanted: the first included, the last not. */
export interface AccessRange {
  readonly afterSequence: number;
  readonly fromTime?: number | undefined;
  readonly toTime?: number | undefined;
}

/** What people did, or tried, that changed no configuration and so is not in its log. */
export class AccessLog {
  /** Offset after the last record that this process wrote. */
  end = 0;
  private readonly options: AccessLogOptions;

  constructor(options: AccessLogOptions) {
    this.options = options;
  }

  /** Resolves when it is durable. Nobody is shown what could not be recorded, so await it before answering. */
  async record(record: AccessRecord): Promise<void> {
    const { log, serde } = this.options;
    const value = serde.serialize(record);
    const written = { ...TOPIC, key: null, value, timestamp: record.time, headers: NO_HEADERS };
    const [position] = await log.append([written]);
    if (position !== undefined) this.end = Math.max(this.end, position.offset + 1);
  }

  /** At most `limit` of those that `isWanted`, oldest first. */
  async find(
    range: AccessRange,
    isWanted: (record: AccessRecord, sequence: number) => boolean,
    limit: number,
  ): Promise<StoredAccess[]> {
    const { log, serde } = this.options;
    const from = Math.max(range.afterSequence, await this.offsetAt(range.fromTime));
    const found: StoredAccess[] = [];
    for await (const records of log.read({ ...TOPIC, from })) {
      for (const { value, offset } of records) {
        if (value === null) continue;
        const record = await decode(serde, value);
        // Clocks of processes differ: the order of the log is not quite that of time.
        if (isWithin(record.time, range) && isWanted(record, offset + 1))
          found.push({ sequence: offset + 1, record });
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  private async offsetAt(time: number | undefined): Promise<number> {
    if (time === undefined) return 0;
    const [position] = await this.options.log.offsetsAt(TOPIC.topic, time);
    return position?.offset ?? 0;
  }
}

const isWithin = (time: number, { fromTime = 0, toTime = Number.POSITIVE_INFINITY }: AccessRange): boolean =>
  time >= fromTime && time < toTime;
