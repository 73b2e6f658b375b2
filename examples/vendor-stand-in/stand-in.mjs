import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { answerBatch, parseObject } from './dreamdata.mjs';

/**
 * Vendors on this machine, for demos and tests: Dreamdata at `/v1/batch` and a webhook receiver at `/webhook` (any
 * path below it too). Checks what it gets, remembers it, and shows it at `/`.
 *
 * @typedef {import('./stand-in.d.mts').Received} Received
 * @typedef {import('./stand-in.d.mts').StandInOptions} StandInOptions
 * @typedef {import('./stand-in.d.mts').StandIn} StandIn
 * @typedef {import('./dreamdata.mjs').Answer} Answer
 */

/** Larger bodies are refused while they come in. */
const MAX_BODY_BYTES = 10_000_000;

const PAGE = readFileSync(new URL('./page.html', import.meta.url));

/**
 * @param {StandInOptions} [options]
 * @returns {Promise<StandIn>}
 */
export async function startStandIn({
  port = 0,
  host = '127.0.0.1',
  dreamdataKey = 'demo-key',
  remember = 10_000,
} = {}) {
  /** @type {Received[]} */
  const received = [];
  /** @type {Set<import('node:http').ServerResponse>} */
  const watchers = new Set();
  /** @type {{ count: number, status: number, headers: Record<string, string> }} */
  const failure = { count: 0, status: 500, headers: {} };
  let sequence = 0;

  /** @type {(request: import('node:http').IncomingMessage, body: string) => Answer & { headers?: Record<string, string> }} */
  const decide = (request, body) => {
    if (failure.count > 0) {
      failure.count--;
      const { status, headers } = failure;
      return {
        status,
        headers,
        body: { success: false, error: { code: 'told_to_fail', message: 'Told to fail.' } },
      };
    }
    if (isDreamdata(request.url))
      return answerBatch({ authorization: request.headers.authorization, body }, dreamdataKey);
    return parseObject(body) === undefined
      ? { status: 400, body: { error: 'The body is not a JSON object.' } }
      : { status: 200, body: { ok: true } };
  };

  /** @type {(entry: Received) => void} */
  const record = (entry) => {
    received.push(entry);
    if (received.length > remember) received.shift();
    for (const watcher of watchers) watcher.write(`data: ${JSON.stringify(entry)}\n\n`);
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (request.method === 'GET') return void show(url, response);
    if (!isDreamdata(url.pathname) && !/^\/webhook(\/|$)/.test(url.pathname)) {
      return void send(response, 404, { error: 'There is no such vendor here.' });
    }
    if (request.method !== 'POST' && request.method !== 'PUT') {
      return void send(response, 405, { error: 'Only POST and PUT.' });
    }
    const body = await read(request);
    if (body === undefined)
      return void send(response, 413, { error: 'The body is too large.' }, { connection: 'close' });
    const answer = decide(request, body);
    record({
      sequence: ++sequence,
      at: new Date().toISOString(),
      vendor: isDreamdata(url.pathname) ? 'dreamdata' : 'webhook',
      method: request.method,
      path: url.pathname,
      headers: flatten(request.headers),
      bytes: Buffer.byteLength(body),
      body: parseObject(body) ?? body,
      status: answer.status,
      answer: answer.body,
    });
    send(response, answer.status, answer.body, answer.headers);
  });

  /** @type {(url: URL, response: import('node:http').ServerResponse) => void} */
  const show = (url, response) => {
    switch (url.pathname) {
      case '/':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
        break;
      case '/received': {
        const since = Number(url.searchParams.get('since') ?? 0);
        send(response, 200, { received: received.filter((entry) => entry.sequence > since) });
        break;
      }
      case '/stream':
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        for (const entry of received.slice(-50)) response.write(`data: ${JSON.stringify(entry)}\n\n`);
        watchers.add(response);
        response.on('close', () => watchers.delete(response));
        break;
      default:
        send(response, 404, { error: 'Not found.' });
    }
  };

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    received,
    failNext(count, status = 500, headers = {}) {
      Object.assign(failure, { count, status, headers });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @type {(path: string | undefined) => boolean} */
const isDreamdata = (path) => path === '/v1/batch';

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<string | undefined>} undefined if it is too large
 */
async function read(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @type {(headers: import('node:http').IncomingHttpHeaders) => Record<string, string>} */
const flatten = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** @type {(response: import('node:http').ServerResponse, status: number, body: unknown, headers?: Record<string, string>) => void} */
function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
