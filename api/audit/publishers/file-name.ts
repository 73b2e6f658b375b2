import type { PublishedCheckpoint } from '../../../topologies/config/index.ts';

/** Sorts by size. Two checkpoints of one size and different roots, which prove that the log was made anew, both
 * stay. */
export function fileName({ size, root }: PublishedCheckpoint): string {
  return `${String(size).padStart(12, '0')}-${root.toString('hex').slice(0, 16)}.checkpoint`;
}
