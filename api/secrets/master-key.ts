import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { KEY_BYTES } from './cipher.ts';
import { SecretError } from './errors.ts';

const HEX = /^[0-9a-fA-F]{64}$/;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/** The key in the text of ENCRYPTION_KEY. Throws `INVALID_KEY`. */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  if (HEX.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (BASE64.test(trimmed)) return Buffer.from(trimmed, 'base64');
  throw new SecretError('INVALID_KEY');
}

/** The key in the file; a new one, readable by this user only, if there is no such file. Rejects with a
 * `SecretError`. */
export async function loadOrCreateMasterKey(path: string): Promise<Buffer> {
  const made = await create(path);
  if (made !== undefined) return made;
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) throw new SecretError('KEY_FILE_EXPOSED', path);
    return parseMasterKey(await file.readFile('utf8'));
  } catch (cause) {
    throw cause instanceof SecretError ? cause : new SecretError('KEY_FILE_UNREADABLE', path, { cause });
  } finally {
    await file?.close();
  }
}

/** Undefined if the file is there already. */
async function create(path: string): Promise<Buffer | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', 0o600);
    const key = randomBytes(KEY_BYTES);
    await file.writeFile(`${key.toString('base64')}\n`);
    // Secrets sealed with a key that a power cut takes away are lost.
    await file.sync();
    return key;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return undefined;
    throw new SecretError('KEY_FILE_UNREADABLE', path, { cause });
  } finally {
    await file?.close();
  }
}
