import { type Command, Option } from 'commander';
import { AUDITED_ACCESS, AUDITED_CONFIG, type AuditedLog, newCheckpointKey } from '../../api/index.ts';
import type { Settings } from '../settings.ts';
import { codedError } from './coded-error.ts';
import { EXPORT_FORMATS, type ExportFlags, exportLog } from './export.ts';
import { type ExportStateFlags, exportState } from './export-state.ts';
import { type DiffFlags, showDiff } from './show-diff.ts';
import { type LogFlags, showLog } from './show-log.ts';
import { type VerifyFlags, verify } from './verify.ts';

export interface CommandTools<Flags> {
  /** Adds the flags that settings can be given by. */
  withSettings(command: Command): Command;
  settingsOf(flags: Flags): Settings;
  run(command: () => Promise<void>): Promise<void>;
}

/** `signal config …`: the configuration's log, for operators and auditors. */
export function configCommands<Flags>(program: Command, tools: CommandTools<Flags>): void {
  const { withSettings, settingsOf, run } = tools;
  const config = program.command('config').description('the configuration, and the log of its every change');

  withSettings(config.command('log'))
    .description('list changes, oldest first; with --format, write the whole log')
    .addOption(apiOption())
    .option('--actor <actor>', 'only by this user or token: id or name')
    .option('--type <type>', 'only of this kind: source.created, ...')
    .option('--resource <id>', 'only of this resource')
    .option('--since <time>', 'only from this time on')
    .option('--until <time>', 'only before this time')
    .option('--text <text>', 'only with this text in them')
    .option('--payload', 'show what was changed')
    .option('--json', 'a JSON object a line')
    .addOption(
      new Option('--format <format>', 'the whole log instead, to keep and to verify').choices(EXPORT_FORMATS),
    )
    .option('--out <file>', 'where the whole log goes; left out, to standard output')
    .action((flags: Flags & LogFlags & Partial<ExportFlags>) =>
      run(() => listOrExport(settingsOf(flags), flags)),
    );

  verifyCommand(config, tools, AUDITED_CONFIG);

  withSettings(config.command('export'))
    .description('write the configuration as YAML, for signal apply')
    .addOption(apiOption())
    .option('--out <file>', 'left out, to standard output')
    .option('--at <point>', 'as it was then: sequence of a change, or a time')
    .addHelpText('after', '\nFor the log of its changes: signal config log --format ndjson')
    .action((flags: Flags & ExportStateFlags) => run(() => exportState(settingsOf(flags), flags)));

  withSettings(config.command('diff'))
    .description('list what differs between two points: sequences of changes, or times')
    .argument('<from>', 'may be the later one: that is what going back would change')
    .argument('[to]', 'left out, now')
    .addOption(apiOption())
    .option('--json', 'a JSON object a line')
    .action((from: string, to: string | undefined, flags: Flags & DiffFlags) =>
      run(() => showDiff(settingsOf(flags), from, to, flags)),
    );

  config
    .command('new-key')
    .description('print a new secret key to sign checkpoints with, for SIGNAL_CHECKPOINT_KEY')
    .argument('<name>', 'name of the log, by convention a host and a path: audit.example.com/config')
    .action((name: string) => run(async () => console.log(newCheckpointKey(name))));
}

/** What only lists, and what only writes all of it. */
const FILTERS = ['actor', 'type', 'resource', 'since', 'until', 'text', 'payload', 'json'] as const;

function listOrExport(settings: Settings, flags: LogFlags & Partial<ExportFlags>): Promise<void> {
  const { format } = flags;
  if (format === undefined) {
    if (flags.out !== undefined) throw codedError('NO_FORMAT', '--out needs --format: ndjson, csv or avro');
    return showLog(settings, flags);
  }
  const filter = FILTERS.find((name) => flags[name] !== undefined);
  if (filter !== undefined)
    throw codedError('WHOLE_LOG', `--format writes the whole log: leave out --${filter}`);
  return exportLog(settings, { ...flags, format }, AUDITED_CONFIG);
}

/** `signal access-log …`: who did, or tried, what changed no configuration. */
export function accessLogCommands<Flags>(program: Command, tools: CommandTools<Flags>): void {
  const log = program
    .command('access-log')
    .description('logins, refused changes, and reads of personal data');
  verifyCommand(log, tools, AUDITED_ACCESS);
  tools
    .withSettings(log.command('export'))
    .description('write the whole log to a file or to standard output')
    .addOption(apiOption())
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).makeOptionMandatory())
    .option('--out <file>')
    .action((flags: Flags & ExportFlags) =>
      tools.run(() => exportLog(tools.settingsOf(flags), flags, AUDITED_ACCESS)),
    );
}

function verifyCommand<Flags, E>(
  parent: Command,
  { withSettings, settingsOf, run }: CommandTools<Flags>,
  of: AuditedLog<E>,
): void {
  withSettings(parent.command('verify'))
    .description('verify the log, and that it extends what was seen of it before')
    .addOption(apiOption())
    .option('--file <export>', 'verify an NDJSON export by itself; - for standard input')
    .option('--public-key <key>', 'a key to believe, <name>+<id>+<base64>; may be repeated', collect, [])
    .option('--state <file>', 'what was seen before (default ~/.config/signal/seen-checkpoints.json)')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExit codes: 0 valid, 2 not valid, 1 it could not be verified.')
    .action((flags: Flags & VerifyFlags) =>
      run(async () => {
        process.exitCode = await verify(settingsOf(flags), flags, of);
      }),
    );
}

export const apiOption = (): Option =>
  new Option('--api <url>', 'base URL of a management API; left out, the instance on the data directory');

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
