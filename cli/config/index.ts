import { type Command, Option } from 'commander';
import { AUDITED_ACCESS, AUDITED_CONFIG, type AuditedLog, newCheckpointKey } from '../../api/index.ts';
import type { Settings } from '../settings.ts';
import { EXPORT_FORMATS, type ExportFlags, exportLog } from './export.ts';
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
  const config = program.command('config').description('the log of every change of the configuration');

  withSettings(config.command('log'))
    .description('list changes, oldest first')
    .addOption(api())
    .option('--actor <actor>', 'only by this user or token: id or name')
    .option('--type <type>', 'only of this kind: source.created, ...')
    .option('--resource <id>', 'only of this resource')
    .option('--since <time>', 'only from this time on')
    .option('--until <time>', 'only before this time')
    .option('--text <text>', 'only with this text in them')
    .option('--payload', 'show what was changed')
    .option('--json', 'a JSON object a line')
    .action((flags: Flags & LogFlags) => run(() => showLog(settingsOf(flags), flags)));

  verifyCommand(config, tools, AUDITED_CONFIG);

  withSettings(config.command('export'))
    .description('write the whole log to a file or to standard output')
    .addOption(api())
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).makeOptionMandatory())
    .option('--out <file>')
    .action((flags: Flags & ExportFlags) => run(() => exportLog(settingsOf(flags), flags, AUDITED_CONFIG)));

  config
    .command('new-key')
    .description('print a new secret key to sign checkpoints with, for SIGNAL_CHECKPOINT_KEY')
    .argument('<name>', 'name of the log, by convention a host and a path: audit.example.com/config')
    .action((name: string) => run(async () => console.log(newCheckpointKey(name))));
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
    .addOption(api())
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
    .addOption(api())
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

const api = (): Option =>
  new Option('--api <url>', 'base URL of a management API; left out, the instance on the data directory');

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
