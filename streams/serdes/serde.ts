/** How keys and values become bytes. `null` (no key, tombstone) never reaches a serde. */
export interface Serde<T> {
  serialize(value: T): Buffer;
  deserialize(bytes: Buffer): T;
}
