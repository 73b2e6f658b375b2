import { isIP } from 'node:net';
import type { Campaign, Consent, Context, Library, Page, Screen, SourceType } from '../../schemas/index.ts';
import { truncatedAddress } from '../addresses.ts';
import { readClickIds } from './click-ids.ts';
import { readConsent } from './consent.ts';
import { Extra } from './extra.ts';
import type { Fields, JsonObject } from './fields.ts';
import { landingQuery, landingQueryOf } from './landing-query.ts';

/** What the HTTP request itself tells of the visitor. */
export interface RequestContext {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Addresses lose their last part, whoever states them. */
  readonly truncateIp?: boolean;
  /** Of a browser call. */
  readonly vendorCookies?: VendorIds | null;
}

/** What knows the vendor ids of an event beyond those it states. */
export interface VendorIds {
  complete(
    stated: Readonly<Record<string, string>>,
    consent: Consent | null,
    clickIds: Readonly<Record<string, string>>,
  ): Record<string, string>;
}

const NO_CONTEXT: JsonObject = {};

/** Segment's convention for an address that is not to be recorded. A page may always say less of itself. */
const HIDDEN_IP = '0.0.0.0';

/**
 * The typed context, everything else as JSON in `extra`.
 *
 * Whose word counts for `ip`: for a web source only the request's, since a page could claim any address. An app or
 * a server speaks for someone else and may state it. Where it does not, an app's request comes from the visitor's
 * device, so the request's counts; the request of a server or a webhook tells of the server, not of the visitor, so
 * nothing does. `userAgent` likewise, except that a page may state it: it is the sender's own word either way.
 */
export function readContext(
  value: unknown,
  source: SourceType,
  request: RequestContext,
  fields: Fields,
): Context {
  const context = fields.object(value, 'context') ?? NO_CONTEXT;
  const extra = new Extra(fields);
  for (const key in context) {
    if (!TYPED.has(key)) extra.add(key, context[key]);
  }

  const page = readPage(context.page, extra, fields);
  const query = landingQuery(page) ?? landingQueryOf(fields.text(context.landing, 'context.landing'));
  const { consent, rest } = readConsent(context.consent, fields);
  if (rest !== null) extra.add('consent', rest);

  const own = source === 'server' || source === 'webhook' ? null : request;
  const isHidden = context.ip === HIDDEN_IP;
  const statedIp = source === 'web' || isHidden ? null : readIp(context.ip, fields);
  const ip = isHidden ? null : (statedIp ?? own?.ip ?? null);
  const clickIds = readClickIds(context.clickIds, query, fields);
  const vendorIds = readVendorIds(context.vendorIds, fields);
  return {
    ip: ip !== null && request.truncateIp === true ? truncatedAddress(ip) : ip,
    userAgent: fields.text(context.userAgent, 'context.userAgent') ?? own?.userAgent ?? null,
    locale: fields.text(context.locale, 'context.locale'),
    timezone: fields.text(context.timezone, 'context.timezone'),
    page,
    campaign: readCampaign(context.campaign, extra, fields) ?? campaignOf(query?.campaign() ?? null),
    screen: readScreen(context.screen, extra, fields),
    library: readLibrary(context.library, extra, fields),
    consent,
    clickIds,
    vendorIds: request.vendorCookies?.complete(vendorIds, consent, clickIds) ?? vendorIds,
    extra: extra.json(),
  };
}

const TYPED: ReadonlySet<string> = new Set([
  'ip',
  'userAgent',
  'locale',
  'timezone',
  'page',
  'campaign',
  'screen',
  'library',
  'consent',
  'clickIds',
  'vendorIds',
  'landing',
]);

const PAGE: ReadonlySet<string> = new Set(['url', 'path', 'referrer', 'title', 'search']);
const CAMPAIGN: ReadonlySet<string> = new Set(['source', 'medium', 'name', 'term', 'content']);
const SCREEN: ReadonlySet<string> = new Set(['width', 'height', 'density']);
const LIBRARY: ReadonlySet<string> = new Set(['name', 'version']);

function readPage(value: unknown, extra: Extra, fields: Fields): Page | null {
  const page = fields.object(value, 'context.page');
  if (page === null) return null;
  extra.addRest('page', page, PAGE);
  return {
    url: fields.text(page.url, 'context.page.url'),
    path: fields.text(page.path, 'context.page.path'),
    referrer: fields.text(page.referrer, 'context.page.referrer'),
    title: fields.text(page.title, 'context.page.title'),
    search: fields.text(page.search, 'context.page.search'),
  };
}

function readCampaign(value: unknown, extra: Extra, fields: Fields): Campaign | null {
  const campaign = fields.object(value, 'context.campaign');
  if (campaign === null) return null;
  extra.addRest('campaign', campaign, CAMPAIGN);
  return orNull({
    source: fields.text(campaign.source, 'context.campaign.source'),
    medium: fields.text(campaign.medium, 'context.campaign.medium'),
    name: fields.text(campaign.name, 'context.campaign.name'),
    term: fields.text(campaign.term, 'context.campaign.term'),
    content: fields.text(campaign.content, 'context.campaign.content'),
  });
}

function campaignOf(query: URLSearchParams | null): Campaign | null {
  if (query === null) return null;
  return orNull({
    source: query.get('utm_source') || null,
    medium: query.get('utm_medium') || null,
    name: query.get('utm_campaign') || null,
    term: query.get('utm_term') || null,
    content: query.get('utm_content') || null,
  });
}

function orNull(campaign: Campaign): Campaign | null {
  return isBlank(campaign) ? null : campaign;
}

function isBlank({ source, medium, name, term, content }: Campaign): boolean {
  return source === null && medium === null && name === null && term === null && content === null;
}

function readScreen(value: unknown, extra: Extra, fields: Fields): Screen | null {
  const screen = fields.object(value, 'context.screen');
  if (screen === null) return null;
  extra.addRest('screen', screen, SCREEN);
  return {
    width: fields.number(screen.width, 'context.screen.width'),
    height: fields.number(screen.height, 'context.screen.height'),
    density: fields.number(screen.density, 'context.screen.density'),
  };
}

function readLibrary(value: unknown, extra: Extra, fields: Fields): Library | null {
  const library = fields.object(value, 'context.library');
  if (library === null) return null;
  extra.addRest('library', library, LIBRARY);
  return {
    name: fields.text(library.name, 'context.library.name'),
    version: fields.text(library.version, 'context.library.version'),
  };
}

/** By the cookie's name without its leading underscore, with which a client may still send it. */
function readVendorIds(value: unknown, fields: Fields): Record<string, string> {
  const vendorIds: Record<string, string> = {};
  for (const [name, id] of fields.entries(value, 'context.vendorIds')) {
    const text = fields.text(id, `context.vendorIds.${name}`);
    if (text !== null) vendorIds[name.replace(/^_/, '')] = text;
  }
  return vendorIds;
}

function readIp(value: unknown, fields: Fields): string | null {
  const ip = fields.text(value, 'context.ip');
  if (ip === null || isIP(ip) !== 0) return ip;
  fields.fail('context.ip', 'must be an IPv4 or IPv6 address');
  return null;
}
