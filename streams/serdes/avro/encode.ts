import type { Type } from 'avsc';
import { SerdeError } from '../errors.ts';
import { HEADER_BYTES, writeHeader } from './wire-format.ts';

const KEPT_BYTES = 1024 * 1024;

// Encoding is synchronous and ends with a copy, so all serdes can share one buffer.
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** The value in wire format, in a buffer of its own. */
export function encode(type: Type, schemaId: number, value: unknown): Buffer {
  let target = scratch;
  let end = write(type, value, target);
  if (end < 0) {
    // avsc answers with minus the bytes that were missing.
    target = Buffer.allocUnsafeSlow(target.length - end);
    end = write(type, value, target);
    if (target.length <= KEPT_BYTES) scratch = target;
  }
  writeHeader(target, schemaId);
  return Buffer.from(target.subarray(0, end));
}

function write(type: Type, value: unknown, target: Buffer): number {
  try {
    return type.encode(value, target, HEADER_BYTES);
  } catch {
    // avsc's message quotes the value.
    throw new SerdeError('INVALID_VALUE', misfits(type, value));
  }
}

/** Where the value does not fit, and what is wanted there. */
function misfits(type: Type, value: unknown): string {
  const places: string[] = [];
  type.isValid(value, {
    errorHook: (path, _misfit, wanted) => {
      places.push(`${[type.name, ...path].join('.')} must be ${wanted.toString()}`);
    },
  });
  return places.slice(0, 5).join('; ') || `${type.name}`;
}
