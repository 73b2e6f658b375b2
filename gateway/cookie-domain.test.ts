import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CookieDomains, isCookieDomain } from './cookie-domain.ts';

const domains = new CookieDomains(undefined);

it.each([
  ['data.shop.example.com', 'example.com'],
  ['EXAMPLE.com', 'example.com'],
  ['data.example.com.', 'example.com'],
  ['t.shop.co.uk', 'shop.co.uk'],
  ['a.b.shop.github.io', 'shop.github.io'],
  ['xn--mgbaal8b0b9b2b.xn--p1ai', 'xn--mgbaal8b0b9b2b.xn--p1ai'],
  ['shop.internal', 'shop.internal'],
  ['co.uk', undefined],
  ['com', undefined],
  ['github.io', undefined],
  ['vercel.app', undefined],
  ['localhost', undefined],
  ['192.0.2.7', undefined],
  ['[2001:db8::1]', undefined],
  ['2001:db8::1', undefined],
  ['', undefined],
  ['.', undefined],
  ['..example.com', undefined],
  ['evil.example;Domain=victim.example', undefined],
  ['user@shop.example.com', undefined],
  ['shop.example.com/path', undefined],
  ['shop.example.com\r\nSet-Cookie: x', undefined],
  [`${'a'.repeat(300)}.example.com`, undefined],
])('the cookies of %j are for %s', (host, domain) => {
  expect(domains.of(host)).toBe(domain);
});

it('is what is configured, whatever host is asked', () => {
  const configured = new CookieDomains('example.com');
  for (const host of ['data.example.com', 'internal', '10.0.0.1'])
    expect(configured.of(host)).toBe('example.com');
});

it.each(['example.com', '.example.com', 'data.shop.co.uk', 'Shop.Example', 'shop.github.io'])(
  'may be configured as %s',
  (domain) => expect(isCookieDomain(domain)).toBe(true),
);

it.each([
  '',
  '.',
  'co.uk',
  'github.io',
  '10.0.0.1',
  'https://example.com',
  'example.com:8080',
  'example.com;x',
  '*.example.com',
])('may not be configured as "%s"', (domain) => expect(isCookieDomain(domain)).toBe(false));

it('is a suffix of whatever host is claimed, in text that a cookie can hold', () => {
  const host = fc.oneof(fc.domain(), fc.string({ unit: 'binary' }), fc.webAuthority());
  fc.assert(
    fc.property(host, (name) => {
      const domain = domains.of(name);
      if (domain === undefined) return;
      expect(`.${name.toLowerCase().replace(/\.$/, '')}`.endsWith(`.${domain}`)).toBe(true);
      expect(domain).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    }),
    { numRuns: 500 },
  );
});
