import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, leafHash, nodeHash } from './hashes.ts';
import { MerkleTree } from './merkle-tree.ts';
import { verifyConsistency, verifyInclusion } from './proofs.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** The eight entries, and the roots of their trees of size 0 to 8, that Certificate Transparency logs test with. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map(hex);
const LAST_ENTRY = hex('606162636465666768696a6b6c6d6e6f');
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

function treeOf(entries: readonly Buffer[]): MerkleTree {
  const tree = new MerkleTree();
  for (const entry of entries) tree.append(leafHash(entry));
  return tree;
}

const numbered = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`event ${i}`));

/** RFC 6962, section 2.1, word for word. */
function mth(entries: readonly Buffer[]): Buffer {
  const [first] = entries;
  if (first === undefined) return EMPTY_ROOT;
  if (entries.length === 1) return leafHash(first);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return nodeHash(mth(entries.slice(0, k)), mth(entries.slice(k)));
}

describe('a Merkle tree', () => {
  it('has the roots that Certificate Transparency logs have', () => {
    const tree = treeOf([...ENTRIES, LAST_ENTRY]);
    expect(ROOTS.map((_, size) => tree.root(size).toString('hex'))).toEqual(ROOTS);
  });

  it('has, at every size it had, the root that the definition gives', () => {
    const entries = numbered(70);
    const tree = treeOf(entries);
    for (let size = 0; size <= entries.length; size++)
      expect(tree.root(size)).toEqual(mth(entries.slice(0, size)));
  });

  it('keeps its hashes over many tiles', () => {
    const entries = numbered(1000);
    const tree = treeOf(entries);
    expect(tree.size).toBe(1000);
    expect(tree.root()).toEqual(mth(entries));
    expect(tree.leaf(999)).toEqual(leafHash(Buffer.from('event 999')));
  });

  it('hashes entries of any length', () => {
    for (const length of [0, 1, 4094, 4095, 4096, 4097, 100_000]) {
      const entry = Buffer.alloc(length, length % 251);
      const expected = createHash('sha256').update(Buffer.of(0)).update(entry).digest();
      expect(leafHash(entry)).toEqual(expected);
    }
  });

  it('refuses sizes and leaves it never had', () => {
    const tree = treeOf(numbered(3));
    for (const size of [-1, 4, 1.5, Number.NaN]) expect(() => tree.root(size)).toThrow(RangeError);
    for (const index of [-1, 3, 0.5]) expect(() => tree.inclusionProof(index)).toThrow(RangeError);
    expect(() => tree.inclusionProof(2, 2)).toThrow(RangeError);
    expect(() => tree.consistencyProof(3, 2)).toThrow(RangeError);
    expect(() => tree.consistencyProof(0, 2)).toThrow(RangeError);
    expect(() => tree.leaf(3)).toThrow(RangeError);
  });
});

describe('a proof', () => {
  const tree = treeOf(numbered(600));
  const head = (size: number) => ({ size, root: tree.root(size) });
  const sizes = fc.integer({ min: 1, max: 600 });

  it('that an event is in the log holds for every event at every size', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const index = any % size;
        const proof = tree.inclusionProof(index, size);
        expect(verifyInclusion(tree.leaf(index), index, head(size), proof)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('that one log extends another holds for all pairs of sizes', () => {
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        expect(verifyConsistency(head(from), head(to), tree.consistencyProof(from, to))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('holds for nothing but what it proves', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.nat({ max: 7 }), (size, any, where, bit) => {
        const index = any % size;
        const proof = tree.inclusionProof(index, size);
        const leaf = tree.leaf(index);
        const flipped = (bytes: Buffer): Buffer => {
          const copy = Buffer.from(bytes);
          copy[where % 32] = (copy[where % 32] ?? 0) ^ (1 << bit);
          return copy;
        };
        const wrong = [
          verifyInclusion(flipped(leaf), index, head(size), proof),
          verifyInclusion(leaf, index, { size, root: flipped(tree.root(size)) }, proof),
          verifyInclusion(leaf, index, head(size), [...proof, leaf]),
          verifyInclusion(leaf, size, head(size), proof),
        ];
        const [first, ...rest] = proof;
        if (first !== undefined)
          wrong.push(
            verifyInclusion(leaf, index, head(size), rest),
            verifyInclusion(leaf, index, head(size), [flipped(first), ...rest]),
            verifyInclusion(leaf, (index + 1) % size, head(size), proof),
          );
        expect(wrong).not.toContain(true);
      }),
      { numRuns: 300 },
    );
  });

  it('does not hold with a hash cut short, whatever was verified just before', () => {
    const two = { size: 2, root: tree.root(2) };
    const [sibling = Buffer.alloc(0)] = tree.inclusionProof(0, 2);
    const short = sibling.subarray(0, 31);
    expect(verifyInclusion(tree.leaf(0), 0, two, [sibling])).toBe(true);
    expect(verifyInclusion(tree.leaf(0), 0, two, [short])).toBe(false);
    expect(verifyConsistency(head(1), two, [sibling])).toBe(true);
    expect(verifyConsistency(head(1), two, [short])).toBe(false);
  });

  it('does not hold between logs that differ before the earlier one ends', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (a, b, any) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const entries = numbered(to);
        entries[any % from] = Buffer.from('another event');
        const other = treeOf(entries);
        const later = { size: to, root: other.root() };
        for (const proof of [other.consistencyProof(from, to), tree.consistencyProof(from, to)])
          expect(verifyConsistency(head(from), later, proof)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

type Vector = { name: string; proof: string[] | null; wantErr: boolean } & (
  | { kind: 'inclusion'; leafIdx: number; treeSize: number; root: string; leafHash: string }
  | { kind: 'consistency'; size1: number; size2: number; root1: string; root2: string }
);

const vectors = readFileSync(new URL('./testing/transparency-dev.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): Vector => JSON.parse(line));

describe("transparency.dev's vectors", () => {
  const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

  it('are there', () => {
    expect(vectors).toHaveLength(196);
  });

  it.each(vectors.map((vector) => [`${vector.kind}/${vector.name}`, vector] as const))('%s', (_, vector) => {
    const proof = (vector.proof ?? []).map(base64);
    const holds =
      vector.kind === 'inclusion'
        ? verifyInclusion(
            base64(vector.leafHash),
            vector.leafIdx,
            { size: vector.treeSize, root: base64(vector.root) },
            proof,
          )
        : verifyConsistency(
            { size: vector.size1, root: base64(vector.root1) },
            { size: vector.size2, root: base64(vector.root2) },
            proof,
          );
    expect(holds).toBe(!vector.wantErr);
  });
});
