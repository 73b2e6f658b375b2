import type { Register } from '../processor.ts';
import type { Serde } from '../serdes/serde.ts';
import type { Codec } from '../state/state-reader.ts';
import type { StoreBuilder } from '../state/store.ts';

export type Side = 'left' | 'right';

/** Records of one side, key and time that wait for a match, in order of arrival. */
export type Unmatched<V, VO> =
  | { readonly side: 'left'; readonly values: readonly V[] }
  | { readonly side: 'right'; readonly values: readonly VO[] };

/** Under which records wait in the queue, behind their time: right before left, then by key. */
export const unmatchedName = (side: Side, key: Buffer): Buffer =>
  Buffer.concat([side === 'left' ? LEFT : RIGHT, key]);

export const keyOfName = (name: Buffer): Buffer => name.subarray(1);

const RIGHT = Buffer.of(0);
const LEFT = Buffer.of(1);

/** The side, then each value with its length in front. */
export function unmatchedCodec<V, VO>(left: Serde<V>, right: Serde<VO>): Codec<Unmatched<V, VO>> {
  return {
    encode(unmatched) {
      const parts =
        unmatched.side === 'left'
          ? unmatched.values.map((value) => left.serialize(value))
          : unmatched.values.map((value) => right.serialize(value));
      return Buffer.concat([unmatched.side === 'left' ? LEFT : RIGHT, ...parts.flatMap(withLength)]);
    },
    decode(bytes) {
      const parts = [...partsOf(bytes)];
      return bytes[0] === LEFT[0]
        ? { side: 'left', values: parts.map((part) => left.deserialize(part)) }
        : { side: 'right', values: parts.map((part) => right.deserialize(part)) };
    },
  };
}

function withLength(bytes: Buffer): Buffer[] {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length, 0);
  return [length, bytes];
}

function* partsOf(bytes: Buffer): Generator<Buffer> {
  for (let offset = 1; offset < bytes.length; ) {
    const end = offset + 4 + bytes.readUInt32BE(offset);
    yield bytes.subarray(offset + 4, end);
    offset = end;
  }
}

/** The time both sides of a join share. */
export interface JoinTime {
  /** The greatest timestamp that came to the join. */
  readonly latest: Register;
  /** No record that waits is earlier than this; Infinity if none is known to wait. */
  readonly earliestUnmatched: Register;
}

/** Two numbers and no table: a store only so that both sides find them. */
export const joinTime = (name: string): StoreBuilder<JoinTime> => ({
  name,
  logging: true,
  parts: [],
  residence: 'cached',
  build: (context) => ({
    latest: context.register('latest'),
    earliestUnmatched: context.register('earliest-unmatched', Number.POSITIVE_INFINITY),
  }),
});
