import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Log, openEmbeddedLog } from '../../streams/index.ts';
import { SecretVault, topicsOfSecrets } from './vault.ts';

const KEY = Buffer.alloc(32, 1);
const clock = { now: () => 1_700_000_000_000 };

let directory: string;
let log: Log;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-vault-'));
  log = await openEmbeddedLog({ directory, flush: 'os' });
  await log.createTopics(topicsOfSecrets);
});

afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true, force: true });
});

const start = (masterKey = KEY): Promise<SecretVault> => SecretVault.start({ log, masterKey, clock });

describe('SecretVault', () => {
  it('opens what it sealed, in whatever characters', async () => {
    const vault = await start();
    for (const plaintext of ['key', '', 'Größe 🎉\n', 'x'.repeat(10_000)]) {
      const { sealed } = await vault.seal(plaintext);
      expect(await vault.open(sealed)).toBe(plaintext);
      if (plaintext.length > 2) expect(sealed).not.toContain(plaintext);
    }
  });

  it('opens what another process sealed, before it and since', async () => {
    const one = await start();
    const before = await one.seal('before');
    const other = await start();
    const since = await one.seal('since');
    expect(await other.open(before.sealed)).toBe('before');
    expect(await Promise.all([other.open(since.sealed), other.open(since.sealed)])).toEqual([
      'since',
      'since',
    ]);
  });

  it('seals the same secret differently each time, with the same fingerprint', async () => {
    const vault = await start();
    const [a, b, c] = [await vault.seal('same'), await vault.seal('same'), await vault.seal('other')];
    expect(a.sealed).not.toBe(b.sealed);
    expect(a.fingerprint).toBe(b.fingerprint);
    expect(a.fingerprint).not.toBe(c.fingerprint);
  });

  it('gives fingerprints from which a secret cannot be guessed without the master key', async () => {
    const nowhere = { kind: 'embedded' as const, append: async () => [], read: async function* () {} };
    const fingerprint = async (masterKey: Buffer): Promise<string> => {
      const vault = await SecretVault.start({ log: nowhere, masterKey, clock });
      return (await vault.seal('1234')).fingerprint;
    };
    expect(await fingerprint(KEY)).not.toBe(await fingerprint(Buffer.alloc(32, 2)));
  });

  it('opens nothing of which a single bit is not what it was', async () => {
    const vault = await start();
    const { sealed } = await vault.seal('secret');
    const [version, id, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[i] ?? 0) ^ 1, i);
      await expect(vault.open(`${version}.${id}.${changed.toString('base64url')}`)).rejects.toMatchObject({
        code: 'MALFORMED',
      });
    }
  });

  it('does not take the sealed text of one secret for that of another', async () => {
    const vault = await start();
    const [a, b] = [(await vault.seal('a')).sealed.split('.'), (await vault.seal('b')).sealed.split('.')];
    await expect(vault.open(`v1.${a[1]}.${b[2]}`)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it.each(['', 'v1', 'v1.x', 'v2.x.y', 'plain text'])('refuses "%s", which nobody sealed', async (text) => {
    await expect((await start()).open(text)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it('makes a destroyed secret unreadable for all, for good', async () => {
    const vault = await start();
    const other = await start();
    const { sealed } = await vault.seal('secret');
    const kept = await vault.seal('kept');
    await vault.destroy(sealed);
    for (const each of [vault, other, await start()]) {
      await expect(each.open(sealed)).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
      expect(await each.open(kept.sealed)).toBe('kept');
    }
  });

  it('does not start with another master key than the secrets were sealed with', async () => {
    await start(Buffer.alloc(32, 2));
    await (await start()).seal('secret');
    await expect(start(Buffer.alloc(32, 2))).rejects.toMatchObject({ code: 'WRONG_KEY' });
  });
});
