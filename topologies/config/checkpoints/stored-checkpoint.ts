import type { Witness } from '../../../config/index.ts';
import type { Headers, Log, OutgoingRecord, StoredRecord } from '../../../streams/index.ts';
import type { SignedLog } from './signed-log.ts';

/**
 * A checkpoint as it is kept in the log's topic for them: the value is the signed note itself, so that any Kafka tool shows
 * it. Headers hold what the note does not need to be verified, but to tell which event is at fault if it fails.
 */
export interface StoredCheckpoint {
  readonly note: string;
  /** What the note says; NaN if it says none. Not to be believed by itself. */
  readonly size: number;
  /** Epoch milliseconds, as whoever signed it had them. Not signed. */
  readonly time: number;
  /** Of the key that signed, so that a key that was lost can still be looked up. Not to be believed by itself. */
  readonly publicKey: string;
  /** Leaf hashes of the events since the checkpoint before. */
  readonly leaves: NonNullable<Witness['leaves']>;
}

const FIRST_LEAF = 'first-leaf';
const LEAVES = 'leaf-hashes';
const PUBLIC_KEY = 'public-key';

export function toRecord(
  { checkpoints: topic }: SignedLog,
  { note, size, time, publicKey, leaves }: StoredCheckpoint,
): OutgoingRecord {
  return {
    topic,
    key: Buffer.from(String(size)),
    value: Buffer.from(note),
    timestamp: time,
    headers: [
      [PUBLIC_KEY, Buffer.from(publicKey)],
      [FIRST_LEAF, Buffer.from(String(leaves.first))],
      [LEAVES, leaves.hashes],
    ],
  };
}

export function fromRecord({ value, timestamp, headers }: StoredRecord): StoredCheckpoint {
  const note = value?.toString('utf8') ?? '';
  return {
    note,
    size: Number(/^[^\n]*\n([0-9]{1,16})\n/.exec(note)?.[1] ?? Number.NaN),
    time: timestamp,
    publicKey: header(headers, PUBLIC_KEY).toString('utf8'),
    leaves: {
      first: Number(header(headers, FIRST_LEAF).toString('utf8')),
      hashes: header(headers, LEAVES),
    },
  };
}

/** All there are, oldest first. */
export async function readCheckpoints(
  log: Pick<Log, 'read'>,
  { checkpoints: topic }: SignedLog,
): Promise<readonly StoredCheckpoint[]> {
  const found: StoredCheckpoint[] = [];
  for await (const records of log.read({ topic, partition: 0, from: 0 }))
    found.push(...records.map(fromRecord));
  return found;
}

const header = (headers: Headers, name: string): Buffer =>
  headers.find(([each]) => each === name)?.[1] ?? Buffer.alloc(0);
