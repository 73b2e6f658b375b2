import { afterEach, expect, it, vi } from 'vitest';
import { uuid } from './id.ts';

afterEach(() => vi.unstubAllGlobals());

it.each(['has one of its own', 'has none'])(
  'makes version 4 UUIDs, each a new one, where the browser %s',
  (has) => {
    if (has === 'has none') vi.stubGlobal('crypto', {});
    const ids = new Set(Array.from({ length: 1_000 }, uuid));
    expect(ids.size).toBe(1_000);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  },
);
