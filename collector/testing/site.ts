// A site and a gateway for a browser to visit: two origins of one site, as a customer has them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { CollectedEvent } from '../event.ts';

export interface Received {
  readonly events: readonly CollectedEvent[];
  readonly body: { readonly sentAt: string; readonly pipelineKey?: string };
  readonly headers: IncomingMessage['headers'];
  /** What the gateway answered. */
  readonly status: number;
}

export interface Site {
  /** Of the pages. */
  readonly origin: string;
  /** Of the script and of /v1/batch. */
  readonly gateway: string;
  readonly received: Received[];
  /** The HTML of a path; any other path is 404. */
  readonly pages: Map<string, string>;
  /** Paths whose documents never end. */
  readonly endless: Set<string>;
  /** Answers for the next requests, then 200. */
  readonly answers: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
  /** The anonymousId in the gateway's answer. */
  anonymousId: string | undefined;
  /** How many pages were handed out. */
  documents: number;
  /** How often a browser has asked whether it may send. */
  preflights: number;
  close(): Promise<void>;
}

export async function startSite(script: string): Promise<Site> {
  const received: Received[] = [];
  const pages: Site['pages'] = new Map();
  const endless = new Set<string>();
  const answers: Site['answers'] = [];

  const gateway = await listen(async (request, response) => {
    const cors = {
      'access-control-allow-origin': request.headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-expose-headers': 'retry-after',
    };
    if (request.url === '/d.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else if (request.method === 'OPTIONS') {
      site.preflights++;
      response.writeHead(204, cors).end();
    } else {
      const body = JSON.parse(await text(request));
      const answer = answers.shift() ?? { status: 200 };
      received.push({ events: body.batch, body, headers: request.headers, status: answer.status });
      response
        .writeHead(answer.status, { ...cors, ...answer.headers, 'content-type': 'application/json' })
        .end(JSON.stringify({ success: answer.status === 200, anonymousId: site.anonymousId }));
    }
  });
  const web = await listen((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const html = pages.get(path);
    if (html !== undefined) site.documents++;
    response.writeHead(html === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      // As strict as it gets: the pages' own inline scripts are let in by the nonce, nothing else is.
      'content-security-policy': `default-src 'none'; script-src ${addressOf(gateway)} 'nonce-test'; connect-src ${addressOf(gateway)}`,
    });
    response.write(html ?? '');
    if (!endless.has(path)) response.end();
  });

  const site: Site = {
    origin: addressOf(web),
    gateway: addressOf(gateway),
    received,
    pages,
    endless,
    answers,
    anonymousId: undefined,
    documents: 0,
    preflights: 0,
    async close() {
      await Promise.all([stop(gateway), stop(web)]);
    },
  };
  return site;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function listen(handler: Handler): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return `http://localhost:${address.port}`;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
