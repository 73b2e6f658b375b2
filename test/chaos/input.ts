import type { Log, OutgoingRecord } from '../../streams/index.ts';
import { PARTITIONS } from './dump.ts';
import { eventSerde, INPUT, OUTPUTS, type ShopEvent } from './topology.ts';

const USERS = 200;
const CATEGORIES = 23;
const CHUNK = 1_000;

/** Creates the topics and fills the input: the same records whenever the seed is the same, a tenth of them repeated. */
export async function fill(log: Log, count: number, seed: number): Promise<void> {
  await log.createTopics([INPUT, ...OUTPUTS].map((name) => ({ name, partitions: PARTITIONS })));
  const random = mulberry32(seed);
  const recent: OutgoingRecord[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    const records: OutgoingRecord[] = [];
    for (let i = from; i < Math.min(from + CHUNK, count); i++) {
      const repeated = random() < 0.1 ? recent[Math.floor(random() * recent.length)] : undefined;
      records.push(repeated ?? event(i, random));
      recent[i % 500] = records[records.length - 1] as OutgoingRecord;
    }
    await log.append(records);
  }
}

function event(i: number, random: () => number): OutgoingRecord {
  const value: ShopEvent = {
    id: `e${i}`,
    kind: random() < 0.3 ? 'order' : 'view',
    category: `c${Math.floor(random() * CATEGORIES)}`,
    amount: Math.floor(random() * 10_000),
  };
  return {
    topic: INPUT,
    key: Buffer.from(`u${Math.floor(random() * USERS)}`),
    value: eventSerde.serialize(value),
    timestamp: 1_700_000_000_000 + i,
    headers: [],
  };
}

/** A small generator of numbers in [0, 1) that are random enough, and the same for the same seed. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
