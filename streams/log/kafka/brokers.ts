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
  readonly #brokers = new Map<string, Connection>();
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Runs `use` on a connection to the broker; a connection that fails is given up. */
  async on<T>(address: Address, use: (broker: Broker) => Promise<T>): Promise<T> {
    const connection = this.#connection(address);
    try {
      await ready(connection);
      return await use(connection.broker);
    } catch (error) {
      if (isConnectionFailure(error)) this.#giveUp(address, connection);
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
    await Promise.allSettled(brokers.map(({ broker }) => broker.disconnect()));
  }

  #connection({ host, port }: Address): Connection {
    if (this.#closed) throw new LogError('CLOSED', 'the connections to Kafka');
    const name = `${host}:${port}`;
    let connection = this.#brokers.get(name);
    if (connection === undefined) {
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
      connection = { broker: new Broker({ connectionPool, logger: SILENT }), connecting: undefined };
      this.#brokers.set(name, connection);
    }
    return connection;
  }

  #giveUp({ host, port }: Address, connection: Connection): void {
    const name = `${host}:${port}`;
    if (this.#brokers.get(name) === connection) this.#brokers.delete(name);
    connection.broker.disconnect().catch(() => {});
  }
}

interface Connection {
  readonly broker: Broker;
  connecting: Promise<void> | undefined;
}

/** kafkajs calls a broker connected before it knows what versions the broker speaks, and no longer when its SASL
 * session is about to expire. */
async function ready(connection: Connection): Promise<void> {
  if (connection.connecting === undefined && connection.broker.isConnected()) return;
  connection.connecting ??= connection.broker.connect().finally(() => {
    connection.connecting = undefined;
  });
  await connection.connecting;
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
