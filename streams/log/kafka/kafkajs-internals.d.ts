/**
 * The part of kafkajs this log stands on: its connections (framing, TLS, SASL, timeouts) and its encodings of the
 * requests that are simple. Why not its producer and consumer: see docs/kafka.md.
 */
declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';
  import type { SocketRequest } from 'kafkajs/src/network/socketFactory.js';

  export interface ProtocolRequest<T> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
    };
    readonly response: { decode(body: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
    readonly requestTimeout: number | null;
    readonly logResponseError: boolean;
  }

  /** Two connections to one broker, one of them for fetches, which may wait for long. */
  class ConnectionPool {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly ssl: unknown;
      readonly sasl: unknown;
      readonly clientId: string;
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly socketFactory: (request: SocketRequest) => Socket;
      readonly logger: unknown;
    });
    send<T>(request: ProtocolRequest<T>): Promise<T>;
  }

  export default ConnectionPool;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { Socket } from 'node:net';

  export interface SocketRequest {
    readonly host: string;
    readonly port: number;
    readonly ssl: unknown;
    readonly onConnect: () => void;
  }

  export default function socketFactory(): (request: SocketRequest) => Socket;
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  interface Partitions<T> {
    readonly topic: string;
    readonly partitions: readonly T[];
  }

  interface Transaction {
    readonly transactionalId: string;
    readonly producerId: number;
    readonly producerEpoch: number;
  }

  interface ConfigEntry {
    readonly configName: string;
    readonly configValue: string | null;
    readonly configSource: number;
  }

  /** One broker; an error answer rejects with an error that has the answer's `code`. */
  class Broker {
    constructor(options: { readonly connectionPool: ConnectionPool; readonly logger: unknown });
    readonly connectionPool: ConnectionPool;
    isConnected(): boolean;
    connect(): Promise<void>;
    disconnect(): Promise<void>;

    /** Type 0: of a group; 1: of a transactional id. */
    findGroupCoordinator(request: {
      readonly groupId: string;
      readonly coordinatorType: 0 | 1;
    }): Promise<{ readonly coordinator: { readonly host: string; readonly port: number } }>;

    joinGroup(request: {
      readonly groupId: string;
      readonly memberId: string;
      readonly sessionTimeout: number;
      readonly rebalanceTimeout: number;
      readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
    }): Promise<{
      readonly generationId: number;
      readonly leaderId: string;
      readonly memberId: string;
      readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
    }>;
    syncGroup(request: {
      readonly groupId: string;
      readonly generationId: number;
      readonly memberId: string;
      readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
    }): Promise<{ readonly memberAssignment: Buffer }>;
    heartbeat(request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
    }): Promise<unknown>;
    leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;

    addPartitionsToTxn(
      request: Transaction & { readonly topics: readonly Partitions<number>[] },
    ): Promise<unknown>;
    addOffsetsToTxn(request: Transaction & { readonly groupId: string }): Promise<unknown>;
    txnOffsetCommit(
      request: Transaction & {
        readonly groupId: string;
        readonly topics: readonly Partitions<{
          readonly partition: number;
          readonly offset: number;
          readonly metadata: string;
        }>[];
      },
    ): Promise<unknown>;
    endTxn(request: Transaction & { readonly transactionResult: boolean }): Promise<unknown>;

    /** Timestamp -1: the end; -2: the start. */
    listOffsets(request: {
      readonly replicaId: -1;
      readonly isolationLevel: 0 | 1;
      readonly topics: readonly Partitions<{ readonly partition: number; readonly timestamp: number }>[];
    }): Promise<{
      readonly responses: readonly Partitions<{ readonly partition: number; readonly offset: string }>[];
    }>;

    describeConfigs(request: {
      readonly resources: readonly {
        readonly type: 2;
        readonly name: string;
        readonly configNames: readonly string[] | null;
      }[];
    }): Promise<{
      readonly resources: readonly {
        readonly resourceName: string;
        readonly configEntries: readonly ConfigEntry[];
      }[];
    }>;
  }

  export default Broker;
}
