import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type AuditedLog, parsePublicKey, verifyExport } from '../../api/index.ts';
import { type NoteKey, openCheckpoint, type Verification } from '../../config/index.ts';
import { CONFIG_LOG, readCheckpoints, verifyStoredLog } from '../../topologies/config/index.ts';
import type { Settings } from '../settings.ts';
import { codedError } from './coded-error.ts';
import { findLog, type LogSource } from './log-source.ts';
import { defaultStateFile, readSeen, type SeenLog, writeSeen } from './seen-checkpoints.ts';
import { retiredKeysIn, signerIn, withStoredLogs } from './stored-log.ts';
import { visible } from './visible.ts';

export interface VerifyFlags {
  readonly api?: string;
  readonly file?: string;
  readonly publicKey: readonly string[];
  readonly state?: string;
  readonly json?: boolean;
}

/** The log is not what it was. */
export const EXIT_INVALID = 2;

interface Verified extends Verification {
  /** Newest checkpoint of what was verified. */
  readonly checkpoint: string | undefined;
  readonly keys: readonly NoteKey[];
}

/** `signal config verify`, and its like for other logs. Resolves with the exit code. */
export async function verify<E>(settings: Settings, flags: VerifyFlags, of: AuditedLog<E>): Promise<number> {
  const given = flags.publicKey.map(parsePublicKey);
  if (flags.file !== undefined) return report(await verifyFile(flags.file, given, flags), flags);

  const source = await findLog(settings, flags.api);
  const stateFile = flags.state ?? defaultStateFile(process.env);
  const name = of.log === CONFIG_LOG ? source.name : `${source.name} ${of.log.name}`;
  const seen = await readSeen(stateFile, name);
  const keys = await believedKeys(settings, source, of, given, seen);
  const verified = await verifyAt(settings, source, of, keys, seen?.checkpoints ?? []);
  if (verified.valid) await writeSeen(stateFile, name, remember(verified, seen));
  return report(verified, flags, seen);
}

/** By nothing but the file and the keys; with --state also by what was seen of it before. */
async function verifyFile(file: string, keys: readonly NoteKey[], { state }: VerifyFlags): Promise<Verified> {
  if (keys.length === 0)
    throw codedError(
      'NO_PUBLIC_KEY',
      'name the key that the log is signed with: --public-key <name>+<id>+<base64>',
    );
  const [first] = keys;
  const name = first?.text ?? resolve(file);
  const seen = state === undefined ? undefined : await readSeen(state, name);
  const chunks = file === '-' ? process.stdin : createReadStream(file);
  const verified = { ...(await verifyExport({ chunks, keys, remembered: seen?.checkpoints })), keys };
  if (state !== undefined && verified.valid) await writeSeen(state, name, remember(verified, seen));
  return verified;
}

/** Those that were named; else those that were believed before; else, at the first visit, those that the log names. */
async function believedKeys<E>(
  settings: Settings,
  source: LogSource,
  of: AuditedLog<E>,
  given: readonly NoteKey[],
  seen: SeenLog | undefined,
): Promise<readonly NoteKey[]> {
  if (given.length > 0) return given;
  if (seen !== undefined) return seen.publicKeys.map(parsePublicKey);
  if (source.kind === 'directory')
    return [(await signerIn(settings, of)).key, ...retiredKeysIn(settings, of)];
  const answer = await source.api.get<{ public_key: string; retired: string[] }>(`${of.file}/public-key`);
  const keys = [answer.public_key, ...answer.retired].map(parsePublicKey);
  console.error(`signal: first visit: believing the key that the log names, ${visible(keys[0]?.text ?? '')}`);
  return keys;
}

async function verifyAt<E>(
  settings: Settings,
  source: LogSource,
  of: AuditedLog<E>,
  keys: readonly NoteKey[],
  remembered: readonly string[],
): Promise<Verified> {
  if (source.kind === 'api') {
    const chunks = await source.api.stream(`${of.file}/export?format=ndjson`);
    return { ...(await verifyExport({ chunks, keys, remembered })), keys };
  }
  return withStoredLogs(settings, async ({ log, schemas }) => {
    const stored = { of: of.log, log, schemas: schemas(of) };
    const verification = await verifyStoredLog({ ...stored, keys, remembered });
    const checkpoints = await readCheckpoints(log, of.log);
    return { ...verification, checkpoint: checkpoints.at(-1)?.note, keys };
  });
}

function remember({ checkpoint, keys }: Verified, seen: SeenLog | undefined): SeenLog {
  const before = seen?.checkpoints ?? [];
  const isNew = checkpoint !== undefined && !before.includes(checkpoint);
  return { publicKeys: keys.map((key) => key.text), checkpoints: isNew ? [...before, checkpoint] : before };
}

function report(verified: Verified, { json }: VerifyFlags, seen?: SeenLog): number {
  const { valid, size, root, signedSize, problem } = verified;
  if (json) {
    const shown = problem && {
      kind: problem.kind,
      sequence: problem.sequence,
      up_to: problem.upTo,
      message: problem.message,
    };
    console.log(
      JSON.stringify({
        valid,
        size,
        root: root.toString('base64'),
        signed_size: signedSize,
        problem: shown ?? null,
      }),
    );
  } else if (problem !== undefined) console.log(`INVALID: ${visible(problem.message)}`);
  else for (const line of goodNews(verified, seen)) console.log(line);
  return valid ? 0 : EXIT_INVALID;
}

function goodNews({ size, root, signedSize, keys }: Verified, seen: SeenLog | undefined): string[] {
  const last = openCheckpoint(seen?.checkpoints.at(-1) ?? '', keys);
  return [
    `valid: ${size} ${size === 1 ? 'event' : 'events'}, ${signedSize === size ? 'all' : `the first ${signedSize}`} of them signed`,
    `root   ${root.toString('base64')}`,
    ...keys.map((key) => `key    ${visible(key.text)}`),
    last.kind === 'signed'
      ? `since  checkpoint ${last.checkpoint.size}, seen before: this log extends it`
      : 'since  nothing: no checkpoint of this log was seen before',
  ];
}
