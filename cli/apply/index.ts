import type { Command } from 'commander';
import { apiOption, type CommandTools } from '../config/index.ts';
import { type ApplyFlags, apply } from './apply.ts';

const EXAMPLES = `
Exit codes: 0 done, or nothing to change; 2 a plan that would change something; 1 it failed.

Examples:
  signal config export --out signal.yaml          the configuration as it is
  signal apply -f signal.yaml --plan              what would change
  signal apply -f signal.yaml --if-version 41     apply what was planned from version 41, or nothing

Secrets are never in the file: { env: NAME } and { file: path } name where they are on this machine.`;

/** `signal apply`: the whole configuration as one file. */
export function applyCommand<Flags>(program: Command, tools: CommandTools<Flags>): void {
  tools
    .withSettings(program.command('apply'))
    .description('make the configuration what a file says: all of it, or nothing')
    .requiredOption('-f, --file <file>', 'YAML or JSON; - for standard input')
    .addOption(apiOption())
    .option('--plan', 'only show what would change')
    .option('--prune', 'delete what the sections of the file do not list')
    .option('--if-version <n>', 'only if the configuration is still at the version that was planned from')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags & ApplyFlags) =>
      tools.run(async () => {
        process.exitCode = await apply(tools.settingsOf(flags), flags);
      }),
    );
}
