/**
 * An immutable map from strings, a hash trie: `set` and `delete` give a new map that shares all but a few nodes with
 * the old one, so keeping a past version costs a pointer. (Bagwell, "Ideal Hash Trees", 2001.)
 *
 * Iteration order depends on the keys alone except among keys of equal hash, so sort what people see.
 */
export class PersistentMap<K extends string, V> implements Iterable<readonly [K, V]> {
  readonly size: number;
  private readonly root: Node<K, V> | undefined;

  private constructor(root: Node<K, V> | undefined, size: number) {
    this.root = root;
    this.size = size;
  }

  static empty<K extends string, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>(undefined, 0);
  }

  static of<K extends string, V>(entries: Iterable<readonly [K, V]>): PersistentMap<K, V> {
    let map = PersistentMap.empty<K, V>();
    for (const [key, value] of entries) map = map.set(key, value);
    return map;
  }

  get(key: string): V | undefined {
    let node = this.root;
    const hash = hashOf(key);
    for (let shift = 0; node !== undefined; shift += BITS) {
      if (node.kind === 'leaf') return node.entries.find((entry) => entry[0] === key)?.[1];
      const bit = bitOf(hash, shift);
      if ((node.bitmap & bit) === 0) return undefined;
      node = node.children[indexOf(node.bitmap, bit)];
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): PersistentMap<K, V> {
    const size = this.has(key) ? this.size : this.size + 1;
    return new PersistentMap(insert(this.root, 0, hashOf(key), key, value), size);
  }

  delete(key: K): PersistentMap<K, V> {
    if (!this.has(key)) return this;
    return new PersistentMap(remove(this.root, 0, hashOf(key), key), this.size - 1);
  }

  *[Symbol.iterator](): IterableIterator<readonly [K, V]> {
    if (this.root !== undefined) yield* entriesOf(this.root);
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }
}

/** Keys of one whole hash; more than one entry only where hashes collide. */
interface Leaf<K, V> {
  readonly kind: 'leaf';
  readonly hash: number;
  readonly entries: readonly (readonly [K, V])[];
}

/** Bit n of `bitmap` is set if there is a child for the value n of the hash's next five bits. */
interface Branch<K, V> {
  readonly kind: 'branch';
  readonly bitmap: number;
  readonly children: readonly Node<K, V>[];
}

type Node<K, V> = Leaf<K, V> | Branch<K, V>;

const BITS = 5;

/** FNV-1a over UTF-16 units; the last step spreads the high bits, which it mixes poorly. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) | 0;
}

const bitOf = (hash: number, shift: number): number => 1 << ((hash >>> shift) & 31);

/** How many children stand before the one of `bit`. */
function indexOf(bitmap: number, bit: number): number {
  let bits = bitmap & (bit - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function insert<K, V>(
  node: Node<K, V> | undefined,
  shift: number,
  hash: number,
  key: K,
  value: V,
): Node<K, V> {
  if (node === undefined) return { kind: 'leaf', hash, entries: [[key, value]] };
  if (node.kind === 'leaf') {
    if (node.hash === hash) {
      const others = node.entries.filter((entry) => entry[0] !== key);
      return { kind: 'leaf', hash, entries: [...others, [key, value]] };
    }
    const parent: Branch<K, V> = { kind: 'branch', bitmap: bitOf(node.hash, shift), children: [node] };
    return insert(parent, shift, hash, key, value);
  }
  const bit = bitOf(hash, shift);
  const index = indexOf(node.bitmap, bit);
  const present = (node.bitmap & bit) !== 0;
  const child = insert(present ? node.children[index] : undefined, shift + BITS, hash, key, value);
  const children = present ? node.children.with(index, child) : node.children.toSpliced(index, 0, child);
  return { kind: 'branch', bitmap: node.bitmap | bit, children };
}

/** The node without `key`, in the form `insert` would have given it, so that equal maps have equal tries. */
function remove<K, V>(
  node: Node<K, V> | undefined,
  shift: number,
  hash: number,
  key: K,
): Node<K, V> | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'leaf') {
    const entries = node.entries.filter((entry) => entry[0] !== key);
    return entries.length === 0 ? undefined : { kind: 'leaf', hash: node.hash, entries };
  }
  const bit = bitOf(hash, shift);
  if ((node.bitmap & bit) === 0) return node;
  const index = indexOf(node.bitmap, bit);
  const child = remove(node.children[index], shift + BITS, hash, key);
  const children = child === undefined ? node.children.toSpliced(index, 1) : node.children.with(index, child);
  const bitmap = child === undefined ? node.bitmap & ~bit : node.bitmap;
  const [only] = children;
  if (children.length === 1 && only?.kind === 'leaf') return only;
  return children.length === 0 ? undefined : { kind: 'branch', bitmap, children };
}

function* entriesOf<K, V>(node: Node<K, V>): IterableIterator<readonly [K, V]> {
  if (node.kind === 'leaf') yield* node.entries;
  else for (const child of node.children) yield* entriesOf(child);
}
