import { styleText } from 'node:util';
import { visible } from '../config/visible.ts';

/** What the API answers to `apply`, planned or done. */
export interface Outcome {
  readonly applied: boolean;
  readonly version: number;
  readonly changes: readonly {
    readonly action: 'create' | 'update' | 'delete';
    readonly kind: string;
    readonly name: string;
    readonly fields: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
  }[];
  readonly not_in_file: readonly { readonly kind: string; readonly name: string }[];
  readonly notices: readonly { readonly path: string; readonly message: string }[];
}

const MARKS = { create: '+', update: '~', delete: '-' } as const;
const COLOURS = { create: 'green', update: 'yellow', delete: 'red' } as const;

/** Lines for people. Nothing in a name or a value can move the cursor or begin another line. */
export function planLines(outcome: Outcome, { colour }: { readonly colour: boolean }): readonly string[] {
  const { applied, changes, not_in_file, notices, version } = outcome;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(style, text) : text;
  const lines = changes.flatMap(({ action, kind, name, fields }) => [
    paint(COLOURS[action], `${MARKS[action]} ${kind}${name === kind ? '' : ` ${visible(name)}`}`),
    // What is gone is gone with all of it.
    ...(action === 'delete' ? [] : fields.map((field) => `    ${fieldLine(action, field)}`)),
  ]);
  return [
    ...lines,
    ...not_in_file.map(({ kind, name }) =>
      paint('dim', `  ${kind} ${visible(name)} is not in the file, and stays`),
    ),
    ...notices.map(({ path, message }) => paint('cyan', `! ${visible(path)}: ${visible(message)}`)),
    summary(changes, applied, version),
  ];
}

function fieldLine(
  action: 'create' | 'update',
  { path, before, after }: Outcome['changes'][number]['fields'][number],
): string {
  const shown = (value: unknown): string => visible(JSON.stringify(value));
  return action === 'create'
    ? `${visible(path)}: ${shown(after)}`
    : `${visible(path)}: ${shown(before)} → ${shown(after)}`;
}

function summary(changes: Outcome['changes'], applied: boolean, version: number): string {
  if (changes.length === 0)
    return `Nothing to change: the configuration (version ${version}) is as the file says.`;
  const counts = (['create', 'update', 'delete'] as const)
    .map((action) => [action, changes.filter((change) => change.action === action).length] as const)
    .filter(([, count]) => count > 0);
  return applied
    ? `Applied: ${counts.map(([action, count]) => `${count} ${action}d`).join(', ')}. The configuration is at version ${version}.`
    : `Planned from version ${version}: ${counts.map(([action, count]) => `${count} to ${action}`).join(', ')}. Nothing was changed.`;
}
