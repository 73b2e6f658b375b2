import { describe, expect, it } from 'vitest';
import { createStorage } from './storage.ts';
import { fakeArea, fakeStorage } from './testing/fake-storage.ts';

describe('storage', () => {
  it('lists keys by how they begin, in order', () => {
    const storage = fakeStorage(fakeArea({ theirs: 'x', 'mine.b': '2' }));
    storage.set_('mine.a', '1');
    storage.set_('mine.c', '3');
    storage.remove_('mine.c');
    expect(storage.keys_('mine.')).toEqual(['mine.a', 'mine.b']);
    expect(storage.keys_('mine.', true)).toEqual(['mine.a']);
  });

  it('remembers for this page alone where storage is forbidden or full', () => {
    const forbidden = createStorage(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const full = fakeStorage(fakeArea({}, true));
    for (const storage of [forbidden, full]) {
      storage.set_('a', '1');
      storage.set_('b', '2');
      storage.remove_('b');
      expect(storage.get_('a')).toBe('1');
      expect(storage.keys_('')).toEqual(['a']);
    }
  });

  it('outlives the page emptying it', () => {
    const area = fakeArea();
    const storage = fakeStorage(area);
    storage.set_('a', '1');
    area.removeItem('a');
    expect(storage.get_('a')).toBe('1');
  });

  it('follows what another tab stored or removed', () => {
    const area = fakeArea();
    const [here, there] = [fakeStorage(area), fakeStorage(area)];
    here.set_('a', '1');
    there.set_('a', '2');
    expect(here.get_('a')).toBe('2');
    there.remove_('a');
    here.forget_('a');
    expect(here.get_('a')).toBeUndefined();
    expect(here.keys_('')).toEqual([]);
  });
});
