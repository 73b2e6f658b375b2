import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG_ID, type ConfigState, decide, EMPTY_STATE, fold } from '../../config/index.ts';
import { anyCommands } from '../../config/testing/any-command.ts';
import { CATALOG, type CommandOptions, command, when } from '../../config/testing/given.ts';
import { ApiError } from '../errors.ts';
import { randomIds } from '../ids.ts';
import { fileOf } from './entries.ts';
import type { ConfigFile, IntegrationEntry } from './file.ts';
import { type Plan, planFile } from './plan.ts';

const fingerprint = (plaintext: string): string => `fp_${plaintext}`;
const planning = {
  catalog: CATALOG,
  ids: randomIds,
  sealing: {
    fingerprint,
    seal: async (plaintext: string) => `sealed ${plaintext}`,
  },
  asking: { time: 5, actor: { kind: 'token' as const, id: 'tok_ci', name: 'CI', ip: null }, reason: 'Apply' },
};

const planOf = (state: ConfigState, file: ConfigFile): Promise<Plan> => planFile(state, file, planning);

/** The state after a file was applied, as the log decides it. */
async function applied(state: ConfigState, file: ConfigFile): Promise<ConfigState> {
  const { changes } = await planOf(state, file);
  const payload = { 'signal.config.ApplyChanges': { configVersion: state.version, changes: [...changes] } };
  const asked = command({ resourceId: CONFIG_ID, payload, reason: 'Apply' });
  const decision = decide(state, asked, { catalog: CATALOG });
  if ('events' in decision) return fold(state, decision.events);
  expect([decision.rejection.code, changes]).toEqual(['NOTHING_CHANGED', []]);
  return state;
}

/** What people can bring about, however they got there. */
function reached(commands: readonly CommandOptions[]): ConfigState {
  let state = EMPTY_STATE;
  for (const each of commands) {
    const decision = when(state, each);
    if ('events' in decision) state = fold(state, decision.events);
  }
  return state;
}

const NAMES = ['Shop', 'Café', '日本', 'a: b', '#1', 'null', '- x', 'A', 'x'.repeat(200)];
const name = fc.constantFrom(...NAMES);
const unique = { maxLength: 4, selector: (entry: { readonly name: string }) => entry.name };

