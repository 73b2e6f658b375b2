import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFile } from './parse-file.ts';
import { toYaml } from './to-yaml.ts';

const fingerprint = 'fp_0123456789abcdef';
const state = {
  version: 1,
  sources: [
    { name: 'Shop', type: 'web', signing_secrets: [{ fingerprint }, { fingerprint }] },
    { name: 'yes', type: 'app', signing_secrets: [] },
  ],
  integrations: ['Dreamdata', 'dream-data', 'Café «1»', '日本', '99 bikes'].map((name) => ({
    name,
    secrets: { api_key: { fingerprint } },
  })),
};

it('the configuration as YAML names an environment variable for each secret, and each once', () => {
  const text = toYaml(state);
  expect(text).toContain(
    '    signing_secrets:\n      - { env: SHOP_SIGNING_SECRET } # fp_0123456789abcdef\n',
  );
  const variables = [...text.matchAll(/\{ env: (\w+) \}/g)].map(([, name]) => name);
  expect(variables).toEqual([
    'SHOP_SIGNING_SECRET',
    'SHOP_SIGNING_SECRET_2',
    'DREAMDATA_API_KEY',
    'DREAM_DATA_API_KEY',
    'CAFE_1_API_KEY',
    'API_KEY',
    'SECRET_99_BIKES_API_KEY',
  ]);
  for (const name of variables) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
  // For readers of YAML 1.1.
  expect(text).toContain('name: "yes"');
});

it('what is written is read as it was, whatever it says', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.string(), (settings, name) => {
      // As the API answers it.
      const state: { integrations: [{ name: string; settings: object }] } = JSON.parse(
        JSON.stringify({ integrations: [{ name, settings }] }),
      );
      // What a file is refused for.
      fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(state)));
      expect(parseFile(toYaml(state), 'f').value).toEqual(state);
    }),
  );
});
