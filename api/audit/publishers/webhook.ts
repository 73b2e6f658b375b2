import type { CheckpointPublisher } from '../../../topologies/config/index.ts';

const TIMEOUT_MS = 10_000;

/** A POST each, of the note as it is. Any 2xx is taken for a promise to keep it. */
export function webhookPublisher(url: string): CheckpointPublisher {
  return {
    // Its path may be its password.
    name: `webhook at ${new URL(url).host}`,
    async publish({ note }, signal) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: note,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    },
  };
}
