/** One case, as Apache Kafka Streams' TopologyTestDriver answered it; the fields are those of the data files. */
export interface GoldenCase {
  readonly name: string;
  readonly description: string;
  readonly topics: Readonly<Record<string, GoldenTopic>>;
  readonly input: readonly GoldenInput[];
  readonly output: readonly GoldenOutput[];
  readonly finalStores: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly finalStoreTimestamps: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly changelogs: Readonly<Record<string, readonly GoldenChange[]>>;
}

/** `key` and `value`: string, long, session, or `time:SIZE`. */
export interface GoldenTopic {
  readonly dir: 'in' | 'out';
  readonly key: string;
  readonly value: string;
}

export type GoldenHeaders = readonly (readonly [name: string, value: string])[];

export type GoldenInput =
  | {
      readonly topic: string;
      readonly key: unknown;
      readonly value: unknown;
      readonly timestamp: number;
      readonly headers?: GoldenHeaders;
    }
  | { readonly advanceWallClockMs: number };

export interface GoldenOutput {
  /** Index of the input that caused it. */
  readonly step: number;
  readonly topic: string;
  readonly key: unknown;
  readonly windowStart?: number;
  readonly windowEnd?: number;
  readonly value: unknown;
  readonly timestamp: number;
  readonly headers?: GoldenHeaders;
}

export interface GoldenChange {
  readonly step: number;
  readonly key: string;
  readonly value: unknown;
  readonly timestamp: number;
}

/** Everything a case tells about a run, so that two can be compared. */
export interface GoldenRun {
  readonly output: readonly GoldenOutput[];
  readonly finalStores: GoldenCase['finalStores'];
  readonly finalStoreTimestamps: GoldenCase['finalStoreTimestamps'];
  readonly changelogs: GoldenCase['changelogs'];
}
