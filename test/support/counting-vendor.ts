import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  /** By `performance.now()`. */
  readonly firstAt: number;
  times: number;
  /** Every different item that came under this id, as JSON. */
  readonly items: Set<string>;
}

export interface CountingVendor {
  readonly url: string;
  /** By the id a vendor deduplicates by. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  close(): Promise<void>;
}

/** Takes webhook deliveries (`/webhook`) and Dreamdata batches (`/v1/batch`) alike, answers 200 at once, and counts. */
export async function startCountingVendor(): Promise<CountingVendor> {
  const arrivals = new Map<string, Arrival>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const firstAt = performance.now();
    const body: { batch?: { messageId: string }[]; messageId?: string } = JSON.parse(
      Buffer.concat(chunks).toString(),
    );
    for (const item of body.batch ?? [body]) {
      const id = item.messageId ?? '';
      const arrival = arrivals.get(id) ?? { firstAt, times: 0, items: new Set<string>() };
      arrival.times++;
      arrival.items.add(JSON.stringify(item));
      arrivals.set(id, arrival);
    }
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
