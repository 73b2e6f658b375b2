import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Behaviour = (request: ReceivedRequest) => Answer | Promise<Answer>;

/** A vendor that answers as told and remembers every request. */
export interface VendorServer {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** Requests that have not been answered. */
  readonly open: number;
  /** The most there ever were. */
  readonly mostOpen: number;
  answer(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A port is chosen unless given. */
export async function startVendor(
  behaviour: Behaviour = () => ({ status: 200 }),
  port = 0,
): Promise<VendorServer> {
  const received: ReceivedRequest[] = [];
  let current = behaviour;
  let open = 0;
  let mostOpen = 0;

  const respond = async (request: ReceivedRequest, response: ServerResponse): Promise<void> => {
    mostOpen = Math.max(mostOpen, ++open);
    response.on('close', () => open--);
    const { status, headers, body } = await current(request);
    response.writeHead(status, headers).end(body);
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const complete = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(complete);
      void respond(complete, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the vendor has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    get open() {
      return open;
    },
    get mostOpen() {
      return mostOpen;
    },
    answer(next) {
      current = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Never. */
export const hang = (): Promise<Answer> => new Promise(() => {});
