import { describe, expect, it } from 'vitest';
import type { Event } from '../../schemas/index.ts';
import { LIMITS } from './fields.ts';
import { anonymousIdOf, type Envelope, normalise } from './normalise.ts';

const RECEIVED_AT = Date.parse('2026-01-31T12:00:00.000Z');

const ENVELOPE: Envelope = {
  source: 'web',
  request: { ip: '203.0.113.7', userAgent: 'Mozilla/5.0' },
  receivedAt: RECEIVED_AT,
  sentAt: null,
  type: null,
  visitor: null,
  newMessageId: () => 'evt_new',
};

const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1' };

function ok(input: unknown, envelope: Partial<Envelope> = {}): Event {
  const result = normalise(input, { ...ENVELOPE, ...envelope });
  if ('error' in result) throw new Error(`${result.error.path}: ${result.error.message}`);
  return result.ok;
}

function problem(input: unknown, envelope: Partial<Envelope> = {}) {
  const result = normalise(input, { ...ENVELOPE, ...envelope });
  return 'error' in result ? result.error : undefined;
}

describe('normalise', () => {
  it('makes the whole canonical event of a full one', () => {
    expect(
      ok({
        type: 'track',
        event: 'Lead Generated',
        messageId: 'evt_1',
        anonymousId: 'df_1',
        userId: 'u_1',
        groupId: 'g_1',
        properties: { form_id: 'demo', value: 0, nested: { list: [1, 'two', null, true] } },
        traits: { email: 'jane@example.com' },
        timestamp: '2026-01-31T11:59:58.000Z',
        sentAt: '2026-01-31T11:59:59.000Z',
        context: {
          page: { url: 'https://shop.example/', title: 'Shop', path: '/', search: '', referrer: null },
          campaign: { source: 'newsletter', medium: 'email', name: 'spring' },
          screen: { width: 1920, height: 1080, density: 2 },
          library: { name: 'datafly.js', version: '1.0.0' },
          locale: 'de-DE',
          timezone: 'Europe/Berlin',
          consent: { analytics: true },
          vendorIds: { _ga: 'GA1.2.3.4' },
          device: { type: 'desktop' },
        },
        integrations: {},
        writeKey: 'dk_live_web',
      }),
    ).toEqual({
      type: 'track',
      event: 'Lead Generated',
      name: null,
      messageId: 'evt_1',
      anonymousId: 'df_1',
      userId: 'u_1',
      groupId: 'g_1',
      previousId: null,
      properties: '{"form_id":"demo","value":0,"nested":{"list":[1,"two",null,true]}}',
      traits: '{"email":"jane@example.com"}',
      timestamp: RECEIVED_AT - 1000,
      sentAt: RECEIVED_AT - 1000,
      context: {
        ip: '203.0.113.7',
        userAgent: 'Mozilla/5.0',
        locale: 'de-DE',
        timezone: 'Europe/Berlin',
        page: { url: 'https://shop.example/', title: 'Shop', path: '/', search: null, referrer: null },
        campaign: { source: 'newsletter', medium: 'email', name: 'spring', term: null, content: null },
        screen: { width: 1920, height: 1080, density: 2 },
        library: { name: 'datafly.js', version: '1.0.0' },
        consent: { categories: { analytics: true }, canonical: { essential: true, analytics: true } },
        clickIds: {},
        vendorIds: { ga: 'GA1.2.3.4' },
        extra: '{"device":{"type":"desktop"}}',
      },
    });
  });

  it('fills in what may be missing', () => {
    expect(ok(TRACK)).toMatchObject({
      messageId: 'evt_new',
      timestamp: RECEIVED_AT,
      sentAt: null,
      properties: '{}',
      traits: '{}',
      context: { page: null, campaign: null, consent: null, extra: '{}' },
    });
  });

  it('takes the type from the endpoint, and does not let the event contradict it', () => {
    expect(ok({ anonymousId: 'a' }, { type: 'page' }).type).toBe('page');
    expect(ok({ type: 'page', anonymousId: 'a' }, { type: 'page' }).type).toBe('page');
    expect(problem({ ...TRACK, type: 'page' }, { type: 'track' })?.path).toBe('type');
  });

  it('corrects times by the batch’s sentAt, and by the event’s own before that', () => {
    const timestamp = '2026-01-31T13:00:00Z';
    const sentAt = Date.parse('2026-01-31T13:00:10Z');
    expect(ok({ ...TRACK, timestamp }, { sentAt }).timestamp).toBe(RECEIVED_AT - 10_000);
    expect(ok({ ...TRACK, timestamp, sentAt: '2026-01-31T13:00:01Z' }, { sentAt }).timestamp).toBe(
      RECEIVED_AT - 1000,
    );
  });

  describe('identity', () => {
    it('prefers the event’s own anonymousId to the visitor of the call', () => {
      expect(ok(TRACK, { visitor: 'df_cookie' }).anonymousId).toBe('df_1');
      expect(ok({ type: 'page' }, { visitor: 'df_cookie' }).anonymousId).toBe('df_cookie');
    });

    it('takes a whole number as its digits', () => {
      expect(ok({ ...TRACK, userId: 42, messageId: 7 })).toMatchObject({ userId: '42', messageId: '7' });
    });
    it('derives one anonymousId per user, which does not show the userId', () => {
      const { anonymousId } = ok({ ...TRACK, anonymousId: undefined, userId: 'jane@example.com' });
      expect(anonymousId).toBe(anonymousIdOf('jane@example.com'));
      expect(anonymousId).not.toContain('jane');
      expect(anonymousIdOf('jane@example.org')).not.toBe(anonymousId);
    });

    it.each([{}, { anonymousId: null, userId: null }, { anonymousId: '', userId: '  ' }])(
      'refuses an event that has none: %j',
      (ids) => {
        expect(problem({ type: 'track', event: 'x', ...ids })).toMatchObject({ code: 'MISSING_IDENTITY' });
      },
    );
  });

  describe('what the visitor’s address and browser are', () => {
    const stated = { ...TRACK, context: { ip: '198.51.100.1', userAgent: 'Stated/1.0' } };

    it('is the request’s word for a page', () => {
      expect(ok(stated).context.ip).toBe('203.0.113.7');
      expect(ok({ ...TRACK, context: { ip: 'nonsense' } }).context.ip).toBe('203.0.113.7');
    });

    it('is the sender’s word for an app or a server', () => {
      expect(ok(stated, { source: 'server' }).context).toMatchObject({
        ip: '198.51.100.1',
        userAgent: 'Stated/1.0',
      });
      expect(ok(stated, { source: 'app' }).context).toMatchObject({
        ip: '198.51.100.1',
        userAgent: 'Stated/1.0',
      });
    });

    it('is the device’s request for an app that does not say, and unknown for a server that does not', () => {
      expect(ok(TRACK, { source: 'app' }).context).toMatchObject({
        ip: '203.0.113.7',
        userAgent: 'Mozilla/5.0',
      });
      expect(ok(TRACK, { source: 'server' }).context).toMatchObject({ ip: null, userAgent: null });
    });

    it('is refused when it is not an address', () => {
      expect(problem({ ...TRACK, context: { ip: '300.1.1.1' } }, { source: 'server' })?.path).toBe(
        'context.ip',
      );
    });
  });

  describe('landing page', () => {
    const on = (url: string, context: object = {}) =>
      ok({ ...TRACK, context: { page: { url }, ...context } }).context;

    it('gives the click ids of its URL, whatever the case of their names', () => {
      expect(on('https://a.example/?gclid=G1&ScCid=S1&li_fat_id=L1&other=x#epik=no').clickIds).toEqual({
        gclid: 'G1',
        sccid: 'S1',
        li_fat_id: 'L1',
      });
    });

    it('gives way to click ids the client states', () => {
      expect(
        on('https://a.example/?gclid=URL', { clickIds: { gclid: 'STATED', ScCid: 'S' } }).clickIds,
      ).toEqual({
        gclid: 'STATED',
        sccid: 'S',
      });
    });

    it('gives the campaign where the client states none', () => {
      const url = 'https://a.example/?utm_source=google&utm_medium=cpc&utm_campaign=spring%20sale';
      const campaign = { source: 'google', medium: 'cpc', name: 'spring sale', term: null, content: null };
      expect(on(url).campaign).toEqual(campaign);
      expect(on(url, { campaign: {} }).campaign).toEqual(campaign);
      expect(on(url, { campaign: { name: 'own' } }).campaign).toMatchObject({ source: null, name: 'own' });
    });

    it('may be anything at all', () => {
      expect(on('not a url ?gclid=%E0%A4%A&utm_source').clickIds).toEqual({ gclid: '\uFFFD%A' });
      expect(on('https://a.example/?gclid=').clickIds).toEqual({});
    });

    it('is the visit’s landing page where this one says nothing', () => {
      const landing = '?utm_source=google&gclid=G1';
      expect(on('https://a.example/next', { landing })).toMatchObject({
        campaign: { source: 'google' },
        clickIds: { gclid: 'G1' },
        extra: '{}',
      });
      expect(on('https://a.example/?gclid=G2', { landing }).clickIds).toEqual({ gclid: 'G2' });
    });
  });

  it('keeps in extra what the typed parts of the context have no place for', () => {
    const { extra } = ok({
      ...TRACK,
      context: {
        os: { name: 'iOS' },
        page: { url: 'https://a.example/', hash: '#top' },
        consent: { analytics: true, tcString: 'CP' },
        screen: { width: 1, innerWidth: 2 },
      },
    }).context;
    expect(JSON.parse(extra)).toEqual({
      os: { name: 'iOS' },
      page: { hash: '#top' },
      screen: { innerWidth: 2 },
      consent: { tcString: 'CP' },
    });
  });

  it.each<[string, unknown, string]>([
    ['an event that is null', null, ''],
    ['an event that is an array', [TRACK], ''],
    ['an event that is text', 'track', ''],
    ['no type', { ...TRACK, type: undefined }, 'type'],
    ['an unknown type', { ...TRACK, type: 'purchase' }, 'type'],
    ['a type of another type', { ...TRACK, type: 1 }, 'type'],
    ['a track without a name', { ...TRACK, event: undefined }, 'event'],
    ['a track with a blank name', { ...TRACK, event: ' ' }, 'event'],
    ['an event name that is a number', { ...TRACK, event: 5 }, 'event'],
    ['an event name that is too long', { ...TRACK, event: 'x'.repeat(LIMITS.name + 1) }, 'event'],
    ['a group without groupId', { type: 'group', anonymousId: 'a' }, 'groupId'],
    ['an alias without previousId', { type: 'alias', userId: 'u' }, 'previousId'],
    ['an alias without userId', { type: 'alias', previousId: 'p', anonymousId: 'a' }, 'userId'],
    ['a userId with a fraction', { ...TRACK, userId: 5.5 }, 'userId'],
    ['a userId that JSON may have changed', { ...TRACK, userId: 2 ** 53 }, 'userId'],
    ['an anonymousId that is an object', { ...TRACK, anonymousId: {} }, 'anonymousId'],
    ['an anonymousId that is too long', { ...TRACK, anonymousId: 'x'.repeat(LIMITS.id + 1) }, 'anonymousId'],
    ['an id with half a surrogate pair', { ...TRACK, anonymousId: 'a\uD800' }, 'anonymousId'],
    ['a messageId that is no text', { ...TRACK, messageId: true }, 'messageId'],
    ['a timestamp that is a number', { ...TRACK, timestamp: 1769860800000 }, 'timestamp'],
    ['a timestamp that is no time', { ...TRACK, timestamp: 'now' }, 'timestamp'],
    ['a sentAt that is no time', { ...TRACK, sentAt: 'now' }, 'sentAt'],
    ['properties that are text', { ...TRACK, properties: 'x' }, 'properties'],
    ['properties that are an array', { ...TRACK, properties: [] }, 'properties'],
    ['traits that are a number', { ...TRACK, traits: 1 }, 'traits'],
    ['a context that is an array', { ...TRACK, context: [] }, 'context'],
    ['a page that is text', { ...TRACK, context: { page: '/' } }, 'context.page'],
    ['a title that is a number', { ...TRACK, context: { page: { title: 1 } } }, 'context.page.title'],
    [
      'a URL that is too long',
      { ...TRACK, context: { page: { url: 'x'.repeat(LIMITS.text + 1) } } },
      'context.page.url',
    ],
    ['a width that is text', { ...TRACK, context: { screen: { width: '1920' } } }, 'context.screen.width'],
    ['click ids that are a list', { ...TRACK, context: { clickIds: ['x'] } }, 'context.clickIds'],
    [
      'a click id that is a number',
      { ...TRACK, context: { clickIds: { gclid: 1 } } },
      'context.clickIds.gclid',
    ],
    [
      'a vendor id that is an object',
      { ...TRACK, context: { vendorIds: { _ga: {} } } },
      'context.vendorIds._ga',
    ],
    [
      'consent that is not true or false',
      { ...TRACK, context: { consent: { analytics: 'no' } } },
      'context.consent.analytics',
    ],
    [
      'a number too large',
      { ...TRACK, properties: { a: [0, { b: Number.POSITIVE_INFINITY }] } },
      'properties.a[1].b',
    ],
    ['a key that is too long', { ...TRACK, properties: { ['k'.repeat(LIMITS.key + 1)]: 1 } }, 'properties'],
    ['too many values', { ...TRACK, properties: { list: Array(LIMITS.values).fill(0) } }, ''],
    [
      'too many click ids',
      { ...TRACK, context: { clickIds: flags(LIMITS.entries + 1, 'x') } },
      'context.clickIds',
    ],
    [
      'too many consent categories',
      { ...TRACK, context: { consent: flags(LIMITS.entries + 1, true) } },
      'context.consent',
    ],
    [
      'too deep properties',
      { ...TRACK, properties: nested(LIMITS.depth + 1) },
      `properties${'.x'.repeat(LIMITS.depth)}`,
    ],
    [
      'too deep context',
      { ...TRACK, context: nested(LIMITS.depth + 1) },
      `context${'.x'.repeat(LIMITS.depth)}`,
    ],
  ])('refuses %s and says where', (_name, input, path) => {
    expect(problem(input)).toMatchObject({ code: 'INVALID_EVENT', path });
  });

  it('takes what is just within the limits', () => {
    expect(problem({ ...TRACK, properties: nested(LIMITS.depth) })).toBeUndefined();
    expect(problem({ ...TRACK, properties: { list: Array(LIMITS.values - 1).fill(0) } })).toBeUndefined();
    expect(
      problem({ ...TRACK, event: 'x'.repeat(LIMITS.name), anonymousId: 'x'.repeat(LIMITS.id) }),
    ).toBeUndefined();
  });

  it('repairs text in which an emoji was cut in two', () => {
    expect(ok({ ...TRACK, context: { page: { title: 'Shop \uD83D' } } }).context.page?.title).toBe(
      'Shop \uFFFD',
    );
  });

  describe('keys that reach into prototypes', () => {
    it.each([
      ['"properties":{"__proto__":{"polluted":1}}', 'properties.__proto__'],
      ['"properties":{"a":[{"constructor":{"prototype":{"polluted":1}}}]}', 'properties.a[0].constructor'],
      ['"traits":{"prototype":1}', 'traits.prototype'],
      ['"context":{"__proto__":{"polluted":1}}', 'context.__proto__'],
      ['"context":{"page":{"__proto__":{"url":"x"}}}', 'context.page.__proto__'],
      ['"context":{"os":{"__proto__":1}}', 'context.os.__proto__'],
      ['"context":{"clickIds":{"__proto__":"x"}}', 'context.clickIds.__proto__'],
      ['"context":{"consent":{"__proto__":true}}', 'context.consent.__proto__'],
      ['"context":{"consent":{"categories":{"constructor":true}}}', 'context.consent.categories.constructor'],
      ['"context":{"vendorIds":{"__proto__":"x"}}', 'context.vendorIds.__proto__'],
    ])('are refused: %s', (json, path) => {
      const input: unknown = JSON.parse(`{"type":"track","event":"x","anonymousId":"a",${json}}`);
      expect(problem(input)).toMatchObject({ code: 'INVALID_EVENT', path });
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    });
  });
});

function nested(levels: number): object {
  return levels === 1 ? {} : { x: nested(levels - 1) };
}

function flags(count: number, value: unknown): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
}
