import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf, LINEAGE_TOPICS, pointerTo, readPointer } from './pointer.ts';

const position = fc.record({
  topic: fc.constantFrom(...LINEAGE_TOPICS.map(({ topic }) => topic)),
  partition: fc.nat(2 ** 31 - 1),
  offset: fc.nat(Number.MAX_SAFE_INTEGER % 2 ** 48),
});
const messageId = fc.string({ unit: 'binary', maxLength: 20 });
const integration = fc.option(fc.string({ maxLength: 10 }), { nil: undefined });

const entry = (
  at: { topic: string; partition: number; offset: number },
  id: string,
  integrationId?: string,
) => pointerTo(at, Buffer.from(id), integrationId === undefined ? undefined : Buffer.from(integrationId))!;

const holds = (id: string, key: Buffer): boolean => {
  const { gte, lt } = entriesOf(id)!;
  return Buffer.compare(key, gte) >= 0 && Buffer.compare(key, lt) < 0;
};

describe('a pointer', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(position, messageId, integration, (at, id, integrationId) => {
        const { key, value } = entry(at, id, integrationId);
        expect(readPointer(key, value)).toMatchObject(at);
      }),
    );
  });

  it("stands among its own event's entries and no other's", () => {
    fc.assert(
      fc.property(position, messageId, messageId, integration, (at, id, other, integrationId) => {
        const { key } = entry(at, id, integrationId);
        expect(holds(id, key)).toBe(true);
        expect(holds(other, key)).toBe(Buffer.from(other).equals(Buffer.from(id)));
      }),
    );
    const at = { topic: 'delivery-results', partition: 0, offset: 0 };
    expect(holds('evt', entry(at, 'evt_1').key)).toBe(false);
    expect(holds('evt\0d', entry(at, 'evt', 'd').key)).toBe(false);
  });

  it('gives way to a later one of the same event, kind and integration, and to no other', () => {
    const at = (topic: string, offset: number) => ({ topic, partition: 1, offset });
    const key = (topic: string, offset: number, integrationId?: string) =>
      entry(at(topic, offset), 'evt', integrationId).key.toString('hex');
    expect(key('raw-events', 1)).toBe(key('raw-events', 2));
    const different = [
      key('raw-events', 1),
      key('enriched-events', 1),
      key('dlq-events', 1),
      key('delivery-results', 1, 'int_a'),
      key('delivery-results', 1, 'int_b'),
    ];
    expect(new Set(different).size).toBe(different.length);
  });

  it('leads nowhere from a topic that is not followed', () => {
    expect(
      pointerTo({ topic: 'other', partition: 0, offset: 0 }, Buffer.from('x'), undefined),
    ).toBeUndefined();
  });
});
