import {
  brotliDecompressSync,
  gunzipSync,
  type InputType,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { type Refusal, refuse } from './errors.ts';

type Inflate = (bytes: InputType, options: ZlibOptions) => Buffer;

/** By the names of RFC 9110, 8.4.1 (`x-gzip` is gzip's old one). One encoding at a time: nobody needs two, and each
 * multiplies what a few bytes can become. */
const INFLATE: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', (bytes, options) => (hasZlibHeader(bytes) ? inflateSync : inflateRawSync)(bytes, options)],
  ['br', brotliDecompressSync],
]);

export function isKnownEncoding(encoding: string | undefined): boolean {
  return encoding === undefined || isPlain(encoding) || INFLATE.has(encoding.trim().toLowerCase());
}

/**
 * The body as it was before it was compressed. zlib stops as soon as more than `maxBytes` have come out, whatever was
 * promised to come, so a bomb costs no more time and memory than an honest body of that size. Done at once rather than
 * in zlib's threads: `maxBytes` take about a millisecond, less than to parse them.
 */
export function inflate(bytes: Buffer, encoding: string | undefined, maxBytes: number): Buffer | Refusal {
  if (encoding === undefined || isPlain(encoding)) return bytes;
  const inflateAll = INFLATE.get(encoding.trim().toLowerCase());
  if (inflateAll === undefined) return refuse('UNSUPPORTED_ENCODING');
  try {
    return inflateAll(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) return refuse('PAYLOAD_TOO_LARGE', `at most ${maxBytes} bytes inflated`);
    return refuse('INVALID_COMPRESSION');
  }
}

const isPlain = (encoding: string): boolean => encoding.trim() === '' || /^\s*identity\s*$/i.test(encoding);

/** `deflate` means zlib's format (RFC 1950), but some clients send it without its two bytes of header, and all others
 * take both. */
function hasZlibHeader(bytes: InputType): boolean {
  if (!Buffer.isBuffer(bytes) || bytes.length < 2) return true;
  return (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
