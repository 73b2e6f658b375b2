/** A gateway alone in a process, over a log that keeps nothing: says its port, and for each line on standard input how
 * many bytes its heap holds after garbage was collected. Run with --expose-gc. */
import { createInterface } from 'node:readline';
import { startGateway } from './harness.ts';

const gateway = await startGateway({
  log: { append: async () => {} },
  settings: {
    rateLimitRps: 1_000_000,
    timeouts: { headers: 2000, request: 2000, stalled: 60_000, closing: 10_000, keepAlive: 5000, check: 100 },
  },
});
console.log(gateway.port);
createInterface({ input: process.stdin }).on('line', () => {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  console.log(process.memoryUsage().heapUsed);
});
