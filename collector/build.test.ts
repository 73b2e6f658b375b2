// What the build makes, apart from a browser: its age, its size, and the npm package as who imports it finds it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type AnyNode, parse } from 'acorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeScript, DEFAULT_COLLECTOR_SETTINGS, MODULES, PLATFORMS, readPieces } from './index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = mkdtempSync(join(tmpdir(), 'datafly-build-'));
let printed = '';

beforeAll(() => {
  const build = spawnSync(process.execPath, [join(root, 'collector/build.mjs'), output], {
    encoding: 'utf8',
  });
  printed = build.stdout + build.stderr;
  if (build.status !== 0) throw new Error(printed);
});
afterAll(() => rmSync(output, { recursive: true }));

const pieces = () => readPieces(join(output, 'pieces'));
const everything = () => {
  const made = pieces();
  const readers = PLATFORMS.map((platform) => made.platforms[platform]).join('');
  const settings = { ...DEFAULT_COLLECTOR_SETTINGS, modules: MODULES };
  return composeScript({ ...made, core: readers + made.core }, settings);
};

describe('the script', () => {
  it('keeps to its budget: 4 KB with nothing switched on, 8 KB with everything', () => {
    const gzipped = (text: string) => gzipSync(text, { level: 9 }).length;
    expect(gzipped(readFileSync(join(output, 'datafly.js'), 'utf8'))).toBeLessThanOrEqual(4_096);
    expect(gzipped(everything())).toBeLessThanOrEqual(8_192);
  });

  it('is what the integrity is of that the build prints', () => {
    const digest = createHash('sha384')
      .update(readFileSync(join(output, 'datafly.js')))
      .digest('base64');
    expect(printed).toContain(`sha384-${digest}`);
  });

  it('is ES2018', () => {
    for (const text of [everything(), pieces().loader]) {
      expect(() => parse(`($script => {${text}})`, { ecmaVersion: 2018 })).not.toThrow();
    }
  });

  it('asks for no global, and no method, that browsers of 2018 lack, without looking first', () => {
    const names = new Set<string>();
    for (const text of [everything(), pieces().loader]) {
      walk(parse(`($script => {${text}})`, { ecmaVersion: 2018 }), (node) => {
        if (node.type === 'Identifier') names.add(node.name);
      });
    }
    const newer = [
      'globalThis',
      'structuredClone',
      'queueMicrotask',
      'BigInt',
      'WeakRef',
      'FinalizationRegistry',
      'AggregateError',
      'reportError',
      'cookieStore',
      'scheduler',
      'CompressionStream',
      'fromEntries',
      'flat',
      'flatMap',
      'matchAll',
      'replaceAll',
      'trimStart',
      'trimEnd',
      'allSettled',
      'any',
      'at',
      'hasOwn',
      'findLast',
      'toSorted',
      'timeout',
      'groupBy',
      'replaceChildren',
    ];
    expect(newer.filter((name) => names.has(name))).toEqual([]);
    // Where they are missing, it does without.
    for (const name of ['locks', 'randomUUID', 'userAgentData', 'prerendering'])
      expect(names).toContain(name);
  });
});

describe('the npm package', () => {
  const directory = () => join(output, 'npm');

  it('can be imported where there is no page, and waits', async () => {
    const { default: datafly, scroll } = await import(pathToFileURL(join(directory(), 'index.js')).href);
    expect(() => {
      datafly.track('Early');
      datafly.init({ pipelineKey: 'dk_test_1', endpoint: 'https://data.acme.com', use: [scroll] });
      datafly.on('error', () => {})();
    }).not.toThrow();
    expect(datafly.getAnonymousId()).toBeUndefined();
    await expect(datafly.flush()).resolves.toBeUndefined();
  });

  it('has types, that hold a page to what it may call', () => {
    const project = join(output, 'project');
    mkdirSync(join(project, 'node_modules/@datafly'), { recursive: true });
    symlinkSync(directory(), join(project, 'node_modules/@datafly/collector'));
    writeFileSync(
      join(project, 'page.ts'),
      `import datafly, { type CollectorError, crossDomain, onetrust, tags } from '@datafly/collector';
       datafly.init({ pipelineKey: 'dk_live_1', endpoint: 'https://data.acme.com', batchSize: 20, queueUntilKnown: true,
         crossDomain: { linkedDomains: ['blog.acme.com'] }, use: [crossDomain, onetrust, tags] });
       datafly.track('Signed Up', { plan: 'pro' });
       datafly.on('error', (error: CollectorError) => console.log(error.code));
       datafly.injectTag?.({ id: 'a', src: 'https://vendor.example/a.js', timing: 'post-render' });
       // @ts-expect-error: an event needs its name
       datafly.track();
       // @ts-expect-error: a gateway must be named
       datafly.init({ pipelineKey: 'dk_live_1' });`,
    );
    const args = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
    ];
    const check = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...args,
        '--types',
        '',
        '--lib',
        'es2022,dom',
        'page.ts',
      ],
      { cwd: project, encoding: 'utf8' },
    );
    expect(check.stdout + check.stderr).toBe('');
    expect(readdirSync(directory())).toContain('package.json');
  });
});

function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  for (const child of Object.values(node).flat()) {
    if (isNode(child)) walk(child, visit);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}
