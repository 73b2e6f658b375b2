import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VendorRequest } from '../../integrations/index.ts';
import { addressGuard } from './address-guard.ts';
import { type HttpClient, type HttpClientOptions, httpClient } from './client.ts';

let server: Server;
let port: number;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let connections: number;
const clients: HttpClient[] = [];

beforeEach(async () => {
  connections = 0;
  handle = (request, response) => request.resume().on('end', () => response.end('ok'));
  server = createServer((request, response) => handle(request, response));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(options: HttpClientOptions = { allowedCidrs: ['127.0.0.0/8'] }): HttpClient {
  const made = httpClient(options);
  clients.push(made);
  return made;
}

const to = (url: string, more: Partial<VendorRequest> = {}): VendorRequest => ({
  method: 'POST',
  url,
  headers: {},
  body: '{}',
  ...more,
});

const send = (made: HttpClient, request: VendorRequest, timeoutMs = 60_000) =>
  made.send(request, { timeoutMs });

describe('the HTTP client', () => {
  test('sends the request as it is and returns status, headers and body', async () => {
    const seen: string[] = [];
    handle = (request, response) => {
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => seen.push(chunk));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.writeHead(202, { 'X-Request-Id': 'r1' }).end('accepted');
      });
    };
    const result = await send(
      client(),
      to(`http://127.0.0.1:${port}/v1?a=b`, {
        method: 'PUT',
        headers: { authorization: 'Bearer t' },
        body: 'é',
      }),
    );
    expect(result).toMatchObject({
      kind: 'response',
      response: { status: 202, headers: { 'x-request-id': 'r1' }, body: 'accepted' },
    });
    expect(seen).toEqual(['é', 'PUT /v1?a=b Bearer t']);
  });

  test('keeps its connections for the next requests', async () => {
    const made = client();
    for (let i = 0; i < 20; i++) await send(made, to(`http://127.0.0.1:${port}/`));
    // A second one is opened when a request comes while the first connection is just being freed.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('does not follow a redirect', async () => {
    let requests = 0;
    handle = (_, response) => {
      requests++;
      response.writeHead(307, { location: `http://127.0.0.1:${port}/other` }).end();
    };
    expect(await send(client(), to(`http://127.0.0.1:${port}/`))).toMatchObject({
      response: { status: 307 },
    });
    expect(requests).toBe(1);
  });

  test('reads no more than 64 KB of an answer that never ends', async () => {
    handle = (_, response) => {
      response.writeHead(500);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    const result = await send(client(), to(`http://127.0.0.1:${port}/`));
    expect(result.kind === 'response' ? result.response.body.length : result).toBe(65_536);
  });

  test.each([
    ['headers', () => {}],
    ['body', (response: ServerResponse) => void response.writeHead(200).write('...')],
  ])('gives up when the %s do not come in time', async (_, begin) => {
    handle = (_request, response) => begin(response);
    expect(await send(client(), to(`http://127.0.0.1:${port}/`), 100)).toEqual({
      kind: 'failed',
      reason: 'TIMEOUT',
      detail: 'no answer within 100 ms',
    });
  });

  test.each<[string, () => VendorRequest, string]>([
    ['a connection that is refused', () => to('http://127.0.0.1:1/'), 'NETWORK_ERROR'],
    ['a URL that is none', () => to('http://'), 'REQUEST_INVALID'],
    [
      'a header that is none',
      () => to(`http://127.0.0.1:${port}/`, { headers: { a: 'b\nc' } }),
      'REQUEST_INVALID',
    ],
    ['a scheme that is not HTTP', () => to('ftp://127.0.0.1/'), 'REQUEST_INVALID'],
  ])('answers instead of throwing: %s', async (_, request, reason) => {
    expect(await send(client(), request())).toMatchObject({ kind: 'failed', reason });
  });

  test('answers when the vendor hangs up', async () => {
    handle = (request) => request.socket.destroy();
    expect(await send(client(), to(`http://127.0.0.1:${port}/`))).toMatchObject({ reason: 'NETWORK_ERROR' });
  });
});

describe('a private address', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://017700000001',
    'http://127.0.0.1.',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[fe80::1]',
    'http://localhost',
  ])('is refused however it is written: %s', async (origin) => {
    const result = await send(client({}), to(`${origin}:${port}/`));
    expect(result).toMatchObject({ kind: 'failed', reason: 'ADDRESS_REFUSED' });
    expect(connections).toBe(0);
  });

  test('is refused when a public name resolves to it, each time anew', async () => {
    const answers = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::ffff:192.168.0.1'];
    const made = client({
      resolve: (_, __, callback) => {
        const address = answers.shift() ?? '127.0.0.1';
        callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
      },
    });
    for (let i = 0; i < 4; i++) {
      const result = await send(made, to(`http://vendor.example:${port}/`));
      expect(result).toMatchObject({
        reason: 'ADDRESS_REFUSED',
        detail: expect.stringContaining('vendor.example'),
      });
    }
    expect(connections).toBe(0);
  });

  test('is left aside when the name has a public one too', async () => {
    const made = client({
      allowedCidrs: ['127.0.0.1'],
      resolve: (_, __, callback) =>
        callback(null, [
          { address: '10.255.255.1', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect(await send(made, to(`http://vendor.example:${port}/`))).toMatchObject({
      response: { status: 200 },
    });
  });

  test('is reached when allowed, by name as by number', async () => {
    const made = client({ allowedCidrs: ['127.0.0.0/8', '::1'] });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      expect(await send(made, to(`http://${host}:${port}/`)), host).toMatchObject({
        response: { status: 200 },
      });
    }
  });
});

describe('the address guard', () => {
  const guard = addressGuard();

  test.each([
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:1::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    'not an address',
  ])('refuses %s', (address) => expect(guard.allows(address)).toBe(false));

  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '64:ff9b::8.8.8.8',
    '::ffff:8.8.8.8',
  ])('allows %s', (address) => expect(guard.allows(address)).toBe(true));

  test('allows no more than it was told', () => {
    const some = addressGuard(['10.1.0.0/16']);
    expect(some.allows('10.1.255.255')).toBe(true);
    expect(some.allows('::ffff:10.1.0.1')).toBe(true);
    expect(some.allows('10.2.0.1')).toBe(false);
  });

  test.each(['10.0.0.0/33', 'fd00::/129', 'example.com', '10.0.0.0/8/8', '10.0.0.0/x', ''])(
    'refuses a range that is none: %j',
    (range) => expect(() => addressGuard([range])).toThrow('not an address range'),
  );
});
