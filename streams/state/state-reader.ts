import type { KeyRange } from '../log/log.ts';

/** How values of a store become bytes. */
export interface Codec<V> {
  encode(value: V): Buffer;
  decode(bytes: Buffer): V;
}

/** Where committed state is read from. The synchronous forms exist only where state is in memory anyway. */
export interface StateReader {
  getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]>;
  scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]>;
  getNow?(store: string, key: Buffer): Buffer | null;
  scanNow?(store: string, range: KeyRange): [key: Buffer, value: Buffer][];
}

/** Reads a range now or as a promise, as the reader is able to. */
export function scanNowOrLater(
  reader: StateReader,
  store: string,
  range: KeyRange,
  then: (entries: readonly (readonly [Buffer, Buffer])[]) => void,
): Promise<void> | undefined {
  if (reader.scanNow === undefined) return reader.scan(store, range).then(then);
  then(reader.scanNow(store, range));
  return undefined;
}
