import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Broker from 'kafkajs/src/broker/index.js';
import ConnectionPool, { type ProtocolRequest } from 'kafkajs/src/network/connectionPool.js';
import socketFactory, { type SocketRequest } from 'kafkajs/src/network/socketFactory.js';
import type { WireRequest } from './protocol/requests.ts';

export type { Broker };

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  readonly clientId: string;
  /** As kafkajs takes them. */
  readonly ssl: unknown;
  readonly sasl: unknown;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** How long requests under way may take when a connection is closed. */
const CLOSE_MS = 1_000;
const NETWORK_DELAY_MS = 5_000;

const connectSocket = socketFactory();

/** A connection to a broker: two sockets, one of them for fetches, which wait for records. */
export class Connection {
  readonly #broker: Broker;
  readonly #sockets = new Set<Socket>();
  #connecting: Promise<void> | undefined;

  constructor(address: Address, options: ConnectionOptions) {
    const { clientId, ssl, sasl, connectionTimeoutMs, requestTimeoutMs } = options;
    const connectionPool = new ConnectionPool({
      ...address,
      ssl,
      sasl,
      clientId,
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      socketFactory: (request) => this.#open(request),
      logger: SILENT,
    });
    this.#broker = new Broker({ connectionPool, logger: SILENT });
  }

  async use<T>(request: (broker: Broker) => Promise<T>): Promise<T> {
    await this.#ready();
    return request(this.#broker);
  }

  send<T>(request: WireRequest<T>): Promise<T> {
    return this.use((broker) => broker.connectionPool.send(asProtocolRequest(request)));
  }

  /** Fails what is under way. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy(new Error('the connection was given up'));
  }

  async close(): Promise<void> {
    const patience = new AbortController();
    await Promise.race([
      this.#broker.disconnect().catch(() => {}),
      sleep(CLOSE_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    this.destroy();
  }

  /** kafkajs calls a broker connected before it knows what versions the broker speaks, and no longer when its SASL
   * session is about to expire. */
  async #ready(): Promise<void> {
    if (this.#connecting === undefined && this.#broker.isConnected()) return;
    this.#connecting ??= this.#broker.connect().finally(() => {
      this.#connecting = undefined;
    });
    await this.#connecting;
  }

  /** kafkajs fails what is under way when a socket has an error, but not when the broker ends one that is just being
   * closed: those requests would wait for ever. */
  #open(request: SocketRequest): Socket {
    const socket = connectSocket(request);
    this.#sockets.add(socket);
    socket.once('end', () => socket.destroy(new Error('the broker closed the connection')));
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }
}

function asProtocolRequest<T>({
  name,
  apiKey,
  apiVersion,
  encode,
  decode,
  waitMs,
}: WireRequest<T>): ProtocolRequest<T> {
  return {
    request: {
      apiKey,
      apiVersion,
      apiName: name,
      encode: async () => {
        const bytes = encode();
        return { buf: bytes, buffer: bytes };
      },
    },
    response: { decode: async (body) => decode(body), parse: async (decoded) => decoded },
    requestTimeout: waitMs === undefined ? null : waitMs + NETWORK_DELAY_MS,
    logResponseError: false,
  };
}

/** What kafkajs would log reaches the caller as an error, or was repaired. */
const SILENT = {
  namespace: () => SILENT,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
