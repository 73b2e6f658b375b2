/**
 * An immutable map from strings, a hash trie: `set` and `delete` give a new map that shares all but a few nodes with
 * the old one, so keeping a past version costs little. (Bagwell, "Ideal Hash Trees", 2001.)
 *
 * Iteration order depends on the keys alone except among keys of equal hash, so sort what people see. Values are never
 * undefined.
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
    const hash = hashOf(key);
    let node = this.root;
    for (let shift = 0; node?.kind === 'branch'; shift += BITS) {
      const bit = bitOf(hash, shift);
      node = (node.bitmap & bit) === 0 ? undefined : node.children[indexOf(node.bitmap, bit)];
    }
    return leafOf(node, key)?.value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): PersistentMap<K, V> {
    const change: Change = { size: this.size };
    const root = insert(
      this.root,
      0,
      { kind: 'leaf', hash: hashOf(key), key, value, next: undefined },
      change,
    );
    return new PersistentMap(root, change.size);
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

/** `next` only where two keys have the same hash, all 32 bits of it. */
interface Leaf<K, V> {
  readonly kind: 'leaf';
  readonly hash: number;
  readonly key: K;
  readonly value: V;
  readonly next: Leaf<K, V> | undefined;
}

/** Bit n of `bitmap` is set if there is a child for the value n of the hash's next five bits. */
interface Branch<K, V> {
  readonly kind: 'branch';
  readonly bitmap: number;
  readonly children: readonly Node<K, V>[];
}

type Node<K, V> = Leaf<K, V> | Branch<K, V>;

interface Change {
  size: number;
}

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

function leafOf<K, V>(first: Leaf<K, V> | undefined, key: string): Leaf<K, V> | undefined {
  let leaf = first;
  while (leaf !== undefined && leaf.key !== key) leaf = leaf.next;
  return leaf;
}

function insert<K extends string, V>(
  node: Node<K, V> | undefined,
  shift: number,
  leaf: Leaf<K, V>,
  change: Change,
): Node<K, V> {
  if (node === undefined) {
    change.size++;
    return leaf;
  }
  if (node.kind === 'leaf') {
    if (node.hash === leaf.hash) {
      if (leafOf(node, leaf.key) === undefined) change.size++;
      return { ...leaf, next: without(node, leaf.key) };
    }
    const parent: Branch<K, V> = { kind: 'branch', bitmap: bitOf(node.hash, shift), children: [node] };
    return insert(parent, shift, leaf, change);
  }
  const bit = bitOf(leaf.hash, shift);
  const index = indexOf(node.bitmap, bit);
  if ((node.bitmap & bit) === 0) {
    change.size++;
    return { kind: 'branch', bitmap: node.bitmap | bit, children: inserted(node.children, index, leaf) };
  }
  const child = insert(node.children[index], shift + BITS, leaf, change);
  return { kind: 'branch', bitmap: node.bitmap, children: replaced(node.children, index, child) };
}

/** The node without `key`, in the form `insert` would have given it, so that equal maps have equal tries. */
function remove<K extends string, V>(
  node: Node<K, V> | undefined,
  shift: number,
  hash: number,
  key: K,
): Node<K, V> | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'leaf') return without(node, key);
  const bit = bitOf(hash, shift);
  if ((node.bitmap & bit) === 0) return node;
  const index = indexOf(node.bitmap, bit);
  const child = remove(node.children[index], shift + BITS, hash, key);
  const children =
    child === undefined ? node.children.toSpliced(index, 1) : replaced(node.children, index, child);
  const bitmap = child === undefined ? node.bitmap & ~bit : node.bitmap;
  const [only] = children;
  if (children.length === 1 && only?.kind === 'leaf') return only;
  return children.length === 0 ? undefined : { kind: 'branch', bitmap, children };
}

function without<K, V>(leaf: Leaf<K, V> | undefined, key: K): Leaf<K, V> | undefined {
  if (leaf === undefined || leaf.key === key) return leaf?.next;
  const next = without(leaf.next, key);
  return next === leaf.next ? leaf : { ...leaf, next };
}

/** These two are what most time goes into; `with` and `toSpliced` take several times as long. */
function replaced<T>(array: readonly T[], index: number, item: T): T[] {
  const copy = array.slice();
  copy[index] = item;
  return copy;
}

function inserted<T>(array: readonly T[], index: number, item: T): T[] {
  const copy = array.slice(0, index);
  copy.push(item);
  for (let i = index; i < array.length; i++) copy.push(array[i] as T);
  return copy;
}

function* entriesOf<K, V>(node: Node<K, V>): IterableIterator<readonly [K, V]> {
  if (node.kind === 'branch') for (const child of node.children) yield* entriesOf(child);
  else
    for (let leaf: Leaf<K, V> | undefined = node; leaf !== undefined; leaf = leaf.next)
      yield [leaf.key, leaf.value];
}
