import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from './parse-file.ts';
import { withSecrets } from './secrets.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-secrets-'));
  await writeFile(join(directory, 'key.txt'), 'from a file\n');
  await writeFile(join(directory, 'lines.txt'), ' two\nlines \r\n');
  await writeFile(join(directory, 'empty.txt'), '\n');
  await writeFile(join(directory, 'large.txt'), 'x'.repeat(8193));
  await writeFile(join(directory, 'full.txt'), `${'x'.repeat(8192)}\n`);
  await writeFile(join(directory, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
  await symlink(join(directory, 'key.txt'), join(directory, 'link'));
  await mkdir(join(directory, 'folder'));
});

afterAll(() => rm(directory, { recursive: true }));

const env = { KEY: 'from the environment', EMPTY: '' };
const resolved = (secret: string) =>
  withSecrets(parseFile(`integrations:\n  - name: A\n    secrets:\n      key: ${secret}\n`, 'f.yaml'), {
    env,
    directory,
  });
const fileOf = (name: string): string => join(directory, name);

describe('a secret of the file', () => {
  it.each([
    ['{ env: KEY }', 'from the environment'],
    ['{ file: ./key.txt }', 'from a file'],
    ['{ file: link }', 'from a file'],
    ['{ file: lines.txt }', ' two\nlines '],
    ['{ file: full.txt }', 'x'.repeat(8192)],
  ])('is where %s says', async (reference, secret) => {
    expect(await resolved(reference)).toEqual({ integrations: [{ name: 'A', secrets: { key: secret } }] });
  });

  it('may be read from anywhere on this machine', async () => {
    expect(await resolved(`{ file: ${fileOf('key.txt')} }`)).toMatchObject({
      integrations: [{ secrets: { key: 'from a file' } }],
    });
  });

  it.each([
    ['top-secret', 'SECRET_IN_FILE', 'never written in the file'],
    ['""', 'SECRET_IN_FILE', 'never written'],
    ['42', 'SECRET_REFERENCE', 'expected { env'],
    ['null', 'SECRET_REFERENCE', 'expected { env'],
    ['[KEY]', 'SECRET_REFERENCE', 'expected { env'],
    ['{ env: KEY, file: key.txt }', 'SECRET_REFERENCE', 'expected'],
    ['{ vault: KEY }', 'SECRET_REFERENCE', 'expected'],
    ['{ env: 7 }', 'SECRET_REFERENCE', 'expected'],
    ['{ env: NOWHERE }', 'SECRET_MISSING', 'NOWHERE is not set'],
    ['{ env: EMPTY }', 'SECRET_MISSING', 'EMPTY is not set'],
    ['{ env: toString }', 'SECRET_MISSING', 'toString is not set'],
    ['{ file: nowhere.txt }', 'SECRET_MISSING', 'ENOENT'],
    ['{ file: folder }', 'SECRET_MISSING', 'folder cannot be used'],
    ['{ file: empty.txt }', 'SECRET_MISSING', 'it is empty'],
    ['{ file: large.txt }', 'SECRET_MISSING', 'more than 8192 bytes'],
    ['{ file: binary }', 'SECRET_MISSING', 'binary cannot be used'],
  ])('is refused as %s: %s', async (reference, code, message) => {
    const error = await resolved(reference).catch((each: Error) => each);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(/^f\.yaml:4:12: integrations\[0\]\.secrets\.key: /),
    });
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(error).toHaveProperty('message', expect.not.stringContaining('top-secret'));
  });

  it('may also be what the calls of a source are signed with', async () => {
    const text = 'sources: [{ name: A, signing_secrets: [{ env: KEY }, { file: key.txt }] }, { name: B }]';
    expect(await withSecrets(parseFile(text, 'f.yaml'), { env, directory })).toEqual({
      sources: [{ name: 'A', signing_secrets: ['from the environment', 'from a file'] }, { name: 'B' }],
    });
    const open = parseFile('sources: [{ name: A, signing_secrets: [whsec_open] }]', 'f.yaml');
    await expect(withSecrets(open, { env, directory })).rejects.toMatchObject({ code: 'SECRET_IN_FILE' });
  });

  it('is the only thing that is changed, whatever else is in the file', async () => {
    for (const text of ['integrations: 7', 'integrations: [7, { secrets: x }]', 'sources: { a: 1 }', 'x: 1'])
      expect(await withSecrets(parseFile(text, 'f.yaml'), { env, directory })).toEqual(
        parseFile(text, 'f.yaml').value,
      );
  });
});
