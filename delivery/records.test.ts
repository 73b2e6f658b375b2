import { describe, expect, test } from 'vitest';
import { SerdeError, UnknownSchemaId } from '../streams/index.ts';
import { readRequest, UnreadableRecord } from './records.ts';
import { deliveryRequest, deliverySerdes } from './testing/storage.ts';

const record = {
  topic: 't',
  partition: 0,
  offset: 0,
  key: null,
  value: Buffer.of(1),
  timestamp: 0,
  headers: [],
};

/** A serde that throws each of these in turn, then reads. */
async function failing(...errors: Error[]) {
  const { request } = await deliverySerdes();
  return {
    ...request,
    deserialize: () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return deliveryRequest('m');
    },
  };
}

describe('reading a request', () => {
  test('waits for a schema it has not seen', async () => {
    const serde = await failing(new UnknownSchemaId(7, () => Promise.resolve()));
    expect(await readRequest(record, serde)).toEqual(deliveryRequest('m'));
  });

  test('fails for now when the registry cannot be reached, so that nothing is set aside for it', async () => {
    const unavailable = new SerdeError('REGISTRY_UNAVAILABLE', 'down');
    const serde = await failing(new UnknownSchemaId(7, () => Promise.reject(unavailable)));
    await expect(readRequest(record, serde)).rejects.toBe(unavailable);
  });

  test.each([
    ['malformed bytes', new SerdeError('MALFORMED', 'short')],
    [
      'a schema nobody knows',
      new UnknownSchemaId(7, () => Promise.reject(new SerdeError('UNKNOWN_SCHEMA', '7'))),
    ],
  ])('fails for good: %s', async (_, error) => {
    await expect(readRequest(record, await failing(error))).rejects.toBeInstanceOf(UnreadableRecord);
  });

  test('fails for good: a tombstone', async () => {
    const reading = readRequest({ ...record, value: null }, await failing());
    await expect(reading).rejects.toBeInstanceOf(UnreadableRecord);
  });
});
