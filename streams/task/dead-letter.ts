import type { ProcessingError } from '../errors.ts';
import type { OutgoingRecord, StoredRecord } from '../log/log.ts';

/** Decides about a record that cannot be read or processed: put it aside and go on, or stop at it. */
export type UnprocessableHandler = (error: ProcessingError, record: StoredRecord) => 'dead-letter' | 'stop';

/** The record as it was read, bytes and all, with what went wrong, and at which stage, in its headers. */
export function deadLetter(
  topic: string,
  record: StoredRecord,
  error: { readonly stage: string; readonly message: string },
): OutgoingRecord {
  const header = (name: string, value: string): readonly [string, Buffer] => [name, Buffer.from(value)];
  return {
    topic,
    key: record.key,
    value: record.value,
    timestamp: record.timestamp,
    headers: [
      ...record.headers,
      header('error-stage', error.stage),
      header('error-message', error.message.slice(0, 1000)),
      header('error-topic', record.topic),
      header('error-partition', String(record.partition)),
      header('error-offset', String(record.offset)),
    ],
  };
}
