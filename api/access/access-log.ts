import type { AccessRecord } from '../../schemas/index.ts';
import { type Log, NO_HEADERS, type Serde, type TopicSpec } from '../../streams/index.ts';
import { decode } from '../../topologies/config/index.ts';

/** No retention, no compaction, one order. */
export const ACCESS_TOPIC: TopicSpec = { name: 'access-log', partitions: 1 };

const TOPIC = { topic: ACCESS_TOPIC.name, partition: 0 } as const;

export interface AccessLogOptions {
  readonly log: Pick<Log, 'append' | 'read' | 'offsetsAt'>;
  readonly serde: Serde<AccessRecord>;
}

export interface StoredAccess {
  /** Counts from 1 in the order of the log; what a Merkle tree over it would call its leaf number, plus one. */
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
  private readonly options: AccessLogOptions;

  constructor(options: AccessLogOptions) {
    this.options = options;
  }

  /** Resolves when it is durable. Nobody is shown what could not be recorded, so await it before answering. */
  async record(record: AccessRecord): Promise<void> {
    const { log, serde } = this.options;
    const value = serde.serialize(record);
    await log.append([{ ...TOPIC, key: null, value, timestamp: record.time, headers: NO_HEADERS }]);
  }

  /** At most `limit` of those that `isWanted`, oldest first. */
  async find(
    range: AccessRange,
    isWanted: (record: AccessRecord) => boolean,
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
        if (isWithin(record.time, range) && isWanted(record)) found.push({ sequence: offset + 1, record });
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
