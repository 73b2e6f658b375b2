// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a hostile name has one in it
import { describe, expect, it } from 'vitest';
import { CollectorScripts } from './collector-scripts.ts';
import {
  type CollectorSettings,
  composeScript,
  DEFAULT_COLLECTOR_SETTINGS,
  MODULES,
  PLATFORMS,
  type ScriptPieces,
} from './compose.ts';

const named = (kind: string) => (name: string) => [name, `$pieces.push("${kind}:${name}");`];
const pieces: ScriptPieces = Object({
  core: 'return [$settings, $pieces];',
  loader: 'return $script;',
  modules: Object.fromEntries(MODULES.map(named('module'))),
  platforms: Object.fromEntries(PLATFORMS.map(named('platform'))),
});
const compose = (settings: Partial<CollectorSettings>) =>
  composeScript(pieces, { ...DEFAULT_COLLECTOR_SETTINGS, ...settings });
/** What the core finds when a browser runs it. */
const run = (script: string): [settings: Record<string, unknown>, pieces: string[]] =>
  new Function(`return ${script}`)();

describe('a composed script', () => {
  it('has nothing in it that is not switched on', () => {
    expect(run(compose({}))).toEqual([{}, []]);
  });

  it('has each piece once, in one order whichever the settings are in', () => {
    const script = compose({ modules: ['tags', 'scroll', 'tags', 'forms'] });
    expect(run(script)[1]).toEqual(['module:forms', 'module:scroll', 'module:tags']);
    expect(compose({ modules: ['forms', 'scroll', 'tags'] })).toBe(script);
  });

  it('carries the settings that differ from the defaults', () => {
    const script = compose({
      batchSize: 20,
      linkedDomains: ['blog.example'],
      consent: { platform: 'tcf', queueUntilKnown: true, custom: null },
    });
    expect(run(script)).toEqual([
      { batchSize: 20, queueUntilKnown: true, linkedDomains: ['blog.example'] },
      ['platform:tcf'],
    ]);
  });

  it('lets no setting out of its string', () => {
    const name = '</script><script>alert(1)//\u2028\u2029"\'`${0}\\';
    const rules = { [name]: { field: '<!--', granted: '-->' }, ['__proto__']: { field: 'a', granted: 'b' } };
    const custom = { store: 'cookie', name, format: 'json', rules } as const;
    const script = compose({ consent: { platform: 'custom', queueUntilKnown: false, custom } });
    expect(script).not.toMatch(/<|\u2028|\u2029/);
    expect(run(script)[0].consent).toEqual({
      store: 'cookie',
      name,
      format: 'json',
      rules: Object.entries(rules).map(([category, { field, granted }]) => [category, field, granted]),
    });
  });
});

describe('scripts', () => {
  const scripts = new CollectorScripts(pieces);

  it('are the same for the same settings, in any process', () => {
    const script = scripts.of(DEFAULT_COLLECTOR_SETTINGS);
    expect(scripts.of({ ...DEFAULT_COLLECTOR_SETTINGS })).toBe(script);
    expect(new CollectorScripts(pieces).of(DEFAULT_COLLECTOR_SETTINGS)).toEqual(script);
    expect(script.path).toBe(`/d/${script.hash}.js`);
  });

  it('are others for other settings, and stay to be had by their hash', () => {
    const [one, other] = [1, 2].map((batchSize) => scripts.of({ ...DEFAULT_COLLECTOR_SETTINGS, batchSize }));
    expect(one?.hash).not.toBe(other?.hash);
    expect(scripts.withHash(one?.hash ?? '')).toBe(one);
    expect(scripts.withHash('0')).toBeUndefined();
  });

  it('do not fill the memory', () => {
    for (let batchSize = 1; batchSize <= 3_000; batchSize++) {
      scripts.of({ ...DEFAULT_COLLECTOR_SETTINGS, batchSize });
    }
    const remembered = (batchSize: number) =>
      scripts.withHash(new CollectorScripts(pieces).of({ ...DEFAULT_COLLECTOR_SETTINGS, batchSize }).hash);
    expect(remembered(2_999)).toBeDefined();
    expect(remembered(999)).toBeUndefined();
  });

  it('are named by a loader with their integrity', () => {
    const script = scripts.of(DEFAULT_COLLECTOR_SETTINGS);
    expect(run(scripts.loader(script))).toEqual([script.path, script.integrity]);
    expect(run(scripts.loader())).toBeFalsy();
  });
});
