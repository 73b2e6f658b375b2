import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PersistentMap } from './persistent-map.ts';

/** Two keys of equal 32-bit FNV-1a hash. */
const COLLIDING = ['costarring', 'liquid'] as const;

const operation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key: fc.string({ maxLength: 2 }), value: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), key: fc.string({ maxLength: 2 }), value: fc.nat() }),
);

describe('PersistentMap', () => {
  it('behaves as a Map does, whatever is set and deleted', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const model = new Map<string, number>();
        let map = PersistentMap.empty<string, number>();
        for (const { kind, key, value } of operations) {
          if (kind === 'set') {
            model.set(key, value);
            map = map.set(key, value);
          } else {
            model.delete(key);
            map = map.delete(key);
          }
          expect(map.size).toBe(model.size);
          expect(map.get(key)).toBe(model.get(key));
        }
        expect([...map].toSorted()).toEqual([...model].toSorted());
      }),
    );
  });

  it('leaves the map it was made from as it was', () => {
    const keys = Array.from({ length: 1000 }, (_, i) => `key ${i}`);
    const versions = [PersistentMap.empty<string, number>()];
    for (const [i, key] of keys.entries()) versions.push(versions[i]!.set(key, i));
    for (const [i, version] of versions.entries()) {
      expect(version.size).toBe(i);
      expect(version.get(`key ${i}`)).toBeUndefined();
      if (i > 0) expect(version.get(`key ${i - 1}`)).toBe(i - 1);
    }
  });

  it('has the same form however it came to its entries', () => {
    const entries = fc.uniqueArray(fc.string(), { maxLength: 100 });
    fc.assert(
      fc.property(entries, fc.uniqueArray(fc.string(), { maxLength: 100 }), (keys, passing) => {
        const straight = PersistentMap.of(keys.map((key) => [key, key.length]));
        let detour = PersistentMap.of([...passing, ...keys.toReversed()].map((key) => [key, key.length]));
        for (const key of passing) if (!keys.includes(key)) detour = detour.delete(key);
        expect(detour).toEqual(straight);
      }),
    );
  });

  it('keeps keys apart whose hashes are equal', () => {
    const [a, b] = COLLIDING;
    const map = PersistentMap.of([
      [a, 1],
      [b, 2],
      ['other', 3],
    ]);
    expect([map.get(a), map.get(b), map.size]).toEqual([1, 2, 3]);
    expect(map.set(a, 4).get(b)).toBe(2);
    const without = map.delete(a);
    expect([without.get(a), without.get(b), without.size]).toEqual([undefined, 2, 2]);
  });

  it('holds names of object properties as any other key', () => {
    const map = PersistentMap.empty<string, number>();
    expect(map.get('__proto__')).toBeUndefined();
    expect(map.set('__proto__', 1).get('__proto__')).toBe(1);
    expect(map.has('constructor')).toBe(false);
  });
});
