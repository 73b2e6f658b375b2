import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointPublisher } from '../../../topologies/config/index.ts';
import { fileName } from './file-name.ts';

/** A file each, in a directory that should lie on another machine's disk. */
export function directoryPublisher(directory: string): CheckpointPublisher {
  return {
    name: `directory ${directory}`,
    async publish(checkpoint) {
      await mkdir(directory, { recursive: true });
      const path = join(directory, fileName(checkpoint));
      const file = await open(`${path}.new`, 'w', 0o644);
      try {
        await file.writeFile(checkpoint.note);
        await file.sync();
      } finally {
        await file.close();
      }
      // A reader sees the whole file or none.
      await rename(`${path}.new`, path);
    },
  };
}
