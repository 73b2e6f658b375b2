import { hash } from 'node:crypto';

/** Hashes of a Merkle tree as RFC 6962, section 2.1, has them: SHA-256, with a prefix that keeps a leaf from ever being
 * taken for a node. */
export const HASH_BYTES = 32;

export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** `entry`: the bytes of an event as they stand in the log. */
export function leafHash(entry: Buffer): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}
