import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  loadCheckpointKey,
  loadOrCreateCheckpointKey,
  newCheckpointKey,
  parseCheckpointKey,
  parsePublicKey,
} from './key-file.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-key-'));
  path = join(directory, 'checkpoint.key');
});

afterEach(() => rm(directory, { recursive: true }));

describe('the key file', () => {
  it('is made once, for this user only, and names a log that no other is named', async () => {
    const signer = await loadOrCreateCheckpointKey(path);
    expect(signer.key.name).toMatch(/^signal-config\/[0-9a-f]{16}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await loadOrCreateCheckpointKey(path)).key.text).toBe(signer.key.text);
    expect((await loadOrCreateCheckpointKey(`${path}2`)).key.name).not.toBe(signer.key.name);
  });

  it('is not used when others can read it', async () => {
    await loadOrCreateCheckpointKey(path);
    await chmod(path, 0o640);
    await expect(loadOrCreateCheckpointKey(path)).rejects.toMatchObject({ code: 'KEY_FILE_EXPOSED' });
  });

  it('is refused with something else in it, which is not shown', async () => {
    await writeFile(path, 'not-a-key', { mode: 0o600 });
    const error = await loadOrCreateCheckpointKey(path).catch((reason: unknown) => String(reason));
    expect(error).toMatch(/not a checkpoint key/);
    expect(error).not.toContain('not-a-key');
  });

  it('is named when it cannot be read', async () => {
    await expect(loadCheckpointKey(path)).rejects.toMatchObject({
      code: 'KEY_FILE_UNREADABLE',
      message: expect.stringContaining(path),
    });
    await expect(loadOrCreateCheckpointKey(join(directory, 'no', 'where'))).rejects.toMatchObject({
      code: 'KEY_FILE_UNREADABLE',
    });
  });
});

describe('a key', () => {
  it('is made for a log of any proper name', () => {
    const signer = parseCheckpointKey(` ${newCheckpointKey('audit.example.com/config')}\n`);
    expect(parsePublicKey(signer.key.text).name).toBe('audit.example.com/config');
    for (const name of ['', 'two words', 'a+b', 'a\nb'])
      expect(() => newCheckpointKey(name)).toThrow(/name of a log/);
  });

  it('that is none is refused', () => {
    expect(() => parseCheckpointKey('x')).toThrow(/not a checkpoint key/);
    expect(() => parsePublicKey('x')).toThrow(/not the public key of a log/);
  });
});
