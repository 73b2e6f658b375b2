import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

const committed = (offset: number, metadata: string) => ({ topic: 't', partition: 0, offset, metadata });

test('nothing is committed before anything was claimed', () => {
  expect(new Progress(undefined).position()).toBeUndefined();
});

test('the offset committed is that of the first record not decided, whatever is decided behind it', () => {
  const progress = new Progress(undefined);
  progress.batchClaimed('a', 0);
  progress.advance(9);
  progress.batchClaimed('b', 10);
  progress.advance(19);
  expect(progress.position()).toMatchObject({ offset: 0 });
  progress.batchSettled('b');
  expect(progress.position()).toMatchObject({ offset: 0 });
  progress.batchSettled('a');
  expect(progress.position()).toMatchObject({ offset: 20 });
});

test('what was claimed and how many wait is known again from what was committed', () => {
  const progress = new Progress(undefined);
  progress.batchClaimed('a', 0);
  progress.advance(9);
  progress.waitingChanged(7);
  const position = progress.position();
  const restored = new Progress(committed(position?.offset ?? -1, position?.metadata ?? ''));
  expect([restored.claimed, restored.waiting]).toEqual([10, 7]);
});

test.each(['', 'null', '{"claimed":"x"}', '[]', 'by hand'])(
  'an offset set by hand counts: %j',
  (metadata) => {
    const progress = new Progress(committed(42, metadata));
    expect([progress.claimed, progress.waiting]).toEqual([42, 0]);
  },
);

test('an offset moved forward by hand counts more than what was claimed before it', () => {
  expect(new Progress(committed(42, '{"claimed":7,"waiting":1}')).claimed).toBe(42);
});
