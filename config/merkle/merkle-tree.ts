import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hashes.ts';

/**
 * A Merkle tree (RFC 6962, section 2.1) that grows at its end.
 *
 * It keeps the hash of every complete subtree, 64 bytes per leaf in all, so that roots and proofs, of the tree as it
 * is and as it was at any size before, take a few look-ups per level and never hash a leaf again.
 */
export class MerkleTree {
  /** `levels[n]`: hashes of the complete subtrees of 2ⁿ leaves, from left to right. */
  private readonly levels: HashList[] = [];

  get size(): number {
    return this.levels[0]?.length ?? 0;
  }

  append(leaf: Buffer): void {
    let subtree = leaf;
    for (let height = 0; ; height++) {
      const level = this.level(height);
      level.push(subtree);
      if (level.length % 2 === 1) return;
      subtree = nodeHash(level.at(level.length - 2), level.at(level.length - 1));
    }
  }

  /** Throws a `RangeError` for a leaf there is not. */
  leaf(index: number): Buffer {
    return this.level(0).at(index);
  }

  /** Of the first `size` leaves. Throws a `RangeError` for a size the tree never had. */
  root(size: number = this.size): Buffer {
    this.checkSize(size);
    return size === 0 ? EMPTY_ROOT : this.subtree(0, size);
  }

  /** That leaf `index` is in the tree of the first `size` leaves (RFC 6962, 2.1.1), from the leaf's sibling upwards. */
  inclusionProof(index: number, size: number = this.size): readonly Buffer[] {
    this.checkSize(size);
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
    return this.path(index, 0, size);
  }

  /** That the tree of `to` leaves begins with the one of `from` leaves (RFC 6962, 2.1.2). Nothing is to be proven of a
   * tree without leaves. */
  consistencyProof(from: number, to: number = this.size): readonly Buffer[] {
    this.checkSize(to);
    if (!Number.isSafeInteger(from) || from < 1 || from > to)
      throw new RangeError(`a tree of ${to} leaves does not extend one of ${from}`);
    return from === to ? [] : this.extension(from, 0, to, true);
  }

  private path(index: number, start: number, end: number): readonly Buffer[] {
    if (end - start === 1) return [];
    const middle = split(start, end);
    return index < middle
      ? [...this.path(index, start, middle), this.subtree(middle, end)]
      : [...this.path(index, middle, end), this.subtree(start, middle)];
  }

  /** `isKnown`: the subtree from `start` to `from` is the whole earlier tree, whose root the verifier has. */
  private extension(from: number, start: number, end: number, isKnown: boolean): readonly Buffer[] {
    if (from === end) return isKnown ? [] : [this.subtree(start, end)];
    const middle = split(start, end);
    return from <= middle
      ? [...this.extension(from, start, middle, isKnown), this.subtree(middle, end)]
      : [...this.extension(from, middle, end, false), this.subtree(start, middle)];
  }

  /** Root of the leaves `start <= i < end`; `start` is a multiple of the largest complete subtree that fits. */
  private subtree(start: number, end: number): Buffer {
    const height = Math.log2(end - start);
    if (Number.isInteger(height)) return this.level(height).at(start / 2 ** height);
    const middle = split(start, end);
    return nodeHash(this.subtree(start, middle), this.subtree(middle, end));
  }

  private level(height: number): HashList {
    const level = this.levels[height] ?? new HashList();
    this.levels[height] = level;
    return level;
  }

  private checkSize(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size)
      throw new RangeError(`the tree has ${this.size} leaves and never had ${size}`);
  }
}

/** Where the left subtree ends: after the largest power of two that is less than the number of leaves. */
function split(start: number, end: number): number {
  return start + 2 ** Math.floor(Math.log2(end - start - 1));
}

/** As in the tiles that logs serve, 256 hashes lie together: one allocation for many hashes. */
const TILE = 256;

class HashList {
  length = 0;
  private readonly tiles: Buffer[] = [];

  push(hash: Buffer): void {
    const offset = this.length % TILE;
    if (offset === 0) this.tiles.push(Buffer.allocUnsafeSlow(TILE * HASH_BYTES));
    this.tiles.at(-1)?.set(hash, offset * HASH_BYTES);
    this.length++;
  }

  at(index: number): Buffer {
    const tile = this.tiles[Math.floor(index / TILE)];
    if (tile === undefined || index >= this.length) throw new RangeError(`there is no hash ${index}`);
    const offset = (index % TILE) * HASH_BYTES;
    return tile.subarray(offset, offset + HASH_BYTES);
  }
}
