export interface KafkaBroker {
  readonly brokers: string[];
  readonly directory: string;
  readonly pid: number;
  /** A clean shutdown; the data stays. */
  stop(): Promise<void>;
  /** As a crash; the data stays. */
  kill(): Promise<void>;
  /** On the same port and data; stops it first where it runs. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

export interface KafkaOptions {
  /** Left out: a temporary directory. */
  readonly directory?: string | undefined;
  /** Left out: a free one. */
  readonly port?: number | undefined;
  readonly heap?: string | undefined;
  /** For benchmarks: let the virtual machine optimise, at the price of a slower start. */
  readonly fullSpeed?: boolean | undefined;
  /** A second listener, whose clients are sent to another port: a proxy's. */
  readonly proxied?: { readonly port: number; readonly advertisedPort: number } | undefined;
  /** Broker settings, by Kafka's names. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Why a broker cannot run here, or undefined. */
export function missingForKafka(): string | undefined;

/** Resolves when it serves. It ends with this process, however that ends. */
export function startKafka(options?: KafkaOptions): Promise<KafkaBroker>;

/** On the loopback address. */
export function freePort(): Promise<number>;
