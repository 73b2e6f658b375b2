import { describe, expect, it } from 'vitest';
import { createStorage, rememberIn } from './storage.ts';
import { fakeArea, fakeStorage } from './testing/fake-storage.ts';

describe('storage', () => {
  it('keeps values under its prefix and sees only its own', () => {
    const area = fakeArea({ theirs: 'x', 'other.a': 'y' });
    const storage = createStorage(() => area, 'mine.');
    storage.set('a', '1');
    storage.set('b', '2');
    storage.remove('b');
    expect(storage.get('a')).toBe('1');
    expect(storage.keys()).toEqual(['a']);
    expect(area.getItem('mine.a')).toBe('1');
    expect(area.getItem('other.a')).toBe('y');
  });

  it('keeps nothing, and does not throw, where storage is forbidden or full', () => {
    const forbidden = createStorage(() => {
      throw new DOMException('denied', 'SecurityError');
    }, 'mine.');
    const full = createStorage(() => fakeArea({}, true), 'mine.');
    for (const storage of [forbidden, full]) {
      storage.set('a', '1');
      storage.remove('a');
      expect(storage.get('a')).toBeUndefined();
      expect(storage.keys()).toEqual([]);
    }
  });
});

describe('remembered values', () => {
  it('outlive the page emptying its storage', () => {
    const storage = fakeStorage();
    const memory = rememberIn(storage);
    memory.set('a', '1');
    storage.remove('a');
    expect(memory.get('a')).toBe('1');
  });

  it('follow what another tab stored', () => {
    const storage = fakeStorage();
    const memory = rememberIn(storage);
    memory.set('a', '1');
    storage.set('a', '2');
    expect(memory.get('a')).toBe('2');
  });
});
