import Broker from 'kafkajs/src/broker/index.js';
import ConnectionPool, { type ProtocolRequest } from 'kafkajs/src/network/connectionPool.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { LogError } from '../errors.ts';
import { isConnectionFailure } from './failures.ts';
import type { WireRequest } from './protocol/requests.ts';

export type { Broker };

export interface ConnectionOptions {
  readonly clientId: string;
  /** As kafkajs takes them. */
  readonly ssl: unknown;
  readonly sasl: unknown;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Connections to brokers, one to each, made when first needed. A broker answers the requests of one connection one
 * after another, so whoever may keep it busy or waiting has connections of their own.
 */
export class Brokers {
  readonly #options: ConnectionOptions;
  readonly #brokers = new Map<string, Broker>();
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Runs `use` on a connection to the broker; a connection that fails is given up. */
  async on<T>(address: Address, use: (broker: Broker) => Promise<T>): Promise<T> {
    const broker = this.#broker(address);
    try {
      // Not connected is also what kafkajs says of a SASL session about to expire.
      if (!broker.isConnected()) await broker.connect();
      return await use(broker);
    } catch (error) {
      if (isConnectionFailure(error)) this.#giveUp(address, broker);
      throw error;
    }
  }

  send<T>(address: Address, request: WireRequest<T>): Promise<T> {
    return this.on(address, (broker) => broker.connectionPool.send(asProtocolRequest(request)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const brokers = [...this.#brokers.values()];
    this.#brokers.clear();
    await Promise.allSettled(brokers.map((broker) => broker.disconnect()));
  }

  #broker({ host, port }: Address): Broker {
    if (this.#closed) throw new LogError('CLOSED', 'the connections to Kafka');
    const name = `${host}:${port}`;
    let broker = this.#brokers.get(name);
    if (broker === undefined) {
      const { clientId, ssl, sasl, connectionTimeoutMs, requestTimeoutMs } = this.#options;
      const connectionPool = new ConnectionPool({
        host,
        port,
        ssl,
        sasl,
        clientId,
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: requestTimeoutMs,
        socketFactory: socketFactory(),
        logger: SILENT,
      });
      broker = new Broker({ connectionPool, logger: SILENT });
      this.#brokers.set(name, broker);
    }
    return broker;
  }

  #giveUp({ host, port }: Address, broker: Broker): void {
    const name = `${host}:${port}`;
    if (this.#brokers.get(name) === broker) this.#brokers.delete(name);
    broker.disconnect().catch(() => {});
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

const NETWORK_DELAY_MS = 5_000;

/** What kafkajs would log reaches the caller as an error, or was repaired. */
const SILENT = {
  namespace: () => SILENT,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