const source = fc.record(
  {
    name,
    type: fc.constantFrom('web' as const, 'app' as const, 'server' as const),
    rate_limit_rps: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    truncate_ip: fc.boolean(),
    allowed_origins: fc.array(fc.constant('https://shop.example'), { maxLength: 1 }),
    signing_secrets: fc.uniqueArray(fc.string({ minLength: 16, maxLength: 20 }), { maxLength: 2 }),
    collector: fc.record({ batch_size: fc.integer({ min: 1, max: 50 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['name', 'type'] },
);

const settings = fc.record(
  {
    url: fc.constantFrom('https://a.example', 'https://b.example/ü?x=%20'),
    size: fc.integer({ min: 1, max: 100 }),
    headers: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  },
  { requiredKeys: ['url'] },
);

const integration = fc.record(
  {
    name,
    vendor: fc.constant('acme'),
    variant: fc.constantFrom('default', 'retail'),
    // As it comes from a file.
    settings: settings.map(
      (each): NonNullable<IntegrationEntry['settings']> => JSON.parse(JSON.stringify(each)),
    ),
    secrets: fc.record({ api_key: fc.string({ minLength: 1, maxLength: 20 }) }),
    consent_categories: fc.uniqueArray(fc.constantFrom('analytics', 'marketing', 'a.b:c-d')),
    paused: fc.boolean(),
  },
  { requiredKeys: ['name', 'vendor', 'settings', 'secrets'] },
);

const pipeline = fc.record(
  {
    source: name,
    integration: name,
    enabled: fc.boolean(),
    revision: fc.constantFrom('latest' as const, 1),
  },
  { requiredKeys: ['source', 'integration'] },
);

const anyFile: fc.Arbitrary<ConfigFile> = fc
  .record(
    {
      version: fc.constant(1 as const),
      prune: fc.boolean(),
      sources: fc.uniqueArray(source, unique),
      integrations: fc.uniqueArray(integration, unique),
      pipelines: fc.array(pipeline, { maxLength: 40 }),
      consent: fc.record({ categories: fc.constantFrom({ C1: 'analytics' }, {}) }),
      settings: fc.record({ requests_per_minute: fc.integer({ min: 1, max: 900 }) }),
    },
    { requiredKeys: ['version', 'sources', 'integrations', 'pipelines'] },
  )
  // Most that are drawn connect what is not there.
  .map(({ pipelines, ...file }) => ({
    ...file,
    pipelines: pipelines.filter(
      (each, index) =>
        file.sources.some((other) => other.name === each.source) &&
        file.integrations.some((other) => other.name === each.integration) &&
        pipelines.findIndex((o) => o.source === each.source && o.integration === each.integration) === index,
    ),
  }));

describe('the configuration as a file', () => {
  it('applied to what it came from changes nothing, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands, fc.boolean(), async (commands, prune) => {
        const state = reached(commands);
        const plan = await planOf(state, { ...fileOf(state), prune });
        expect(plan).toMatchObject({ changes: [], differences: [], unlisted: [] });
      }),
    );
  });

  it('applied elsewhere makes the same of it', async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands, async (commands) => {
        const file = portable(fileOf(reached(commands)));
        const copy = await applied(EMPTY_STATE, file);
        expect(portable(fileOf(copy))).toEqual(file);
      }),
    );
  });

  it('in which nothing is left out makes any configuration that one', async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands, anyCommands, async (commands, others) => {
        const from = reached(commands);
        const file = portable(fileOf(reached(others)));
        // There it is up to somebody else.
        fc.pre(!from.settings.approvalRequired);
        try {
          const to = await applied(from, { ...file, prune: true });
          expect(sorted(portable(fileOf(to)))).toEqual(sorted(file));
        } catch (error) {
          // A source is of its type for ever. Sources change one after the other, so two cannot swap what must be unique.
          if (!(error instanceof ApiError)) throw error;
          const codes = new Set(error.details?.map(({ code }) => code));
          expect(['IMMUTABLE', 'SCRIPT_FILENAME_TAKEN']).toEqual(expect.arrayContaining([...codes]));
          expect(codes).not.toEqual(new Set());
        }
      }),
    );
  });
});

describe('any file', () => {
  it('that can be applied changes nothing the second time, and is what was planned', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(anyCommands, anyFile, async (commands, file) => {
        const before = reached(commands);
        let plan: Plan;
        try {
          plan = await planOf(before, file);
        } catch (error) {
          expect(error).toMatchObject({ code: 'VALIDATION_FAILED', details: expect.anything() });
          return;
        }
        accepted += 1;
        const after = await applied(before, file);
        expect((await planOf(after, file)).changes).toEqual([]);
        const changed = (action: string): number =>
          plan.differences.filter((each) => each.action === action && each.kind !== 'consent').length;
        expect(count(after)).toBe(count(before) + changed('create') - changed('delete'));
        for (const { fields } of plan.differences) expect(fields).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

const count = ({ sources, integrations, pipelines }: ConfigState): number =>
  [sources, integrations, pipelines].map((each) => [...each.values()].length).reduce((a, b) => a + b);

/** Secrets in clear, and no number of a revision, which counts what happened elsewhere. */
const portable = ({ sources = [], integrations = [], pipelines = [], ...rest }: ConfigFile): ConfigFile => ({
  ...rest,
  sources: sources.map((entry) => ({ ...entry, signing_secrets: [] })),
  integrations: integrations.map((entry) => ({ ...entry, secrets: { api_key: 'clear' } })),
  pipelines: pipelines.map((entry) => ({ ...entry, revision: 'latest' as const })),
});

/** What is new comes last. */
const sorted = ({ sources = [], integrations = [], pipelines = [], ...rest }: ConfigFile) => ({
  ...rest,
  sources: sources.toSorted((a, b) => compare(a.name, b.name)),
  integrations: integrations.toSorted((a, b) => compare(a.name, b.name)),
  pipelines: pipelines.toSorted((a, b) => compare(a.source + a.integration, b.source + b.integration)),
});

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
