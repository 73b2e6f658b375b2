import avro from 'avsc';
import { FastStringType, NullableType } from './fast-types.ts';

// The part of avsc's extension interface that its declarations leave out.
declare module 'avsc' {
  interface Tap {
    readonly buf: Buffer;
    pos: number;
    readLong(): number;
    readString(): string;
    skipString(): void;
  }
  interface Type {
    _read(tap: Tap): unknown;
    _write(tap: Tap, value: unknown): void;
    _skip(tap: Tap): void;
    _copy(value: unknown, options?: unknown): unknown;
  }
}

/** What a decoded map is: an object without any inherited property, so that neither the key `__proto__` nor a
 * look-up of `constructor` finds something no writer put there. (A class, because V8 makes its instances several
 * times faster than `Object.create(null)`.) */
class MapValue {
  [key: string]: unknown;
}
Reflect.deleteProperty(MapValue.prototype, 'constructor');
Object.setPrototypeOf(MapValue.prototype, null);

/** Items in the next block, 0 at the end. avsc believes any count, and would allocate or loop for as long as a few
 * malformed bytes tell it to; an item takes at least a byte. */
function readBlockCount(tap: avro.Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.readLong();
  }
  if (count > tap.buf.length - tap.pos) throw new RangeError('a block counts more items than bytes are left');
  return count;
}

function skipBlocks(tap: avro.Tap, skipItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    const size = count < 0 ? tap.readLong() : undefined;
    if ((size ?? count) < 0 || (size ?? count) > tap.buf.length - tap.pos)
      throw new RangeError('a block is longer than the bytes that are left');
    if (size !== undefined) tap.pos += size;
    else for (; count > 0; count--) skipItem();
  }
}

// avsc also calls `_read` on resolvers, which have the same `itemsType` and `valuesType`: no `super` in there.
class BoundedArrayType extends avro.types.ArrayType {
  override _read(tap: avro.Tap): unknown[] {
    const items: unknown[] = [];
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap))
      for (; count > 0; count--) items.push(this.itemsType._read(tap));
    return items;
  }

  override _skip(tap: avro.Tap): void {
    skipBlocks(tap, () => this.itemsType._skip(tap));
  }
}

class BoundedMapType extends avro.types.MapType {
  override _read(tap: avro.Tap): MapValue {
    const map = new MapValue();
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      for (; count > 0; count--) {
        const key = tap.readString();
        map[key] = this.valuesType._read(tap);
      }
    }
    return map;
  }

  override _skip(tap: avro.Tap): void {
    skipBlocks(tap, () => {
      tap.skipString();
      this.valuesType._skip(tap);
    });
  }

  override _copy(value: unknown, options?: unknown): MapValue {
    return Object.assign(new MapValue(), super._copy(value, options));
  }
}

function ownType(schema: avro.Schema, options: Partial<avro.ForSchemaOptions>): avro.Type | undefined {
  if (schema === 'string') return new FastStringType();
  if (Array.isArray(schema)) {
    const isNullable = schema.length === 2 && schema[0] === 'null';
    return isNullable && options.wrapUnions === 'auto' ? new NullableType(schema, options) : undefined;
  }
  if (typeof schema !== 'object' || !('type' in schema)) return undefined;
  if (schema.type === 'string') return new FastStringType();
  if (schema.type === 'array') return new BoundedArrayType(schema, options);
  if (schema.type === 'map') return new BoundedMapType(schema, options);
  return undefined;
}

/** The avsc type of a schema given as JSON text, safe to decode bytes of any origin with. `wrapUnions`: as avsc's own
 * option; `always` decodes to what Avro's JSON encoding has. */
export function avroType(schema: string, wrapUnions: 'auto' | 'always' = 'auto'): avro.Type {
  return avro.Type.forSchema(JSON.parse(schema), {
    typeHook: ownType,
    omitRecordMethods: true,
    wrapUnions,
  });
}
