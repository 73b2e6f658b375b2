import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './encoding.ts';

export interface Representation {
  readonly body: Buffer;
  /** Strong: of these bytes, so another one for each encoding. */
  readonly etag: string;
}

const MAX_REMEMBERED = 1_000;

const compress: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
    }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
  identity: async (body) => body,
};

/** Texts as they are sent: each compressed once, as well as can be, beside the event loop. */
export class Compressed {
  readonly #made = new Map<string, Promise<Representation>>();

  of(text: string, encoding: Encoding): Promise<Representation> {
    const key = `${encoding} ${text}`;
    const made = this.#made.get(key) ?? represent(text, encoding);
    // Those asked for lately come last.
    this.#made.delete(key);
    this.#made.set(key, made);
    if (this.#made.size > MAX_REMEMBERED) {
      for (const oldest of this.#made.keys()) {
        this.#made.delete(oldest);
        break;
      }
    }
    return made;
  }
}

async function represent(text: string, encoding: Encoding): Promise<Representation> {
  const plain = Buffer.from(text);
  const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 27);
  const suffix = encoding === 'identity' ? '' : `-${encoding}`;
  return { body: await compress[encoding](plain), etag: `"${digest}${suffix}"` };
}
