import { expect, it } from 'vitest';
import { uuid } from './id.ts';

it('makes version 4 UUIDs, each a new one', () => {
  const ids = new Set(Array.from({ length: 1_000 }, uuid));
  expect(ids.size).toBe(1_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
