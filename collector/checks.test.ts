import { describe, expect, it } from 'vitest';
import { bag, text } from './checks.ts';

describe('an id or a name', () => {
  it('is a non-empty string, or a number', () => {
    expect(text('u1', 'userId')).toBe('u1');
    expect(text(42, 'userId')).toBe('42');
    expect(text(0, 'userId')).toBe('0');
  });
  it.each([undefined, null, '', Number.NaN, true, {}, ['u1']])('is not %j', (value) => {
    expect(() => text(value, 'userId')).toThrow('userId');
  });
});

describe('properties', () => {
  it('are a copy of an object, or empty', () => {
    const given = { a: 1 };
    expect(bag(given)).toEqual(given);
    expect(bag(given)).not.toBe(given);
    expect(bag(undefined)).toEqual({});
    expect(bag(null)).toEqual({});
  });
  it.each(['text', 7, true, [1]])('are not %j', (value) => {
    expect(() => bag(value)).toThrow('object');
  });
});
