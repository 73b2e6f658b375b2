import { LogError } from '../errors.ts';
import { type Address, type Broker, Connection, type ConnectionOptions } from './connection.ts';
import { isConnectionFailure } from './failures.ts';
import type { WireRequest } from './protocol/requests.ts';

export type { Address, Broker, ConnectionOptions };

/**
 * Connections to brokers, one to each, made when first needed. A broker answers the requests of one connection one
 * after another, so whoever may keep it busy or waiting has connections of their own.
 */
export class Brokers {
  readonly #options: ConnectionOptions;
  readonly #connections = new Map<string, Connection>();
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  on<T>(address: Address, request: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#with(address, (connection) => connection.use(request));
  }

  send<T>(address: Address, request: WireRequest<T>): Promise<T> {
    return this.#with(address, (connection) => connection.send(request));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }

  /** A connection that fails is given up, with all that is under way on it. */
  async #with<T>(address: Address, use: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closed) throw new LogError('CLOSED', 'the connections to Kafka');
    const name = `${address.host}:${address.port}`;
    const connection = this.#connections.get(name) ?? new Connection(address, this.#options);
    this.#connections.set(name, connection);
    try {
      return await use(connection);
    } catch (error) {
      if (isConnectionFailure(error)) {
        connection.destroy();
        if (this.#connections.get(name) === connection) this.#connections.delete(name);
      }
      throw error;
    }
  }
}
