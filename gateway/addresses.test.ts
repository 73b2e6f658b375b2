import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf, plainAddress, truncatedAddress, trustOf } from './addresses.ts';

describe('plainAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:5678', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['', null],
    ['unknown', null],
    ['_hidden', null],
    ['1.2.3', null],
    ['01.2.3.4', null],
    ['1.2.3.4, 5.6.7.8', null],
    ['1.2.3.4:', null],
    ['[1.2.3.4', null],
    ['2001:db8::1:443:', null],
    ['"><script>', null],
    [undefined, null],
  ])('of %s is %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});

describe('truncatedAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0'],
    ['::ffff:203.0.113.7', '203.0.113.0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
    ['2001:0DB8:0001::6', '2001:db8:1::'],
    ['2001:db8::6', '2001:db8::'],
    ['::1', '::'],
    ['1::', '1::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::'],
    ['64:ff9b:1:2:3:4:192.0.2.33', '64:ff9b:1::'],
    ['fe80::1%eth0', 'fe80::'],
    ['nonsense', null],
  ])('of %s is %s', (address, truncated) => {
    expect(truncatedAddress(address)).toBe(truncated);
  });

  it('is the same for all addresses of a /48, and of no other', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const groups = fc.array(group, { minLength: 8, maxLength: 8 });
    const compressed = (parts: readonly number[]) =>
      new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
    fc.assert(
      fc.property(groups, groups, (a, b) => {
        const truncated = truncatedAddress(compressed(a)) ?? '';
        expect(isIP(truncated)).toBe(6);
        expect(compressed([...a.slice(0, 3), 0, 0, 0, 0, 0])).toBe(
          new URL(`http://[${truncated}]`).hostname.slice(1, -1),
        );
        expect(truncatedAddress(compressed([...a.slice(0, 3), ...b.slice(3)]))).toBe(truncated);
      }),
    );
  });
});

it('networkOf is an IPv4 address, or an IPv6 /64', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
  expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'));
  expect(networkOf('nonsense')).toBe('nonsense');
});

it('trustOf knows addresses and ranges however they are written', () => {
  const isTrusted = trustOf(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32']);
  for (const address of [
    '127.0.0.1',
    '::ffff:10.1.2.3',
    '10.9.9.9:1234',
    '2001:db8:9::1',
    '[2001:db8::1]:80',
  ]) {
    expect(isTrusted(address)).toBe(true);
  }
  for (const address of ['127.0.0.2', '11.0.0.1', '2001:db9::1', '', 'localhost'])
    expect(isTrusted(address)).toBe(false);
});

it.each([
  'proxy.internal',
  '',
  '/',
  '10.0.0.0/33',
  '2001:db8::/129',
  '10.0.0.0/',
  '10.0.0.0/ ',
  '10.0.0.0/8/9',
  '10.0.0.0/-1',
  '10.0.0.0/x',
])('trustOf trusts nobody for "%s"', (range) => {
  expect(() => trustOf([range])).toThrow(`"${range}" is no address and no CIDR range`);
});
