import { LogError } from '../errors.ts';
import { metaKey } from './keys.ts';
import type { Storage } from './storage.ts';

/** Of the key space and everything under its keys except record batches, which carry their own. */
const FORMAT = '1';
const KEY = metaKey('format');

/** Marks a new directory, and refuses one that a later version has changed. */
export async function checkFormat(storage: Storage, directory: string): Promise<void> {
  const [found] = await storage.getMany([KEY]);
  const format = found?.toString();
  if (format === undefined) await storage.write([{ key: KEY, value: Buffer.from(FORMAT) }]);
  else if (format !== FORMAT) {
    throw new LogError(
      'UNAVAILABLE',
      `${directory} has format ${format}, this version reads ${FORMAT}; update it`,
    );
  }
}
