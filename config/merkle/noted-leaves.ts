import { HASH_BYTES } from './hashes.ts';
import { MerkleTree } from './merkle-tree.ts';
import type { TreeHead } from './proofs.ts';

/** Leaf hashes noted down with a tree head, from leaf `first` on, one after another. */
export interface LeavesOf {
  readonly first: number;
  readonly hashes: Buffer;
}

/** What the leaves of a log were, by what was noted of them. */
export interface NotedLeaves {
  readonly leaves: readonly Buffer[];
  /** So many of them are believed: they give the root of a head. */
  readonly proven: number;
}

/** Reads what the heads, in order of size, have noted. `found`: the tree that is looked into; where the notes agree
 * with it, its roots need not be computed once more. */
export function notedLeaves(
  heads: readonly (TreeHead & { readonly leaves?: LeavesOf | undefined })[],
  found: MerkleTree,
): NotedLeaves {
  const leaves: Buffer[] = [];
  const own = new MerkleTree();
  let same = 0;
  const rootOf = (size: number): Buffer => {
    while (same < Math.min(leaves.length, found.size) && leaves[same]?.equals(found.leaf(same))) same++;
    if (size <= same) return found.root(size);
    for (const leaf of leaves.slice(own.size)) own.append(leaf);
    return own.root(size);
  };
  let proven = 0;
  for (const { size, root, leaves: noted } of heads) {
    const { first, hashes } = noted ?? { first: 0, hashes: Buffer.alloc(0) };
    if (first > leaves.length) break;
    for (let at = (leaves.length - first) * HASH_BYTES; at + HASH_BYTES <= hashes.length; at += HASH_BYTES)
      leaves.push(hashes.subarray(at, at + HASH_BYTES));
    if (size > leaves.length || !rootOf(size).equals(root)) break;
    proven = size;
  }
  return { leaves, proven };
}
