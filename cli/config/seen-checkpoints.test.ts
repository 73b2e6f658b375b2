import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultStateFile, readSeen, writeSeen } from './seen-checkpoints.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-seen-'));
  file = join(directory, 'deep', 'down', 'seen.json');
});

afterEach(() => rm(directory, { recursive: true }));

describe('what was seen of logs', () => {
  it('is kept for each, and for this user only', async () => {
    const [one, other] = [
      { publicKeys: ['k1'], checkpoints: ['a', 'b'] },
      { publicKeys: ['k2', 'k3'], checkpoints: [] },
    ];
    expect(await readSeen(file, '/data')).toBeUndefined();
    await writeSeen(file, '/data', one);
    await writeSeen(file, '__proto__', other);
    expect(await readSeen(file, '/data')).toEqual(one);
    expect(await readSeen(file, 'constructor')).toBeUndefined();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps the newest of many checkpoints', async () => {
    const checkpoints = Array.from({ length: 600 }, (_, i) => String(i));
    await writeSeen(file, '/data', { publicKeys: [], checkpoints });
    expect((await readSeen(file, '/data'))?.checkpoints).toEqual(checkpoints.slice(100));
  });

  it.each(['', '{', '[]', '{"/data":{"public_keys":[]}}'])(
    'is not taken for nothing when it cannot be read: %j',
    async (content) => {
      await writeSeen(file, '/data', { publicKeys: [], checkpoints: [] });
      await writeFile(file, content);
      await expect(readSeen(file, '/data')).rejects.toMatchObject({ code: 'INVALID_STATE' });
      await expect(writeSeen(file, '/data', { publicKeys: [], checkpoints: [] })).rejects.toThrow(file);
      expect(await readFile(file, 'utf8')).toBe(content);
    },
  );

  it('is where programs keep such things', () => {
    expect(defaultStateFile({ XDG_CONFIG_HOME: '/x' })).toBe('/x/signal/seen-checkpoints.json');
    expect(defaultStateFile({})).toMatch(/\/\.config\/signal\/seen-checkpoints\.json$/);
  });
});
