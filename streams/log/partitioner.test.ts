import { Partitioners } from 'kafkajs';
import { expect, test } from 'vitest';
import { murmur2, partitionForKey } from './partitioner.ts';

test('hashes to the values of Kafka’s own unit test', () => {
  const known: readonly [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [key, hash] of known) expect(murmur2(Buffer.from(key)), key).toBe(hash);
});

test('chooses the partition kafkajs chooses, for keys of every length and byte', () => {
  const kafkajs = Partitioners.DefaultPartitioner();
  for (let length = 0; length < 64; length++) {
    for (let seed = 0; seed < 20; seed++) {
      const key = Buffer.alloc(length, 0).map((_, i) => (seed * 97 + i * 131 + length * 31) & 0xff);
      for (const partitions of [1, 4, 12, 100]) {
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          partitionErrorCode: 0,
          leader: 1,
          replicas: [1],
          isr: [1],
        }));
        const expected = kafkajs({
          topic: 't',
          partitionMetadata,
          message: { key: Buffer.from(key), value: null },
        });
        expect(partitionForKey(Buffer.from(key), partitions)).toBe(expected);
      }
    }
  }
});
