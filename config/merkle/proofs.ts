import { HASH_BYTES, nodeHash } from './hashes.ts';

/** A tree's size and root: all there is to know of it for whoever checks a proof. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether `proof` shows that leaf `index`, of this hash, is in the tree. RFC 9162, section 2.1.3.2. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  tree: TreeHead,
  proof: readonly Buffer[],
): boolean {
  if (!areSizes(index, tree.size) || index >= tree.size) return false;
  if (!areHashes(leaf, ...proof)) return false;
  let position = index;
  let last = tree.size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      root = nodeHash(sibling, root);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else root = nodeHash(root, sibling);
    position = half(position);
    last = half(last);
  }
  return last === 0 && root.equals(tree.root);
}

/** Whether `proof` shows that the later tree begins with the earlier one, which is not empty. RFC 9162, section
 * 2.1.4.2. */
export function verifyConsistency(earlier: TreeHead, later: TreeHead, proof: readonly Buffer[]): boolean {
  if (!areSizes(earlier.size, later.size) || earlier.size < 1 || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  const isWhole = Number.isInteger(Math.log2(earlier.size));
  // An earlier tree that is complete is a node of the later one, so the proof need not name it.
  const [first, ...rest] = isWhole ? [earlier.root, ...proof] : proof;
  if (first === undefined || proof.length === 0 || !areHashes(earlier.root, ...proof)) return false;

  let position = earlier.size - 1;
  let last = later.size - 1;
  while (isOdd(position)) {
    position = half(position);
    last = half(last);
  }
  let earlierRoot = first;
  let laterRoot = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      earlierRoot = nodeHash(sibling, earlierRoot);
      laterRoot = nodeHash(sibling, laterRoot);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else laterRoot = nodeHash(laterRoot, sibling);
    position = half(position);
    last = half(last);
  }
  return last === 0 && earlierRoot.equals(earlier.root) && laterRoot.equals(later.root);
}

/** Sizes beyond this cannot be told apart. */
const areSizes = (...sizes: readonly number[]): boolean =>
  sizes.every((size) => Number.isSafeInteger(size) && size >= 0);

const areHashes = (...hashes: readonly Buffer[]): boolean =>
  hashes.every((hash) => hash.length === HASH_BYTES);

const isOdd = (position: number): boolean => position % 2 === 1;

const half = (position: number): number => Math.floor(position / 2);
