import { expect, it } from 'vitest';
import { readScript } from './config.ts';

const tag = (src: string, attributes: Readonly<Record<string, string>>) => ({
  src,
  getAttribute: (name: string) => attributes[name] ?? null,
});

it('takes the gateway from where the script came from', () => {
  const script = tag('https://data.acme.com/v2/d.js?x=1', { 'data-pipeline-key': 'dk_live_1' });
  expect(readScript(script, {})).toMatchObject({
    endpoint: 'https://data.acme.com',
    pipelineKey: 'dk_live_1',
  });
});

it('is called _df unless the tag says otherwise', () => {
  const key = { 'data-pipeline-key': 'dk_live_1' };
  expect(readScript(tag('https://data.acme.com/d.js', key), {})?.global).toBe('_df');
  expect(readScript(tag('https://data.acme.com/d.js', { ...key, 'data-global': 'dfly' }), {})?.global).toBe(
    'dfly',
  );
});

it('is nothing without a key or an address', () => {
  expect(readScript(tag('https://data.acme.com/d.js', {}), {})).toBeUndefined();
  expect(readScript(tag('', { 'data-pipeline-key': 'dk_live_1' }), {})).toBeUndefined();
});

it('has the settings that it was built with, and defaults for the rest', () => {
  const script = tag('https://data.acme.com/d.js', { 'data-pipeline-key': 'dk_live_1' });
  expect(readScript(script, { batchSize: 20 })).toMatchObject({ batchSize: 20, flushInterval: 1_000 });
});
