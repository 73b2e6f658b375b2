import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { type Outcome, planLines } from './show-plan.ts';

const plan: Outcome = {
  applied: false,
  version: 41,
  changes: [
    {
      action: 'create',
      kind: 'source',
      name: 'Shop',
      fields: [{ path: 'type', before: null, after: 'web' }],
    },
    {
      action: 'update',
      kind: 'integration',
      name: 'Sink\u001b[2J',
      fields: [{ path: 'settings.url', before: 'https://a', after: 'https://b\n+ source Fake' }],
    },
    {
      action: 'delete',
      kind: 'pipeline',
      name: 'App → Sink',
      fields: [{ path: 'enabled', before: true, after: null }],
    },
    { action: 'update', kind: 'consent', name: 'consent', fields: [] },
  ],
  not_in_file: [{ kind: 'source', name: 'App' }],
  notices: [{ path: 'integrations[0]', message: 'revision 2 waits' }],
};

it('a plan shows what comes, changes and goes, a line each', () => {
  expect(planLines(plan, { colour: false })).toEqual([
    '+ source Shop',
    '    type: "web"',
    '~ integration Sink\\u{1b}[2J',
    '    settings.url: "https://a" → "https://b\\n+ source Fake"',
    '- pipeline App → Sink',
    '~ consent',
    '  source App is not in the file, and stays',
    '! integrations[0]: revision 2 waits',
    'Planned from version 41: 1 to create, 2 to update, 1 to delete. Nothing was changed.',
  ]);
});

it('what was applied is said as done', () => {
  expect(planLines({ ...plan, applied: true }, { colour: false }).at(-1)).toBe(
    'Applied: 1 created, 2 updated, 1 deleted. The configuration is at version 41.',
  );
  expect(planLines({ ...plan, changes: [], not_in_file: [], notices: [] }, { colour: false })).toEqual([
    'Nothing to change: the configuration (version 41) is as the file says.',
  ]);
});

it('colours are only added', () => {
  const plain = planLines(plan, { colour: true }).map(stripVTControlCharacters);
  expect(plain).toEqual(planLines(plan, { colour: false }));
});
