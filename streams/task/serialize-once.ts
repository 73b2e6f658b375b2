import type { Serde } from '../serdes/serde.ts';

type Serializer = Pick<Serde<unknown>, 'serialize'>;

/** Bytes of the value serialized last: a stream that fans out sends the same one, immutable as it is, to several
 * sinks, and serializing is most of what sending costs. */
export class SerializeOnce {
  private value: unknown;
  private serde: Serializer | undefined;
  private bytes: Buffer | null = null;

  of(value: unknown, serde: Serializer): Buffer | null {
    if (value === null || value === undefined) return null;
    if (value === this.value && serde === this.serde) return this.bytes;
    this.bytes = serde.serialize(value);
    this.value = value;
    this.serde = serde;
    return this.bytes;
  }
}
