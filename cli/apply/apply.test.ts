import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../settings.ts';
import { type ApplyFlags, apply } from './apply.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-apply-'));
});

afterAll(() => rm(directory, { recursive: true }));

/** Fails before anything is asked of an API, or because there is none. */
async function failure(text: string, flags: Partial<ApplyFlags> = {}): Promise<unknown> {
  const file = join(directory, 'signal.yaml');
  await writeFile(file, text);
  const env = { SIGNAL_DATA_DIR: directory, SIGNAL_ADMIN_TOKEN: 'sat_of-nobody' };
  return apply(readSettings({ env }), { file, api: 'http://127.0.0.1:1', ...flags }).catch(
    (error: unknown) => error,
  );
}

describe('applying a file', () => {
  it.each<[string, string, Partial<ApplyFlags>, string, string]>([
    ['no YAML', 'version: [1', {}, 'INVALID_FILE', 'signal.yaml:1:12'],
    [
      'a secret in it',
      'integrations:\n  - { name: A, secrets: { auth_token: open-secret } }',
      {},
      'SECRET_IN_FILE',
      'signal.yaml:2:39: integrations[0].secrets.auth_token: a secret is never written in the file',
    ],
    [
      'a secret that is not set',
      'integrations:\n  - { name: A, secrets: { auth_token: { env: SIGNAL_NOT_SET } } }',
      {},
      'SECRET_MISSING',
      'SIGNAL_NOT_SET is not set',
    ],
    ['more than the API takes', `# ${'x'.repeat(512 * 1024)}`, {}, 'FILE_TOO_LARGE', 'more than 524288'],
    ['no number of a version', 'version: 1', { ifVersion: 'x' }, 'INVALID_VERSION', '"x" is no version'],
    ['a reason in two lines', 'version: 1', { reason: 'a\nb' }, 'INVALID_REASON', '--reason'],
    ['no API', 'version: 1', {}, 'API_UNREACHABLE', 'http://127.0.0.1:1 cannot be reached'],
    ['no file', 'version: 1', { file: '/nowhere/signal.yaml' }, 'ENOENT', '/nowhere/signal.yaml'],
  ])('fails for %s', async (_, text, flags, code, message) => {
    const error = await failure(text, flags);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(error).toHaveProperty('message', expect.not.stringContaining('open-secret'));
  });

  it('fails where nothing runs on the data directory', async () => {
    const file = join(directory, 'signal.yaml');
    await writeFile(file, 'version: 1');
    const settings = readSettings({ env: { SIGNAL_DATA_DIR: directory } });
    await expect(apply(settings, { file })).rejects.toMatchObject({ code: 'NO_DATA' });
    await writeFile(join(directory, 'CURRENT'), '');
    await expect(apply(settings, { file })).rejects.toMatchObject({ code: 'NO_INSTANCE' });
  });
});
