import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is something other than undefined or false; an error when that takes too long. */
export async function waitFor<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  options: {
    readonly timeoutMs?: number;
    readonly everyMs?: number;
    readonly what?: string | (() => string);
  } = {},
): Promise<T> {
  const { timeoutMs = 60_000, everyMs = 20, what = 'a condition' } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(everyMs);
  }
}
