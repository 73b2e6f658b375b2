import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTime, parseTimestamp } from './timestamps.ts';

describe('parseTimestamp', () => {
  it.each([
    ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00,5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00-0530', '2026-01-31T17:30:00.000Z'],
    ['2026-01-31 12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(parseTimestamp(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '1769860800000',
    'Sat, 31 Jan 2026 12:00:00 GMT',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:61Z',
    '2026-01-31T12:00:00+25:00',
    '2026-01-31T12:00:00Zjunk',
    '0050-01-01T00:00:00Z',
    '2026-1-1',
    '+002026-01-31T12:00:00Z',
  ])('does not take %j for a time', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

const T = Date.UTC(2026, 0, 31);

it('parseTimestamp reads what toISOString writes, and nothing that only looks like it', () => {
  const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  fc.assert(
    fc.property(time, (date) => {
      expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
    }),
  );
  const character = fc.constantFrom(...'0123456789-+:. TZz,/eE');
  fc.assert(
    fc.property(time, fc.nat(23), character, fc.nat(23), character, (date, i, a, j, b) => {
      const characters = [...date.toISOString()];
      characters[i] = a;
      characters[j] = b;
      const text = characters.join('');
      if (parseTimestamp(text) !== undefined) expect(text).toMatch(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/);
    }),
    { numRuns: 5000 },
  );
});

describe('eventTime', () => {
  const times = (
    timestamp: number | null,
    sentAt: number | null,
    originalTimestamp: number | null = null,
  ) => ({
    timestamp,
    originalTimestamp,
    sentAt,
  });

  it('moves an event as far before its arrival as it lay before its sending, whatever the client’s clock says', () => {
    const anHourFast = 3_600_000;
    const happened = T + 1_000_000 + anHourFast;
    const sent = T + 1_005_000 + anHourFast;
    expect(eventTime(times(happened, sent), T + 1_005_200)).toBe(T + 1_000_200);
    expect(eventTime(times(null, sent, happened), T + 1_005_200)).toBe(T + 1_000_200);
  });

  it('believes a client that does not say when it sent', () => {
    expect(eventTime(times(T + 1_000_000, null), T + 9_000_000)).toBe(T + 1_000_000);
  });

  it('takes the arrival for an event without a time', () => {
    expect(eventTime(times(null, T + 1_000_000), T + 9_000_000)).toBe(T + 9_000_000);
  });

  it('leaves a timestamp alone that stands beside an original one: it was stated, or corrected before', () => {
    expect(eventTime(times(T + 1_000_000, T + 5_000_000, T + 4_000_000), T + 9_000_000)).toBe(T + 1_000_000);
  });

  it('takes the arrival for an event of the future, of which the client’s clock knows nothing either', () => {
    const inTenYears = T + 10 * 365 * 86_400_000;
    expect(eventTime(times(inTenYears, null), T)).toBe(T);
    expect(eventTime(times(inTenYears, T - 5000), T)).toBe(T);
    expect(eventTime(times(inTenYears, T, inTenYears), T)).toBe(T);
  });

  it('takes the arrival for an event of a clock that was never set, unless its sentAt is of the same clock', () => {
    expect(eventTime(times(86_400_000, null), T)).toBe(T);
    expect(eventTime(times(-1, null), T)).toBe(T);
    expect(eventTime(times(60_000, 90_000), T)).toBe(T - 30_000);
  });

  it('believes in what happened long ago', () => {
    const longAgo = Date.UTC(1985, 5, 1);
    expect(eventTime(times(longAgo, null), T)).toBe(longAgo);
  });
});
