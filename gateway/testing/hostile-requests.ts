import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type BadRequest, BEARER, TRACK } from './bad-requests.ts';
import { SERVER_KEY } from './harness.ts';

/*
 * What a stranger, a broken SDK or an attacker may send, beyond the cases of `bad-requests.ts`: most of it made of
 * tables, since what one field refuses every field like it has to refuse.
 */

const json = (value: unknown) => JSON.stringify(value);

/** An event with a value at a path such as `context.page.url`. */
function eventWith(path: string, value: unknown): object {
  const event: Record<string, unknown> = { ...TRACK };
  const keys = path.split('.');
  let at = event;
  for (const key of keys.slice(0, -1)) {
    const inner: Record<string, unknown> = {};
    at[key] = inner;
    at = inner;
  }
  at[keys.at(-1) ?? ''] = value;
  return event;
}

const invalid = (what: string, body: string): BadRequest => ({
  what,
  body,
  status: 400,
  code: 'INVALID_EVENT',
});

const IDS = ['messageId', 'anonymousId', 'userId', 'groupId', 'previousId'];
const TEXTS = [
  'event',
  'name',
  'context.ip',
  'context.userAgent',
  'context.locale',
  'context.timezone',
  'context.page.url',
  'context.page.path',
  'context.page.referrer',
  'context.page.title',
  'context.page.search',
  'context.campaign.source',
  'context.library.name',
  'context.clickIds.gclid',
  'context.vendorIds._ga',
];
const TIMES = ['timestamp', 'sentAt', 'originalTimestamp'];
const NUMBERS = ['context.screen.width', 'context.screen.height', 'context.screen.density'];
const OBJECTS = [
  'properties',
  'traits',
  'context',
  'context.page',
  'context.campaign',
  'context.screen',
  'context.library',
  'context.consent',
  'context.clickIds',
  'context.vendorIds',
];

const ofWrongType = (paths: readonly string[], values: readonly unknown[]): BadRequest[] =>
  paths.flatMap((path) =>
    values.map((value) => invalid(`${json(value)} for ${path}`, json(eventWith(path, value)))),
  );

const WRONG_TYPES: readonly BadRequest[] = [
  ...ofWrongType(IDS, [5.5, true, ['x'], { x: 1 }]),
  ...ofWrongType(TEXTS, [5, true, ['x'], { x: 1 }]),
  ...ofWrongType(TIMES, [1_700_000_000_000, 'yesterday', '2026-02-30', '2026-01-01T25:00:00Z', '12/31/2025']),
  ...ofWrongType(NUMBERS, ['1', true, [1], {}]),
  ...ofWrongType(OBJECTS, ['x', 5, false, [{}]]),
  ...ofWrongType(['type'], ['', 'purchase', 'TRACK', 5, {}, '__proto__']),
];

const HALF_AN_EMOJI = '\ud83d';
const TOO_MUCH: readonly BadRequest[] = [
  ...IDS.map((path) => invalid(`${path} of 513 characters`, json(eventWith(path, 'x'.repeat(513))))),
  ...IDS.map((path) => invalid(`${path} with half an emoji`, json(eventWith(path, `a${HALF_AN_EMOJI}`)))),
  ...['event', 'name'].map((path) => invalid(`a long ${path}`, json(eventWith(path, 'x'.repeat(1025))))),
  ...TEXTS.slice(2).map((path) => invalid(`a long ${path}`, json(eventWith(path, 'x'.repeat(8193))))),
  ...['context.consent', 'context.clickIds', 'context.vendorIds'].map((path) => {
    const entries = Array.from({ length: 101 }, (_, i) => [`k${i}`, path.endsWith('consent') ? true : 'v']);
    return invalid(`101 entries of ${path}`, json(eventWith(path, Object.fromEntries(entries))));
  }),
  ...['properties', 'traits', 'context.os'].flatMap((path) => [
    invalid(`10,001 values in ${path}`, json(eventWith(path, { x: Array(10_001).fill(0) }))),
    invalid(`a long key in ${path}`, json(eventWith(path, { ['k'.repeat(513)]: 1 }))),
    invalid(
      `33 levels in ${path}`,
      json(eventWith(path, 0)).replace(/:0}/, `:${'{"a":'.repeat(34)}1${'}'.repeat(34)}}`),
    ),
    invalid(
      `33 lists in ${path}`,
      json(eventWith(path, { x: 0 })).replace('"x":0', `"x":${'['.repeat(34)}${']'.repeat(34)}`),
    ),
    invalid(`infinity in ${path}`, json(eventWith(path, { x: 0 })).replace('"x":0', '"x":-1e999')),
  ]),
];

const POLLUTION: readonly BadRequest[] = [...OBJECTS, 'properties.deep.deeper', 'traits.list.0'].flatMap(
  (path) =>
    ['__proto__', 'constructor', 'prototype'].map((key) =>
      // As text: JSON.stringify would not write __proto__ out of an object literal.
      invalid(
        `${key} in ${path}`,
        json(eventWith(path, { x: 0 })).replace('"x":0', `"${key}":{"polluted":true}`),
      ),
    ),
);

const noKey = (
  what: string,
  headers: Record<string, string>,
  more: Partial<BadRequest> = {},
): BadRequest => ({
  what,
  headers: { 'content-type': 'application/json', ...headers },
  body: json(TRACK),
  status: 401,
  code: 'INVALID_PIPELINE_KEY',
  ...more,
});
const MISSING = { code: 'MISSING_PIPELINE_KEY' } as const;

