import { hash } from 'node:crypto';

/** Hashes of a Merkle tree as RFC 6962, section 2.1, has them: SHA-256, with a prefix that keeps a leaf from ever being
 * taken for a node. */
export const HASH_BYTES = 32;

export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** Filled and hashed without a pause, so that hashing allocates nothing but its result. Begins with 0. */
const scratch = Buffer.alloc(4096);

/** `entry`: the bytes of an event as they stand in the log. */
export function leafHash(entry: Buffer): Buffer {
  const end = 1 + entry.length;
  const input = end <= scratch.length ? scratch : Buffer.alloc(end);
  entry.copy(input, 1);
  return hash('sha256', input.subarray(0, end), 'buffer');
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(pair, 1);
  right.copy(pair, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}
