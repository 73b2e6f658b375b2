import { Pool } from 'undici';

export interface PostResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[];
}

/** Posts every body once, `concurrency` at a time; throws on any answer but 200. */
export async function postAll(
  url: string,
  key: string,
  bodies: readonly string[],
  concurrency: number,
): Promise<PostResult> {
  const pool = new Pool(url, { connections: concurrency });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const post = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const before = performance.now();
      const answer = await pool.request({ method: 'POST', path: '/v1/batch', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`the gateway answered ${answer.statusCode}: ${text}`);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, post));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  return { requests: bodies.length, seconds, latencies: latencies.sort((a, b) => a - b) };
}

/** `sorted` ascending; `share` from 0 to 1. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
