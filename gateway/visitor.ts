import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieDomains } from './cookie-domain.ts';
import { LIMITS } from './normalise/fields.ts';
import type { GatewaySource } from './sources.ts';
import { VendorCookies, type VendorCookiesOptions } from './vendor-cookies.ts';

export const VISITOR_COOKIE = '_dfid';

const MAX_AGE_SECONDS = 34_560_000;

export interface VisitorRules {
  readonly domains: CookieDomains;
  readonly newId: () => string;
}

/**
 * Who a browser's events belong to: the one place with the rules of the visitor cookie.
 *
 * A **browser call** is a request to a web source that a browser made: it has an `Origin`, a `Sec-Fetch-Site` or the
 * cookie itself, or came as `text/plain` (a beacon). Its events never lack an identity (but for images on foreign
 * pages, which could not keep one):
 *
 * 1. the event's own anonymousId, else
 * 2. the cookie, else
 * 3. a new one,
 *
 * and the answer sets the cookie to the id of the last event accepted and names it, so that the collector can keep
 * it too. The event comes first because the cookie is HttpOnly: a page that resets the visitor (a logout on a
 * shared device), or whose SDK has its own ids, has no other way to say so. Whichever copy is lost, the other
 * restores it: script storage after a week under Safari's ITP by 2, the cookie by 1. Every answer renews the
 * cookie's 400 days, the longest that browsers allow.
 *
 * Any other call (a server, an app, a tool) is not given an identity that it could not keep: an event with neither
 * anonymousId nor userId is refused, and no cookie is set.
 */
export function visitorOf(
  request: FastifyRequest,
  source: GatewaySource,
  rules: VisitorRules,
): string | null {
  if (!isBrowserCall(request, source)) return null;
  const cookie = request.cookies[VISITOR_COOKIE];
  const isUsable = cookie !== undefined && cookie.trim() !== '' && cookie.length <= LIMITS.id;
  if (isUsable) return cookie;
  return isForeignImage(request) ? null : rules.newId();
}

export function isBrowserCall(request: FastifyRequest, source: GatewaySource): boolean {
  const { origin, 'sec-fetch-site': fetchSite, 'content-type': contentType } = request.headers;
  return (
    source.type === 'web' &&
    (origin !== undefined ||
      fetchSite !== undefined ||
      request.cookies[VISITOR_COOKIE] !== undefined ||
      contentType?.startsWith('text/plain') === true)
  );
}

export function rememberVisitor(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  rules: VisitorRules,
): void {
  if (!maySetCookie(request)) return;
  const options = cookieOptions(request, rules, MAX_AGE_SECONDS);
  reply.setCookie(VISITOR_COOKIE, id, { ...options, httpOnly: true });
}

/** Vendors' cookies of a browser call; `null` of any other. None are made where they could not be kept. */
export function vendorCookiesOf(
  request: FastifyRequest,
  source: GatewaySource,
  consent: VendorCookiesOptions['consent'],
  now: number,
  rules: VisitorRules,
): VendorCookies | null {
  if (source.vendorCookies.length === 0 || !isBrowserCall(request, source)) return null;
  const keeps = maySetCookie(request) && request.headers['sec-fetch-site'] !== 'cross-site';
  const make = keeps ? source.vendorCookies : [];
  return new VendorCookies({
    cookies: request.cookies,
    make,
    consent,
    now,
    domain: rules.domains.of(request.hostname),
  });
}

/** Not HttpOnly: the vendors' own scripts, where they are on the page, are to find them. */
export function rememberVendorIds(
  request: FastifyRequest,
  reply: FastifyReply,
  cookies: VendorCookies,
  rules: VisitorRules,
): void {
  for (const { name, value, maxAge } of cookies.made) {
    reply.setCookie(name, value, cookieOptions(request, rules, maxAge));
  }
}

function cookieOptions(request: FastifyRequest, rules: VisitorRules, maxAge: number): CookieSerializeOptions {
  const options = { path: '/', sameSite: 'lax', secure: request.protocol === 'https', maxAge } as const;
  const domain = rules.domains.of(request.hostname);
  return domain === undefined ? options : { ...options, domain };
}

/** A pixel in a mail that is read in a browser, or on somebody else's page: it could not keep a cookie, so every look
 * would be another visitor. */
function isForeignImage({ headers }: FastifyRequest): boolean {
  return headers.origin === undefined && headers['sec-fetch-site'] === 'cross-site';
}

/** Another site's page must not choose who the visitor is here. One that fetches was asked for its origin before; a
 * form that navigates would not have shown it everywhere. */
function maySetCookie(request: FastifyRequest): boolean {
  return request.headers['sec-fetch-mode'] !== 'navigate' && !isForeignImage(request);
}
