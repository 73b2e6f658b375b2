#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { applyCommand } from './apply/index.ts';
import { accessLogCommands, configCommands } from './config/index.ts';
import { demo } from './demo/index.ts';
import { packageRoot } from './package-root.ts';
import { ROLES } from './run/roles.ts';
import {
  ENVIRONMENT_ONLY,
  FLAGS,
  readSettings,
  SettingError,
  type SettingName,
  type Settings,
} from './settings.ts';
import { start } from './start.ts';
import { describeTopologies } from './topology.ts';

type Flags = Partial<Record<SettingName, string>> & { readonly settings?: string; readonly roles?: string };

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));

const program = new Command('signal')
  .description('First-party, server-side event collection: events in, governed once, delivered to vendors.')
  .version(version)
  .showHelpAfterError();

withSettings(program.command('start'))
  .description('run Signal until it is stopped')
  .addOption(new Option('--roles <roles>', 'what this process does').default(ROLES.join(',')))
  .action((flags: Flags) => run(() => start(settingsOf(flags), flags.roles ?? ROLES.join(','))));

withSettings(program.command('demo'))
  .description('run Signal with a shop to click in and two stand-in vendors, and watch what happens')
  .option('--shop-port <port>', 'port of the shop', '8090')
  .option('--vendor-port <port>', 'port of the stand-in vendors', '8091')
  .action((flags: Flags & { shopPort: string; vendorPort: string }) =>
    run(() => demo(settingsOf({ ...flags, dataDir: flags.dataDir ?? './data/demo' }), flags)),
  );

program
  .command('topology')
  .description('what this program does with records')
  .command('describe')
  .argument('[application]', 'signal-config or signal-processor; left out: both')
  .option('--mermaid', 'as Mermaid diagrams')
  .action((application: string | undefined, flags: { mermaid?: boolean }) =>
    run(async () => console.log(await describeTopologies(application, flags.mermaid === true))),
  );

const tools = { withSettings: withLogSettings, settingsOf, run };
applyCommand<Flags>(program, tools);
configCommands<Flags>(program, tools);
accessLogCommands<Flags>(program, tools);

await program.parseAsync();

function withSettings(command: Command): Command {
  command.option('--settings <file>', 'file of settings, a NAME=value a line');
  for (const { flag, help } of FLAGS) command.option(flag, help);
  const secrets = ENVIRONMENT_ONLY.map(({ env, help }) => `  ${env}  ${help}`);
  return command.addHelpText(
    'after',
    `\nFrom the environment or the settings file only:\n${secrets.join('\n')}`,
  );
}

/** For commands that ask the running instance or read its directory: any setting is taken, as one file of settings is
 * for all commands, and those that count are shown. */
function withLogSettings(command: Command): Command {
  const shown: readonly string[] = ['dataDir', 'kafkaBrokers', 'schemaRegistryUrl', 'checkpointRetiredKeys'];
  command.option('--settings <file>', 'file of settings, a NAME=value a line');
  for (const { name, flag, help } of FLAGS) {
    const option = new Option(flag, help);
    command.addOption(shown.includes(name) ? option : option.hideHelp());
  }
  return command.addHelpText(
    'after',
    '\nFrom the environment or the settings file only:\n  SIGNAL_ADMIN_TOKEN  what to call the API with\n  SIGNAL_CHECKPOINT_KEY  what signs checkpoints, where it is not a file in the data directory',
  );
}

function settingsOf(flags: Flags): Settings {
  return readSettings({ flags, env: process.env, file: flags.settings });
}

/** What cannot work is said in a line; only what nobody expected has a stack. */
async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const expected = error instanceof SettingError || (error instanceof Error && 'code' in error);
    console.error(expected ? `signal: ${error.message}` : error);
    process.exitCode = 1;
  }
}
