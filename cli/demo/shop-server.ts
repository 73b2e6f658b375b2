import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type AdminClient, AdminError } from '../admin-client.ts';
import { packageRoot } from '../package-root.ts';

export interface ShopOptions {
  readonly gatewayOrigin: string;
  readonly pipelineKey: string;
  readonly api: AdminClient;
}

const FILES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The demo's own web site: the pages of `examples/shop`, and what became of the events a page has sent. */
export function shopServer(options: ShopOptions): Server {
  return createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : 'error');
    });
  });
}

async function answer(
  options: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop');
  if (url.pathname === '/demo/events') {
    const ids = (url.searchParams.get('messageIds') ?? '').split(',').filter((id) => id !== '');
    const data = await Promise.all(ids.slice(0, 20).map((id) => whatBecameOf(options.api, id)));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: data.flat() }));
    return;
  }
  const extension = /\.[a-z]+$/.exec(url.pathname)?.[0];
  const type = extension === undefined ? undefined : FILES[extension];
  // Every address without an extension is a page of the same site, which shows itself by its path.
  const name = extension === undefined ? 'index.html' : url.pathname.slice(1);
  if ((extension !== undefined && type === undefined) || !/^[a-z0-9-]+\.[a-z]+$/.test(name)) {
    response.writeHead(404).end();
    return;
  }
  const content = await readFile(join(packageRoot(), 'examples/shop', name), 'utf8').catch(() => undefined);
  if (content === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': type ?? 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'self'; script-src 'self' ${options.gatewayOrigin}; connect-src 'self' ${options.gatewayOrigin}`,
  });
  response.end(
    content
      .replaceAll('{{GATEWAY_ORIGIN}}', options.gatewayOrigin)
      .replaceAll('{{PIPELINE_KEY}}', options.pipelineKey),
  );
}

/** The event's own answer from the management API, or nothing as long as it is on its way. */
async function whatBecameOf(api: AdminClient, messageId: string): Promise<object[]> {
  try {
    const event = await api.get<EventAnswer>(`events/${encodeURIComponent(messageId)}`);
    return [
      {
        messageId: event.message_id,
        type: event.type,
        event: event.event,
        deliveries: event.deliveries.map(({ integration_name, status, http_status, reason, detail }) => ({
          integration: integration_name,
          status,
          http_status,
          reason,
          detail,
        })),
      },
    ];
  } catch (error) {
    if (error instanceof AdminError && error.status === 404) return [];
    throw error;
  }
}

/** What the demo reads of `GET /v1/admin/events/{messageId}`. */
export interface EventAnswer {
  readonly message_id: string;
  readonly type: string;
  readonly event: string | null;
  readonly deliveries: readonly {
    readonly integration_name: string;
    readonly status: string;
    readonly http_status: number | null;
    readonly reason: string | null;
    readonly detail: string | null;
  }[];
}
