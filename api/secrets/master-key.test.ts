import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateMasterKey, parseMasterKey } from './master-key.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i));

describe('parseMasterKey', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('reads 32 bytes in %s', (encoding) => {
    expect(parseMasterKey(` ${KEY.toString(encoding)}\n`)).toEqual(KEY);
  });

  it.each([
    '',
    'password',
    KEY.toString('hex').slice(1),
    KEY.toString('base64').slice(2),
    `${KEY.toString('base64')}AAAA`,
    'ä'.repeat(43),
  ])('refuses "%s" without repeating it', (text) => {
    expect(() => parseMasterKey(text)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }));
    if (text !== '') expect(() => parseMasterKey(text)).not.toThrow(text);
  });
});

describe('loadOrCreateMasterKey', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signal-key-'));
    path = join(directory, 'encryption.key');
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('makes a file that only its owner can read, and finds the same key in it later', async () => {
    const key = await loadOrCreateMasterKey(path);
    expect(key).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateMasterKey(path)).toEqual(key);
    expect(parseMasterKey(await readFile(path, 'utf8'))).toEqual(key);
  });

  it('refuses a file that others can read', async () => {
    await loadOrCreateMasterKey(path);
    await chmod(path, 0o640);
    await expect(loadOrCreateMasterKey(path)).rejects.toMatchObject({ code: 'KEY_FILE_EXPOSED' });
  });

  it('refuses a file that holds no key, and leaves it as it is', async () => {
    await writeFile(path, 'not a key', { mode: 0o600 });
    await expect(loadOrCreateMasterKey(path)).rejects.toMatchObject({ code: 'INVALID_KEY' });
    expect(await readFile(path, 'utf8')).toBe('not a key');
  });

  it('says so when there is no such directory', async () => {
    await expect(loadOrCreateMasterKey(join(directory, 'nowhere', 'key'))).rejects.toMatchObject({
      code: 'KEY_FILE_UNREADABLE',
    });
  });
});
