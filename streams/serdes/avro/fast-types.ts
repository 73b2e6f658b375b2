import avro from 'avsc';

/*
 * avsc's types for what nearly every field of a record is, text or text that may be absent, written and read faster.
 * What they do not see at a glance they leave to avsc.
 */

/** Up to so many characters a loop is faster than a call out of JavaScript; their length takes one byte. */
const SHORT = 63;
/** Up to so many characters, of three bytes each at most, the length takes two bytes. */
const LONG = 2730;

// Not declared; browsers' stand-ins for Buffer do not have it.
type Utf8Buffer = Buffer & { utf8Write?(text: string, offset: number, length: number): number };

export class FastStringType extends avro.types.StringType {
  override _write(tap: avro.Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) super._write(tap, value);
  }
}

/** `false`: nothing has been written. */
function writeText(tap: avro.Tap, text: string): boolean {
  const { length } = text;
  const { buf, pos } = tap;
  if (length > LONG || pos + 2 + 3 * length > buf.length) return false;
  return length > SHORT ? writeLong(tap, text) : writeShort(tap, text);
}

function writeShort(tap: avro.Tap, text: string): boolean {
  const { length } = text;
  const { buf } = tap;
  let at = tap.pos;
  buf[at++] = length << 1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    buf[at++] = code;
  }
  tap.pos = at;
  return true;
}

function writeLong(tap: avro.Tap, text: string): boolean {
  const { buf, pos }: { buf: Utf8Buffer; pos: number } = tap;
  const bytes = buf.utf8Write?.(text, pos + 2, 3 * text.length);
  if (bytes === undefined) return false;
  buf[pos] = ((bytes << 1) & 0x7f) | 0x80;
  buf[pos + 1] = bytes >> 6;
  tap.pos = pos + 2 + bytes;
  return true;
}

/** `["null", X]`. */
export class NullableType extends avro.types.UnwrappedUnionType {
  readonly #value: avro.Type;

  constructor(schema: avro.Schema, options: unknown) {
    super(schema, options);
    const [, value] = this.types;
    if (value === undefined) throw new TypeError('a nullable type is of null and of something else');
    this.#value = value;
  }

  override _write(tap: avro.Tap, value: unknown): void {
    if (value === null) tap.buf[tap.pos++] = 0;
    else {
      tap.buf[tap.pos++] = 2;
      this.#value._write(tap, value);
    }
  }

  override _read(tap: avro.Tap): unknown {
    switch (tap.buf[tap.pos]) {
      case 0:
        tap.pos++;
        return null;
      case 2:
        tap.pos++;
        return this.#value._read(tap);
      default:
        return super._read(tap);
    }
  }
}
