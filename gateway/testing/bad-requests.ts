import type { GatewayErrorCode } from '../errors.ts';
import { SERVER_KEY } from './harness.ts';

export const TRACK = { type: 'track', event: 'Order Completed', anonymousId: 'df_1' };
const JSON_TYPE = { 'content-type': 'application/json' };
export const BEARER = { authorization: `Bearer ${SERVER_KEY}`, ...JSON_TYPE };

export interface BadRequest {
  readonly what: string;
  readonly status: number;
  readonly code: GatewayErrorCode;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

const json = (value: unknown) => JSON.stringify(value);
const batchOf = (...batch: unknown[]) => json({ batch });
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

/** Sent by POST to `/v1/t` with a good key, unless said otherwise. */
export const BAD_REQUESTS: readonly BadRequest[] = [
  { what: 'no body', status: 400, code: 'INVALID_JSON' },
  { what: 'an empty body', status: 400, code: 'INVALID_JSON', body: '' },
  { what: 'blank', status: 400, code: 'INVALID_JSON', body: '  ' },
  { what: 'cut-off JSON', status: 400, code: 'INVALID_JSON', body: '{"event":"x"' },
  { what: 'JSON with a trailing comma', status: 400, code: 'INVALID_JSON', body: '{"event":"x",}' },
  { what: 'two JSON values', status: 400, code: 'INVALID_JSON', body: '{}{}' },
  { what: 'single quotes', status: 400, code: 'INVALID_JSON', body: "{'event':'x'}" },
  { what: 'a form', status: 400, code: 'INVALID_JSON', body: 'event=x&anonymousId=1' },
  { what: 'HTML', status: 400, code: 'INVALID_JSON', body: '<html></html>' },
  { what: 'NaN', status: 400, code: 'INVALID_JSON', body: '{"event":NaN}' },
  { what: 'a control character in text', status: 400, code: 'INVALID_JSON', body: '{"event":"\u0001"}' },
  { what: 'unclosed brackets by the thousand', status: 400, code: 'INVALID_JSON', body: '['.repeat(400_000) },
  {
    what: 'a lone continuation byte',
    status: 400,
    code: 'INVALID_ENCODING',
    body: bytes('{"event":"', 0x80, '"}'),
  },
  {
    what: 'a cut-off sequence',
    status: 400,
    code: 'INVALID_ENCODING',
    body: bytes('{"event":"', 0xe2, 0x82, '"}'),
  },
  {
    what: 'an overlong encoding',
    status: 400,
    code: 'INVALID_ENCODING',
    body: bytes('{"a":"', 0xc0, 0xaf, '"}'),
  },
  {
    what: 'an encoded surrogate',
    status: 400,
    code: 'INVALID_ENCODING',
    body: bytes('{"a":"', 0xed, 0xa0, 0x80, '"}'),
  },
  {
    what: 'UTF-16',
    status: 400,
    code: 'INVALID_ENCODING',
    body: Buffer.from(`\uFEFF${json(TRACK)}`, 'utf16le'),
  },
  {
    what: 'Latin-1',
    status: 400,
    code: 'INVALID_ENCODING',
    body: Buffer.from('{"event":"Caf\u00e9"}', 'latin1'),
  },
  { what: 'JSON null', status: 400, code: 'INVALID_EVENT', body: 'null' },
  { what: 'JSON text', status: 400, code: 'INVALID_EVENT', body: '"event"' },
  { what: 'a list instead of an event', status: 400, code: 'INVALID_EVENT', body: json([TRACK]) },
  { what: 'a number for a name', status: 400, code: 'INVALID_EVENT', body: json({ ...TRACK, event: 5 }) },
  {
    what: 'text for properties',
    status: 400,
    code: 'INVALID_EVENT',
    body: json({ ...TRACK, properties: 'x' }),
  },
  {
    what: 'an object for anonymousId',
    status: 400,
    code: 'INVALID_EVENT',
    body: json({ ...TRACK, anonymousId: {} }),
  },
  {
    what: 'a type that is not the path’s',
    status: 400,
    code: 'INVALID_EVENT',
    body: json({ ...TRACK, type: 'page' }),
  },
  {
    what: 'a number beyond all numbers',
    status: 400,
    code: 'INVALID_EVENT',
    body: '{"event":"x","anonymousId":"a","properties":{"n":1e999}}',
  },
  {
    what: 'a prototype',
    status: 400,
    code: 'INVALID_EVENT',
    body: '{"event":"x","anonymousId":"a","properties":{"__proto__":{}}}',
  },
  {
    what: 'deep nesting',
    status: 400,
    code: 'INVALID_EVENT',
    body: `{"event":"x","anonymousId":"a","properties":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
  },
  {
    what: 'neither anonymousId nor userId',
    status: 400,
    code: 'MISSING_IDENTITY',
    body: json({ event: 'x' }),
  },
  {
    what: 'empty ids',
    status: 400,
    code: 'MISSING_IDENTITY',
    body: json({ event: 'x', anonymousId: '', userId: '' }),
  },
  {
    what: 'a key that looks like a refusal of ours',
    status: 400,
    code: 'INVALID_EVENT',
    body: json({ refused: 'INTERNAL', anonymousId: 'a' }),
  },
  {
    what: 'a batch that is a list',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BODY',
    body: json([TRACK]),
  },
  {
    what: 'a batch without events',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BODY',
    body: json({ events: [TRACK] }),
  },
  {
    what: 'a batch of an object',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BODY',
    body: json({ batch: { 0: TRACK } }),
  },
  { what: 'an empty batch', path: '/v1/batch', status: 400, code: 'INVALID_BODY', body: batchOf() },
  {
    what: 'a sentAt that is no time',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BODY',
    body: json({ batch: [TRACK], sentAt: 'now' }),
  },
  {
    what: 'a sentAt that is a number',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BODY',
    body: json({ batch: [TRACK], sentAt: 1 }),
  },
  {
    what: '501 events',
    path: '/v1/batch',
    status: 400,
    code: 'BATCH_TOO_LARGE',
    body: batchOf(...Array(501).fill(TRACK)),
  },
  {
    what: 'a batch of bad events only',
    path: '/v1/batch',
    status: 400,
    code: 'INVALID_BATCH',
    body: batchOf(null, 1, {}),
  },
  {
    what: 'a body above the limit',
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    body: json({ ...TRACK, properties: { x: 'x'.repeat(524_288) } }),
  },
  {
    what: 'a body far above the limit',
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    body: 'x'.repeat(20_000_000),
  },
  { what: 'no key', headers: JSON_TYPE, status: 401, code: 'MISSING_PIPELINE_KEY', body: json(TRACK) },
  {
    what: 'an empty bearer token',
    headers: { authorization: 'Bearer ', ...JSON_TYPE },
    status: 401,
    code: 'MISSING_PIPELINE_KEY',
    body: json(TRACK),
  },
  {
    what: 'an unknown key',
    headers: { authorization: 'Bearer dk_live_nobody', ...JSON_TYPE },
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
    body: json(TRACK),
  },
  {
    what: 'a key named like a prototype’s property',
    headers: { 'x-pipeline-key': '__proto__', ...JSON_TYPE },
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
    body: json(TRACK),
  },
  {
    what: 'an unknown key in the body',
    headers: JSON_TYPE,
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
    body: json({ ...TRACK, pipelineKey: 'dk_live_nobody' }),
  },
  {
    what: 'a key that is a number',
    headers: JSON_TYPE,
    status: 401,
    code: 'MISSING_PIPELINE_KEY',
    body: json({ ...TRACK, pipelineKey: 5 }),
  },
  {
    what: 'an unknown user of Basic auth',
    headers: { authorization: 'Basic ZGtfbGl2ZV9ub2JvZHk6', ...JSON_TYPE },
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
    body: json(TRACK),
  },
  {
    what: 'Basic auth of nobody',
    headers: { authorization: 'Basic Og==', ...JSON_TYPE },
    status: 401,
    code: 'MISSING_PIPELINE_KEY',
    body: json(TRACK),
  },
  {
    what: 'an unknown write key of an SDK',
    method: 'GET',
    path: '/v1/projects/dk_live_nobody/settings',
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
  },
  {
    what: 'an unknown key before a bad body',
    headers: { authorization: 'Bearer dk_live_nobody', ...JSON_TYPE },
    status: 401,
    code: 'INVALID_PIPELINE_KEY',
    body: '{',
  },
  {
    what: 'a form’s content type',
    headers: { ...BEARER, 'content-type': 'multipart/form-data; boundary=x' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: json(TRACK),
  },
  {
    what: 'XML',
    headers: { ...BEARER, 'content-type': 'application/xml' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: '<a/>',
  },
  {
    what: 'a nonsensical content type',
    headers: { ...BEARER, 'content-type': ';;' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: json(TRACK),
  },
  {
    what: 'an encoding that is not the body’s',
    headers: { ...BEARER, 'content-encoding': 'gzip' },
    status: 400,
    code: 'INVALID_COMPRESSION',
    body: json(TRACK),
  },
  { what: 'an unknown path', path: '/v1/nothing', status: 404, code: 'NOT_FOUND', body: json(TRACK) },
  {
    what: 'an unknown path with a strange body',
    path: '/',
    headers: { 'content-type': 'a/b' },
    status: 404,
    code: 'NOT_FOUND',
    body: 'x',
  },
  {
    what: 'a path that cannot be decoded',
    path: '/v1/%zz',
    status: 400,
    code: 'MALFORMED_REQUEST',
    body: json(TRACK),
  },
  { what: 'GET', method: 'GET', status: 405, code: 'METHOD_NOT_ALLOWED' },
  {
    what: 'PUT with any body',
    method: 'PUT',
    headers: { 'content-type': 'a/b' },
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    body: 'x',
  },
  {
    what: 'DELETE',
    method: 'DELETE',
    path: '/v1/batch',
    headers: {},
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  },
  { what: 'POST to the script', path: '/d.js', status: 405, code: 'METHOD_NOT_ALLOWED', body: json(TRACK) },
];
