/** One request a vendor got, and how it answered. */
export interface Received {
  /** 1, 2, 3, ... */
  readonly sequence: number;
  /** ISO 8601. */
  readonly at: string;
  readonly vendor: 'dreamdata' | 'webhook';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Parsed if it is a JSON object, else the text. */
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

export interface StandInOptions {
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** The API key Dreamdata expects; `demo-key` if left out. */
  readonly dreamdataKey?: string;
  /** So many requests, the latest. */
  readonly remember?: number;
}

export interface StandIn {
  readonly url: string;
  readonly port: number;
  /** Oldest first. */
  readonly received: readonly Received[];
  /** Answers the next `count` requests with `status` instead of looking at them. */
  failNext(count: number, status?: number, headers?: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

export function startStandIn(options?: StandInOptions): Promise<StandIn>;
