import type { StreamsBuilder } from '../../dsl/streams-builder.ts';
import { serdes } from '../../serdes/primitives.ts';

/** The topology of a golden case, as its description says. */
export interface GoldenTopology {
  readonly name: string;
  build(builder: StreamsBuilder): void;
  /** Some of its output is sent because time moved; see `differences`. */
  readonly timeMovesOutput?: boolean;
}

export const text = serdes.string();
export const long = serdes.long();

/** Keys and values of the input topics may be null, and the cases are about that. */
export type Text = string | null;

export const strings = { key: text, value: text } as const;

/** A stream of an input topic. */
export const input = (builder: StreamsBuilder, topic: string) => builder.stream<Text, Text>(topic, strings);
