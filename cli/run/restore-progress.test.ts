import { expect, test } from 'vitest';
import { RestoreReport } from './restore-progress.ts';

function reporting() {
  const lines: (readonly [message: string, details: object])[] = [];
  let now = 5_000;
  const report = new RestoreReport({ info: (details, message) => lines.push([message, details]) }, () => now);
  const chunk = (store: string, restored: number, remaining: number): void =>
    report.progress({ task: '0_0', store, restored, remaining, recordsPerSecond: 1 });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { lines, report, chunk, pass };
}

test('restoring is told once a second, of all stores together, and once at its end', () => {
  const { lines, report, chunk, pass } = reporting();
  chunk('users', 10, 0);
  for (let restored = 100; restored <= 4_500; restored += 100) {
    pass(50);
    chunk('visitors', restored, 4_500 - restored);
  }
  pass(50);
  report.done();
  const restoring = 'restoring state from its changelog';
  expect(lines).toEqual([
    [restoring, { stores: 2, restored: 2_010, remaining: 2_500, recordsPerSecond: 2_010 }],
    [restoring, { stores: 2, restored: 4_010, remaining: 500, recordsPerSecond: 2_005 }],
    ['restored state from its changelog', { stores: 2, restored: 4_510, recordsPerSecond: 1_961 }],
  ]);
});

test('nothing is told where nothing was restored, nor of an earlier restoration', () => {
  const { lines, report, chunk } = reporting();
  report.done();
  expect(lines).toEqual([]);
  chunk('visitors', 5, 0);
  report.done();
  report.done();
  expect(lines).toHaveLength(1);
});
