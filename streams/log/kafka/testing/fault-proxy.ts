import { createServer, type Server, type Socket, connect as tcp } from 'node:net';

/** Kafka's numbers of the requests that a test may lose. */
export const API = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetFetch: 9,
  FindCoordinator: 10,
  JoinGroup: 11,
  Heartbeat: 12,
  SyncGroup: 14,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const;

export type Api = keyof typeof API;

/** `request`: it never reaches the broker. `answer`: the broker carries it out, and the client never hears of it. */
export type Loss = 'request' | 'answer';

/**
 * Stands between a client and a broker and breaks the connection on the requests it is told to. The broker has to
 * advertise the proxy's address to its clients.
 */
export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #faults: { readonly apiKey: number; readonly loss: Loss }[] = [];
  #target = 0;

  static async listen(): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return new FaultProxy(server, address.port);
  }

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (client) => this.#connected(client));
  }

  set target(port: number) {
    this.#target = port;
  }

  /** The next request of this kind is lost, or its answer. */
  lose(loss: Loss, api: Api): void {
    this.#faults.push({ apiKey: API[api], loss });
  }

  /** Those that have not met their request yet. */
  get pending(): number {
    return this.#faults.length;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connected(client: Socket): void {
    const broker = tcp(this.#target, '127.0.0.1');
    let losing = false;
    const end = (): void => {
      client.destroy();
      broker.destroy();
      this.#sockets.delete(client);
      this.#sockets.delete(broker);
    };
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    let received = Buffer.alloc(0);
    client.on('data', (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 6 && received.length >= 4 + received.readInt32BE(0)) {
        const frame = received.subarray(0, 4 + received.readInt32BE(0));
        received = received.subarray(frame.length);
        const loss = this.#lossOf(frame.readInt16BE(4));
        if (loss === 'request') return end();
        losing ||= loss === 'answer';
        broker.write(frame);
      }
    });
    broker.on('data', (data) => (losing ? end() : client.write(data)));
  }

  #lossOf(apiKey: number): Loss | undefined {
    const index = this.#faults.findIndex((fault) => fault.apiKey === apiKey);
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0]?.loss;
  }
}
