import { describe, expect, it } from 'vitest';
import type { ConfigEvent } from '../../../schemas/index.ts';
import {
  LogError,
  memoryRegistry,
  NO_HEADERS,
  type ReadOptions,
  type StoredRecord,
} from '../../../streams/index.ts';
import { configSerdes } from '../topics.ts';
import { CONFIG_LOG } from './signed-log.ts';
import { verifyStoredLog } from './verify-stored.ts';
import { WriterSchemas } from './writer-schemas.ts';

const registry = memoryRegistry();

async function recordOf(sequence: number): Promise<StoredRecord> {
  const { event: serde } = await configSerdes(registry);
  const event: ConfigEvent = {
    sequence,
    commandId: 'c',
    resourceId: 'src_1',
    resourceVersion: sequence,
    time: 0,
    actor: { kind: 'system', id: 'test', name: null, ip: null },
    reason: null,
    payload: { 'signal.config.SourceDeleted': { sourceId: 'src_1' } },
  };
  return {
    topic: 'config-events',
    partition: 0,
    offset: sequence - 1,
    key: null,
    value: serde.serialize(event),
    timestamp: 0,
    headers: NO_HEADERS,
  };
}

/** Gives these events, then fails so. */
function logOf(events: readonly StoredRecord[], error?: LogError) {
  return {
    async *read({ topic }: ReadOptions): AsyncIterable<readonly StoredRecord[]> {
      if (topic !== 'config-events') return;
      yield events;
      if (error !== undefined) throw error;
    },
  };
}

const verify = (log: ReturnType<typeof logOf>) =>
  verifyStoredLog({ of: CONFIG_LOG, log, schemas: new WriterSchemas(registry, CONFIG_LOG), keys: [] });

describe('a stored log', () => {
  it('that the disk has changed is not valid from there on', async () => {
    const events = [await recordOf(1), await recordOf(2)];
    const log = logOf(events, new LogError('CORRUPT', 'batch at 2'));
    expect(await verify(log)).toMatchObject({
      valid: false,
      size: 2,
      problem: { kind: 'altered', sequence: 3, upTo: 3, message: expect.stringContaining('checksum') },
    });
  });

  it('has its first fault named, also when the disk changed what comes later', async () => {
    const log = logOf([await recordOf(1), await recordOf(3)], new LogError('CORRUPT', 'batch at 2'));
    expect(await verify(log)).toMatchObject({ problem: { kind: 'removed', sequence: 2 } });
  });

  it('that cannot be reached is not called invalid', async () => {
    await expect(verify(logOf([], new LogError('UNAVAILABLE', 'no broker')))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('without a value where an event should be is not valid', async () => {
    const tombstone = { ...(await recordOf(2)), value: null };
    expect(await verify(logOf([await recordOf(1), tombstone]))).toMatchObject({
      valid: false,
      problem: { kind: 'altered', sequence: 2 },
    });
  });
});
