import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codedError } from '../config/coded-error.ts';
import { isRecord, type ParsedFile } from './parse-file.ts';

/** As much as the API takes of one, in bytes. */
const MAX_SECRET_BYTES = 8192;

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What paths of files are relative to. */
  readonly directory: string;
}

/**
 * The file with the secrets in the place of what names them: `{env: NAME}` or `{file: path}`. What else is wrong with
 * the file is left for the API to say. Throws `SECRET_IN_FILE`, `SECRET_REFERENCE` or `SECRET_MISSING`; no error holds
 * a secret.
 */
export async function withSecrets(
  file: ParsedFile,
  sources: SecretSources,
): Promise<Readonly<Record<string, unknown>>> {
  const read = (value: unknown, path: string): Promise<string> => readSecret(value, path, file, sources);
  const { value } = file;
  return {
    ...value,
    ...('sources' in value && {
      sources: await mapList(value.sources, async (entry, index) => {
        if (!Array.isArray(entry.signing_secrets)) return entry;
        const secrets: string[] = [];
        for (const [at, each] of entry.signing_secrets.entries())
          secrets.push(await read(each, `sources[${index}].signing_secrets[${at}]`));
        return { ...entry, signing_secrets: secrets };
      }),
    }),
    ...('integrations' in value && {
      integrations: await mapList(value.integrations, async (entry, index) => {
        if (!isRecord(entry.secrets)) return entry;
        const secrets: [string, string][] = [];
        for (const [key, each] of Object.entries(entry.secrets))
          secrets.push([key, await read(each, `integrations[${index}].secrets.${key}`)]);
        return { ...entry, secrets: Object.fromEntries(secrets) };
      }),
    }),
  };
}

async function mapList(
  list: unknown,
  change: (entry: Readonly<Record<string, unknown>>, index: number) => Promise<unknown>,
): Promise<unknown> {
  if (!Array.isArray(list)) return list;
  const changed: unknown[] = [];
  for (const [index, entry] of list.entries())
    changed.push(isRecord(entry) ? await change(entry, index) : entry);
  return changed;
}

async function readSecret(
  value: unknown,
  path: string,
  { placeOf }: ParsedFile,
  { env, directory }: SecretSources,
): Promise<string> {
  const fault = (code: string, what: string): Error => codedError(code, `${placeOf(path)}: ${path}: ${what}`);
  if (typeof value === 'string')
    throw fault(
      'SECRET_IN_FILE',
      'a secret is never written in the file: name where it is, as { env: NAME } or { file: path }',
    );
  const [[kind, where] = ['', undefined], ...others] = isRecord(value) ? Object.entries(value) : [];
  if (others.length > 0 || typeof where !== 'string' || where === '' || (kind !== 'env' && kind !== 'file'))
    throw fault('SECRET_REFERENCE', 'expected { env: NAME } or { file: path }');
  if (kind === 'env') {
    const secret = Object.hasOwn(env, where) ? env[where] : undefined;
    if (secret === undefined || secret === '')
      throw fault('SECRET_MISSING', `the environment variable ${where} is not set`);
    return secret;
  }
  const file = resolve(directory, where);
  const secret = await readSecretFile(file).catch((error: Error) => error);
  if (secret instanceof Error) throw fault('SECRET_MISSING', `${file} cannot be used: ${secret.message}`);
  return secret;
}

/** Without the line break that editors and `echo` leave at the end. Rejects if it is not a small file of text. */
async function readSecretFile(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('it is not a file');
    const buffer = Buffer.alloc(MAX_SECRET_BYTES + 3);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
    const secret = text.replace(/\r?\n$/, '');
    if (Buffer.byteLength(secret) > MAX_SECRET_BYTES)
      throw new Error(`it has more than ${MAX_SECRET_BYTES} bytes`);
    if (secret === '') throw new Error('it is empty');
    return secret;
  } finally {
    await handle.close();
  }
}
