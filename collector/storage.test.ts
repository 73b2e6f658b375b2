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
    }, 'taken');
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
    area.setItem('a', '2');
    expect(here.get_('a')).toBe('2');
    there.remove_('a');
    expect(here.keys_('a')).toEqual([]);
    expect(here.get_('a')).toBeUndefined();
  });

  it('tells what another tab removed from what the page did, and from what both did', () => {
    const area = fakeArea();
    const [here, there] = [fakeStorage(area), fakeStorage(area)];
    for (const key of ['a1', 'a2', 'a3']) here.set_(key, key);
    there.remove_('a1');
    area.removeItem('a2');
    expect(here.keys_('a')).toEqual(['a2', 'a3']);
    area.removeItem('taken');
    area.removeItem('a3');
    there.remove_('a4');
    expect(here.keys_('a')).toEqual(['a2', 'a3']);
  });

  it('says of the last hundred keys or so that it took them', () => {
    const area = fakeArea();
    const here = fakeStorage(area);
    const keys = Array.from(
      { length: 500 },
      (_, n) => `a.1790000000000-${1_000_000 + n}.1200.evt_${'0'.repeat(36)}`,
    );
    for (const key of keys) here.set_(key, '1');
    const there = fakeStorage(area);
    for (const key of keys) there.remove_(key);
    expect(area.getItem('taken')?.length).toBe(9_000);
    expect(here.keys_('a').length).toBeLessThan(400);
  });

  it('removes from a full storage too', () => {
    const area = fakeArea({ 'a.1': '1' }, true);
    fakeStorage(area).remove_('a.1');
    expect(area.getItem('a.1')).toBeNull();
  });
});
