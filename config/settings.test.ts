import { describe, expect, it } from 'vitest';
import { CATALOG as VENDORS } from '../integrations/index.ts';
import type { Catalog } from './catalog.ts';
import type { JsonObject } from './json.ts';
import { settingProblems } from './settings.ts';
import { CATALOG } from './testing/given.ts';

const FIELDS = CATALOG.get('acme')!.settings;

const codes = (settings: JsonObject, secrets: Record<string, string | null> = { api_key: null }): string[] =>
  settingProblems(FIELDS, settings, new Map(Object.entries(secrets))).map(
    ({ code, field }) => `${code} ${field}`,
  );

describe('settingProblems', () => {
  it('names all that is wrong, not only the first', () => {
    expect(codes({ url: 'x', size: 0, color: 'red' }, {})).toEqual([
      'UNKNOWN_SETTING settings.color',
      'INVALID_SETTING settings.url',
      'MISSING_SETTING settings.api_key',
      'INVALID_SETTING settings.size',
    ]);
  });

  it('takes null and the empty text as not given', () => {
    expect(codes({ url: null, size: null, label: '' }, { api_key: '' })).toEqual([
      'MISSING_SETTING settings.url',
      'MISSING_SETTING settings.api_key',
    ]);
  });

  it('looks at a secret that is not sealed', () => {
    const secret = { key: 's', label: 'S', type: 'secret', required: true } as const;
    const fields = [{ ...secret, check: (value: unknown) => (value === 'bad' ? 'it is bad' : undefined) }];
    const problems = (value: string | null) => settingProblems(fields, {}, new Map([['s', value]]));
    expect(problems('bad')).toMatchObject([{ code: 'INVALID_SETTING', message: 'S (s): it is bad' }]);
    expect(problems('good')).toEqual([]);
    expect(problems(null)).toEqual([]);
  });

  it("reads the vendors' own definitions", () => {
    const catalog: Catalog = new Map(VENDORS.map((vendor) => [vendor.key, vendor]));
    const fields = catalog.get('webhook')!.settings;
    const url = 'https://sink.example/in';
    expect(settingProblems(fields, { url }, new Map())).toEqual([]);
    expect(settingProblems(fields, { url, authentication: 'bearer' }, new Map())).toMatchObject([
      { code: 'MISSING_SETTING', field: 'settings.auth_token' },
    ]);
    expect(
      settingProblems(fields, { url, authentication: 'bearer' }, new Map([['auth_token', null]])),
    ).toEqual([]);
  });
});
