import type { GatewayErrorCode } from '../errors.ts';
import { SERVER_KEY } from './harness.ts';

/** What no HTTP client would send. */
export interface RawRequest {
  readonly what: string;
  readonly bytes: string | Buffer;
  readonly status: number;
  /** Left out where nothing is wrong. */
  readonly code?: GatewayErrorCode;
}

const BODY = '{"event":"x","anonymousId":"a"}';
const post = (headers: string, body = BODY, target = '/v1/t', version = '1.1'): string =>
  `POST ${target} HTTP/${version}\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer ${SERVER_KEY}\r\n${headers}\r\n${body}`;
const length = `Content-Length: ${BODY.length}\r\n`;

const malformed = (what: string, bytes: string | Buffer): RawRequest => ({
  what,
  bytes,
  status: 400,
  code: 'MALFORMED_REQUEST',
});

export const RAW_REQUESTS: readonly RawRequest[] = [
  malformed('a NUL in the target', 'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n'),
  malformed('a NUL in a header', post(`X: \0\r\n${length}`)),
  malformed('a space before the colon', post(`X : y\r\n${length}`)),
  malformed('a name with a space', post(`X Y: z\r\n${length}`)),
  malformed('a name with a bracket', post(`X[0]: z\r\n${length}`)),
  malformed('a name with a byte beyond ASCII', Buffer.from(post(`X\u00e9: z\r\n${length}`), 'latin1')),
  malformed('a folded first header', 'POST /v1/t HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n'),
  malformed('a length in hex', post('Content-Length: 0x1f\r\n')),
  malformed('a length with a sign', post('Content-Length: +31\r\n')),
  malformed('a length with a comma', post('Content-Length: 31, 31\r\n')),
  malformed('a length beyond all lengths', post('Content-Length: 99999999999999999999999\r\n')),
  malformed('a length of words', post('Content-Length: many\r\n')),
  malformed('a length and chunks', post(`${length}Transfer-Encoding: chunked\r\n`)),
  malformed('chunks and a length', post(`Transfer-Encoding: chunked\r\n${length}`)),
  malformed('chunks that are not last', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n')),
  malformed('a transfer encoding of its own', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')),
  malformed('a chunk size with a sign', post('Transfer-Encoding: chunked\r\n', '-1\r\n\r\n')),
  malformed('a chunk size of spaces', post('Transfer-Encoding: chunked\r\n', '  \r\n\r\n')),
  malformed(
    'a chunk size beyond all sizes',
    post('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n\r\n'),
  ),
  malformed('a chunk longer than it says', post('Transfer-Encoding: chunked\r\n', '1\r\nxyz\r\n0\r\n\r\n')),
  malformed('version 3', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n'),
  malformed('no version', 'GET / \r\nHost: a\r\n\r\n'),
  {
    what: 'another protocol',
    bytes: 'GET /nothing RTSP/1.0\r\nConnection: close\r\nHost: a\r\n\r\n',
    status: 404,
    code: 'NOT_FOUND',
  },
  malformed('a method in small letters', 'get / HTTP/1.1\r\nHost: a\r\n\r\n'),
  malformed('an SSH client', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  malformed('a Redis client', '*1\r\n$4\r\nPING\r\n\r\n'),
  malformed('a PROXY protocol header', 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  malformed('random bytes', Buffer.from('8f3c00ff10e2b7a9556677', 'hex')),
  malformed('a target that cannot be decoded', post(length, BODY, '/v1/%')),
  malformed('a target in broken UTF-8', post(length, BODY, '/v1/%ff%fe')),
  {
    what: 'headers of 20 KB in one',
    bytes: post(`X: ${'x'.repeat(20_000)}\r\n${length}`),
    status: 431,
    code: 'HEADERS_TOO_LARGE',
  },
  {
    what: 'headers of 20 KB in many',
    bytes: post(`${'X: 12345678\r\n'.repeat(3000)}${length}`),
    status: 431,
    code: 'HEADERS_TOO_LARGE',
  },
  {
    what: 'a target of 20 KB',
    bytes: post(length, BODY, `/${'x'.repeat(20_000)}`),
    status: 431,
    code: 'HEADERS_TOO_LARGE',
  },
  {
    what: 'an expectation of its own',
    bytes: post(`Expect: the unexpected\r\n${length}`),
    status: 417,
    code: 'EXPECTATION_FAILED',
  },
  {
    what: 'a tunnel',
    bytes: 'CONNECT victim.example:443 HTTP/1.1\r\nHost: victim.example\r\n\r\n',
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  },
  {
    what: 'an absolute target of another host',
    bytes: post(length, BODY, 'http://victim.example/nothing'),
    status: 404,
    code: 'NOT_FOUND',
  },
  { what: 'version 0.9', bytes: 'GET /nothing\r\n\r\n', status: 404, code: 'NOT_FOUND' },
  {
    what: 'a length of nothing',
    bytes: post('Content-Length: 0\r\n', ''),
    status: 400,
    code: 'INVALID_JSON',
  },
  { what: 'an upgrade that nobody offers', bytes: post(`Upgrade: h2c\r\n${length}`), status: 200 },
  {
    what: 'chunk extensions',
    bytes: post('Transfer-Encoding: chunked\r\n', `1f;x=y\r\n${BODY}\r\n0\r\n\r\n`),
    status: 200,
  },
  {
    what: 'trailers',
    bytes: post('Transfer-Encoding: chunked\r\n', `1f\r\n${BODY}\r\n0\r\nX: y\r\n\r\n`),
    status: 200,
  },
  { what: 'HTTP/1.0', bytes: post(length, BODY, '/v1/t', '1.0'), status: 200 },
  { what: 'a method to override', bytes: post(`X-HTTP-Method-Override: DELETE\r\n${length}`), status: 200 },
  {
    what: 'a forwarded host full of nonsense',
    bytes: post(`X-Forwarded-Host: <script>\r\n${length}`),
    status: 200,
  },
  {
    what: 'a cookie full of nonsense',
    bytes: post(`Cookie: =;;; a=b=c; %%%=%%%; _dfid="x\r\n${length}`),
    status: 200,
  },
];
