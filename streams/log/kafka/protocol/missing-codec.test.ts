import { expect, test } from 'vitest';
import { decompress } from './compression.ts';

test('a codec whose package does not work here is UNSUPPORTED, by its name', () => {
  // Nothing has prepared it in this process.
  expect(() => decompress(4, Buffer.alloc(10), 'orders')).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('topic orders has records compressed with zstd'),
    }),
  );
});
