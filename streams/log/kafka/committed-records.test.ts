import { describe, expect, test } from 'vitest';
import { committedRecords, slices } from './committed-records.ts';
import { crc32c } from './protocol/crc32c.ts';
import { encodeBatch } from './protocol/record-batch.ts';

/** A fetched range, laid out as a broker does. */
class Range {
  readonly #batches: Buffer[] = [];
  #next = 100;

  write(producerId: number, values: readonly string[], transactional = true): this {
    return this.#add(
      encodeBatch(
        values.map((value) => ({ key: null, value: Buffer.from(value), timestamp: 1, headers: [] })),
        { producerId, producerEpoch: 0, baseSequence: 0, transactional },
      ),
      values.length,
    );
  }

  marker(producerId: number, type: 'commit' | 'abort'): this {
    const key = Buffer.from([0, 0, 0, type === 'commit' ? 1 : 0]);
    const batch = encodeBatch([{ key, value: Buffer.alloc(6), timestamp: 1, headers: [] }], {
      producerId,
      producerEpoch: 0,
      baseSequence: -1,
      transactional: true,
    });
    batch.writeInt16BE(0x30, 21);
    batch.writeUInt32BE(crc32c(batch, 21), 17);
    return this.#add(batch, 1);
  }

  read(
    aborted: readonly { producerId: number; firstOffset: number }[],
    from = 100,
    to = Number.POSITIVE_INFINITY,
  ): { values: string; next: number } {
    const fetched = {
      topic: 't',
      partition: 0,
      errorCode: 0,
      lastStableOffset: this.#next,
      logStartOffset: 0,
      aborted,
      records: Buffer.concat(this.#batches),
    };
    const { records, next } = committedRecords(fetched, from, to);
    return { values: records.map(({ value }) => value?.toString()).join(''), next };
  }

  #add(batch: Buffer, count: number): this {
    batch.writeBigInt64BE(BigInt(this.#next), 0);
    this.#batches.push(batch);
    this.#next += count;
    return this;
  }
}

describe('what can be read of a fetched range', () => {
  test('is all but the markers, where every transaction was committed', () => {
    const range = new Range().write(1, ['a', 'b']).marker(1, 'commit').write(2, ['c'], false);
    expect(range.read([])).toEqual({ values: 'abc', next: 104 });
  });

  test('leaves out an aborted transaction from its first record to its marker, and nothing of others', () => {
    const range = new Range()
      .write(1, ['x'])
      .write(2, ['a'])
      .write(1, ['y'])
      .write(3, ['b'], false)
      .marker(1, 'abort')
      .write(1, ['c'])
      .marker(2, 'commit')
      .marker(1, 'commit');
    expect(range.read([{ producerId: 1, firstOffset: 100 }])).toEqual({ values: 'abc', next: 108 });
  });

  test('knows of transactions that began before the range, in whatever order they are named', () => {
    const range = new Range()
      .write(1, ['x'])
      .write(2, ['y'])
      .marker(2, 'abort')
      .marker(1, 'abort')
      .write(2, ['a']);
    const aborted = [
      { producerId: 2, firstOffset: 90 },
      { producerId: 1, firstOffset: 10 },
    ];
    expect(range.read(aborted)).toEqual({ values: 'a', next: 105 });
  });

  test('goes on after the markers that end it', () => {
    const range = new Range().write(1, ['x']).marker(1, 'abort');
    expect(range.read([{ producerId: 1, firstOffset: 100 }])).toEqual({ values: '', next: 102 });
  });

  test('ends before the offset asked for', () => {
    const range = new Range().write(1, ['a', 'b', 'c']).marker(1, 'commit').write(1, ['d']);
    expect(range.read([], 101, 102)).toEqual({ values: 'b', next: 102 });
    expect(range.read([], 101, 104)).toEqual({ values: 'bc', next: 104 });
  });
});

test('many records are handed over in slices', () => {
  const records = Array.from({ length: 4500 }, (_, offset) => ({
    topic: 't',
    partition: 0,
    offset,
    key: null,
    value: null,
    timestamp: 0,
    headers: [],
  }));
  const lengths = [...slices(records)].map(({ length }) => length);
  expect(lengths).toEqual([2000, 2000, 500]);
  expect([...slices([])]).toEqual([]);
});
