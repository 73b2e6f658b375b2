import { ZSTDDecoder } from 'zstddec/stream';
import type { Codec } from '../compression.ts';

const decoder = new ZSTDDecoder();
let state: 'unloaded' | 'ready' | { readonly failure: unknown } = 'unloaded';

/** WebAssembly, which is compiled asynchronously: to be awaited before records are read. A failure shows only where a
 * topic needs it. */
export async function prepareZstd(): Promise<void> {
  try {
    await decoder.init();
    state = 'ready';
  } catch (failure) {
    state = { failure };
  }
}

/** Zstandard frames. */
export const zstd: Codec = {
  name: 'zstd',
  load() {
    if (state !== 'ready') throw state === 'unloaded' ? new Error('not prepared') : state.failure;
    return unzstd;
  },
};

/** Part by part, for a few bytes can stand for gigabytes. */
function unzstd(bytes: Buffer, limit: number): Buffer {
  if (bytes.length === 0) throw new RangeError('no frame');
  const parts: Uint8Array[] = [];
  let size = 0;
  let stalled = false;
  for (const part of decoder.decodeStreaming([bytes])) {
    // At an error the decoder takes no more in, and the library would ask it for ever.
    if (part.length === 0 && stalled) throw new RangeError('not a zstd frame');
    stalled = part.length === 0;
    size += part.length;
    if (size > limit) throw new RangeError(`a frame of more than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