const KEYS: readonly BadRequest[] = [
  noKey('a bearer token of two words', { authorization: `Bearer ${SERVER_KEY} ${SERVER_KEY}` }),
  noKey('a key with a letter more', { authorization: `Bearer ${SERVER_KEY}x` }),
  noKey('a key in capitals', { authorization: `Bearer ${SERVER_KEY.toUpperCase()}` }),
  noKey('a key of 8 KB', { 'x-pipeline-key': 'x'.repeat(8000) }),
  noKey('a key with quotes', { 'x-pipeline-key': "' OR 1=1 --" }),
  noKey('a key named constructor', { authorization: 'Bearer constructor' }),
  noKey('a key named toString', { 'x-pipeline-key': 'toString' }),
  noKey('two keys in one header', { 'x-pipeline-key': `${SERVER_KEY}, ${SERVER_KEY}` }),
  noKey('an empty key header', { 'x-pipeline-key': '' }, MISSING),
  noKey('a bearer without a token', { authorization: 'bearer' }, MISSING),
  noKey('a digest', { authorization: 'Digest username="x"' }, MISSING),
  noKey('basic without anything', { authorization: 'Basic' }, MISSING),
  noKey('a wrong key in the query', {}, { path: '/v1/t?key=dk_live_nobody' }),
  noKey('an empty key in the query', {}, { path: '/v1/t?key=', ...MISSING }),
  noKey('two keys in the query', {}, { path: `/v1/t?key=${SERVER_KEY}&key=${SERVER_KEY}`, ...MISSING }),
  noKey('a nested key in the query', {}, { path: `/v1/t?key[a]=${SERVER_KEY}`, ...MISSING }),
  ...[[SERVER_KEY], { key: SERVER_KEY }, true, ''].map((key) =>
    noKey(
      `${json(key)} as the key in the body`,
      {},
      { body: json({ ...TRACK, pipelineKey: key }), ...MISSING },
    ),
  ),
  noKey(
    'a key from another prototype',
    {},
    {
      body: `{"__proto__":{"pipelineKey":"${SERVER_KEY}"},"event":"x","anonymousId":"a"}`,
      ...MISSING,
    },
  ),
  noKey(
    'a bomb from a stranger',
    { authorization: 'Bearer dk_live_nobody', 'content-encoding': 'gzip' },
    {
      body: gzipSync(Buffer.alloc(50_000_000)),
    },
  ),
];

const notFound = (path: string): BadRequest => ({
  what: `the path ${path}`,
  path,
  body: json(TRACK),
  status: 404,
  code: 'NOT_FOUND',
});

const PATHS: readonly BadRequest[] = [
  '/',
  '/v1',
  '/v1/',
  '/v1/T',
  '/v1/t/',
  '/v1/t/x',
  '//v1/t',
  '/v2/t',
  '/v1/t%00',
  '/v1/t%2f',
  '/v1/..%2ft',
  '/v1/%2e%2e%2fetc%2fpasswd',
  '/v1/admin/sources',
  '/.git/config',
  '/.env',
  '/wp-login.php',
  '/metrics/',
].map(notFound);

const LONG_PATH: BadRequest = {
  what: 'a path of 4,000 characters',
  path: `/${'x'.repeat(4000)}`,
  body: json(TRACK),
  status: 400,
  code: 'MALFORMED_REQUEST',
};

const EVENT_PATHS = [
  '/v1/t',
  '/v1/p',
  '/v1/i',
  '/v1/g',
  '/v1/events',
  '/v1/batch',
  '/v1/track',
  '/v1/identify',
];
const METHODS: readonly BadRequest[] = EVENT_PATHS.flatMap((path) =>
  ['GET', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    what: `${method} ${path}`,
    method,
    path,
    status: 405,
    code: 'METHOD_NOT_ALLOWED' as const,
  })),
);

const TYPES: readonly BadRequest[] = [
  'text/html',
  'multipart/form-data; boundary=x',
  'application/json5',
  'application/jsonp',
  'application/x-ndjson',
  'application/octet-stream',
  'text/json',
  'json',
  '*/*',
].map((type) => ({
  what: `${type} as its type`,
  headers: { ...BEARER, 'content-type': type },
  body: json(TRACK),
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE' as const,
}));

const COMPRESSED: readonly BadRequest[] = [
  ...['zstd', 'compress', 'gzip, gzip', 'br;q=1', 'gzip\tbr', 'constructor'].map((encoding) => ({
    what: `${encoding} as its encoding`,
    headers: { ...BEARER, 'content-encoding': encoding },
    body: json(TRACK),
    status: 415,
    code: 'UNSUPPORTED_ENCODING' as const,
  })),
  ...[
    { encoding: 'gzip', bytes: gzipSync(Buffer.alloc(100_000_000, '[')) },
    { encoding: 'br', bytes: brotliCompressSync(Buffer.alloc(30_000_000, ' ')) },
  ].map(({ encoding, bytes }) => ({
    what: `a bomb of ${encoding}`,
    headers: { ...BEARER, 'content-encoding': encoding },
    body: bytes,
    status: 413,
    code: 'PAYLOAD_TOO_LARGE' as const,
  })),
];

export const HOSTILE_REQUESTS: readonly BadRequest[] = [
  ...WRONG_TYPES,
  ...TOO_MUCH,
  ...POLLUTION,
  ...KEYS,
  ...PATHS,
  LONG_PATH,
  ...METHODS,
  ...TYPES,
  ...COMPRESSED,
];
