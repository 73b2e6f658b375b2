import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AdminError } from '../admin-client.ts';
import { codedError } from '../config/coded-error.ts';
import { runningApi } from '../config/log-source.ts';
import { visible } from '../config/visible.ts';
import type { Settings } from '../settings.ts';
import { MAX_FILE_BYTES, type ParsedFile, parseFile } from './parse-file.ts';
import { withSecrets } from './secrets.ts';
import { type Outcome, planLines } from './show-plan.ts';

export interface ApplyFlags {
  readonly api?: string;
  readonly file: string;
  readonly plan?: boolean;
  readonly prune?: boolean;
  readonly ifVersion?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** A plan that would change something. */
export const EXIT_CHANGES = 2;

/** `signal apply`. Resolves with the exit code. */
export async function apply(settings: Settings, flags: ApplyFlags): Promise<number> {
  const isStdin = flags.file === '-';
  const text = await readText(isStdin ? process.stdin : createReadStream(flags.file));
  const file = parseFile(text, isStdin ? 'standard input' : flags.file);
  const directory = isStdin ? process.cwd() : dirname(resolve(flags.file));
  const body = await withSecrets(file, { env: process.env, directory });

  const api = await runningApi(settings, flags.api);
  const outcome = await api
    .post<Outcome>(
      flags.plan ? 'apply?plan=true' : 'apply',
      flags.prune ? { ...body, prune: true } : body,
      headersOf(flags),
    )
    .catch((error: unknown) => {
      throw inWordsOfFile(error, file);
    });

  if (flags.json) console.log(JSON.stringify(outcome));
  else for (const line of planLines(outcome, { colour: mayColour() })) console.log(line);
  return flags.plan && outcome.changes.length > 0 ? EXIT_CHANGES : 0;
}

const mayColour = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;

async function readText(chunks: AsyncIterable<Buffer | string>): Promise<string> {
  const buffers: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk);
    size += buffer.length;
    if (size > MAX_FILE_BYTES)
      throw codedError(
        'FILE_TOO_LARGE',
        `the file has more than ${MAX_FILE_BYTES} bytes: divide it by its sections`,
      );
    buffers.push(buffer);
  }
  return Buffer.concat(buffers).toString('utf8');
}

function headersOf({ ifVersion, reason }: ApplyFlags): Readonly<Record<string, string>> {
  if (ifVersion !== undefined && !/^(0|[1-9]\d{0,14})$/.test(ifVersion))
    throw codedError('INVALID_VERSION', `--if-version: "${ifVersion}" is no version, such as 41`);
  if (reason !== undefined && /\p{Cc}/u.test(reason))
    throw codedError('INVALID_REASON', '--reason: it must be one line, without control characters');
  return {
    ...(ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` }),
    ...(reason === undefined ? {} : { 'x-change-reason': headerText(reason) }),
  };
}

/** `fetch` takes a header's bytes as characters; these are those of UTF-8. */
const headerText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** A refusal with the lines that are at fault. */
function inWordsOfFile(error: unknown, file: ParsedFile): unknown {
  if (!(error instanceof AdminError)) return error;
  const { code = 'API_REFUSED', message = error.message, details = [] } = error.refusal ?? {};
  if (code === 'CONFIG_MOVED')
    return codedError(code, 'the configuration was changed since the plan was made: plan again');
  const lines = details.map((each) =>
    /^(if-match|x-)/.test(each.path)
      ? `${each.path}: ${each.message}`
      : `${file.placeOf(each.path)}: ${each.path}: ${each.message}`,
  );
  return codedError(code, (lines.length === 0 ? [message] : lines).map(visible).join('\n'));
}
