import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody, type GatewayErrorCode, refuse, statusOf } from './errors.ts';
import type { GatewaySettings } from './settings.ts';

/** Limits of Node's HTTP server that Fastify does not set. */
export function httpOptions({ maxHeaderSize, timeouts }: GatewaySettings): ServerOptions {
  return {
    maxHeaderSize,
    headersTimeout: timeouts.headers,
    connectionsCheckingInterval: timeouts.check,
    // Node would answer a request without Host by an empty 400; the gateway says what is missing.
    requireHostHeader: false,
  };
}

/** At the limit new connections are closed at once, and so are those kept alive without a request: whoever keeps many
 * of them gives way to whoever has something to say. Those that have never said anything end by the headers' timeout. */
export function limitConnections(server: Server, maxConnections: number): void {
  if (maxConnections === 0) return;
  server.maxConnections = maxConnections;
  server.on('drop', () => server.closeIdleConnections());
}

/** A connection whose request was refused half-way is read on for so long, its input thrown away: closing it at
 * once would reset it, and a client that is still sending would never see the answer. */
const LINGER_MS = 2000;

const answered = new WeakSet<Duplex>();

/** Answers what Node could not parse as HTTP, or did not get in time, and closes the connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Duplex): void {
  // What still arrives after the fault is reported as one fault more each time.
  if (answered.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  answered.add(socket);
  const code = codeOf(error);
  socket.end(rawResponse(code, code === 'MALFORMED_REQUEST' ? 'it cannot be parsed' : ''));
  linger(socket);
}

/** CONNECT asks for a proxy; Node would hang up without a word. */
export function answerConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end(rawResponse('METHOD_NOT_ALLOWED'));
  linger(socket);
}

export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(JSON.stringify(errorBody(refuse('EXPECTATION_FAILED'))));
  response.writeHead(statusOf('EXPECTATION_FAILED'), {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

function codeOf(error: { readonly code?: string }): GatewayErrorCode {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'HEADERS_TOO_LARGE';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'REQUEST_TIMEOUT';
    default:
      return 'MALFORMED_REQUEST';
  }
}

function rawResponse(code: GatewayErrorCode, detail = ''): string {
  const body = JSON.stringify(errorBody(refuse(code, detail)));
  return [
    `HTTP/1.1 ${statusOf(code)} ${code}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

function linger(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}
