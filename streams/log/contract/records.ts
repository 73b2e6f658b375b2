import { randomUUID } from 'node:crypto';
import type { OutgoingRecord, StoredRecord } from '../log.ts';

/** Adapters may share one broker: names must not meet. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

export function record(
  topic: string,
  key: string | null,
  value: string,
  rest: Partial<OutgoingRecord> = {},
): OutgoingRecord {
  return {
    topic,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value),
    timestamp: 1,
    headers: [],
    ...rest,
  };
}

/** Records with one key, whose values count up. */
export function numbered(topic: string, count: number, from = 0): OutgoingRecord[] {
  return Array.from({ length: count }, (_, i) => record(topic, 'k', `${from + i}`));
}

export function text({ value }: StoredRecord): string | undefined {
  return value?.toString();
}
