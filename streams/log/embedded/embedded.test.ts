import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../index.ts';
import { logContract } from '../log.contract.ts';

for (const flush of ['disk', 'os'] as const) {
  logContract(`the embedded log, flushing to ${flush}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'embedded-log-'));
    return {
      open: () => openEmbeddedLog({ directory, flush }),
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  });
}
