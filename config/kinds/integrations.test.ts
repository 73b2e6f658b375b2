import { describe, expect, it } from 'vitest';
import { showEvent } from '../evolve.ts';
import { latestRevision } from '../resources/integration.ts';
import type { ConfigState } from '../state.ts';
import {
  change,
  createPipeline,
  createSource,
  given,
  installIntegration,
  rejectionOf,
  when,
} from '../testing/given.ts';

const URL = '{"url":"https://acme.example/in"}';
const sink = installIntegration('int_a', { name: 'Sink' });
const other = installIntegration('int_b', { name: 'Other' });

interface Changes {
  readonly name?: string;
  readonly consentCategories?: string[];
  readonly variant?: string;
  readonly settings?: string;
}
const update = ({ name, consentCategories, variant, settings }: Changes, id = 'int_a') =>
  change(id, {
    'signal.config.UpdateIntegration': {
      name: name ?? null,
      consentCategories: consentCategories ?? null,
      variant: variant ?? null,
      settings: settings ?? null,
    },
  });
const credentials = (secrets: Record<string, string>) =>
  change('int_a', { 'signal.config.RotateCredentials': { secrets, fingerprints: { api_key: 'fp_2' } } });
const pause = change('int_a', { 'signal.config.PauseIntegration': {} });
const resume = change('int_a', { 'signal.config.ResumeIntegration': {} });
const remove = change('int_a', { 'signal.config.DeleteIntegration': {} });

const integration = (state: ConfigState) => state.integrations.get('int_a')!;

describe('updating an integration', () => {
  it('changes name and consent categories at once', () => {
    const { state } = given(sink, update({ name: 'Drain', consentCategories: ['marketing'] }));
    expect(integration(state)).toMatchObject({
      name: 'Drain',
      consentCategories: ['marketing'],
      version: 2,
    });
    expect(integration(state).revisions).toHaveLength(1);
    expect(when(state, installIntegration('int_b', { name: 'Sink' }))).toHaveProperty('events');
  });

  it('drafts a revision of other settings, and leaves the published one in use', () => {
    const { state, events } = given(sink, update({ name: 'Drain', settings: '{"url":"https://b.example"}' }));
    expect(events.map((event) => [showEvent(event).label, event.resourceVersion])).toEqual([
      ['integration.installed', 1],
      ['integration.updated', 2],
      ['revision.drafted', 3],
    ]);
    expect(latestRevision(integration(state))?.number).toBe(1);
    expect(integration(state).revisions[1]).toMatchObject({
      number: 2,
      status: 'draft',
      variant: 'default',
      settings: { url: 'https://b.example' },
    });
  });

  it.each([
    ['a name that is taken', update({ name: 'OTHER' }), 'NAME_TAKEN', 'name'],
    [
      'a category at fault',
      update({ consentCategories: ['a b'] }),
      'INVALID_CONSENT_CATEGORY',
      'consentCategories',
    ],
    ['a variant the vendor lacks', update({ variant: 'space' }), 'UNKNOWN_VARIANT', 'variant'],
    ['settings at fault', update({ settings: '{"url":"x"}' }), 'INVALID_SETTING', 'settings.url'],
    ['what is so already', update({ name: 'Sink', settings: URL }), 'NOTHING_CHANGED', null],
    ['an integration there is not', update({ name: 'X' }, 'int_x'), 'INTEGRATION_NOT_FOUND', null],
  ])('refuses %s, all of it', (_, options, code, field) => {
    expect(rejectionOf(given(sink, other).state, options)).toMatchObject({ code, field });
  });
});

describe('rotating credentials', () => {
  it('replaces the secrets named, and shows fingerprints only', () => {
    const { state, events } = given(sink, credentials({ api_key: 'sealed-2' }));
    expect(integration(state).secrets.get('api_key')).toBe('sealed-2');
    expect(integration(state).fingerprints.get('api_key')).toBe('fp_2');
    expect(integration(state).revisions).toHaveLength(1);
    expect(JSON.stringify(showEvent(events[1]!))).not.toContain('sealed-2');
  });

  it.each([
    ['no secret', credentials({}), 'MISSING_SETTING', 'settings'],
    ['a secret there is not', credentials({ pin: 'x' }), 'UNKNOWN_SETTING', 'settings.pin'],
    ['what is no secret', credentials({ url: 'x' }), 'UNKNOWN_SETTING', 'settings.url'],
  ])('refuses %s', (_, options, code, field) => {
    expect(rejectionOf(given(sink).state, options)).toMatchObject({ code, field });
  });
});

it('an integration is paused and resumed, each once', () => {
  expect(integration(given(sink, pause).state).paused).toBe(true);
  expect(integration(given(sink, pause, resume).state).paused).toBe(false);
  expect(rejectionOf(given(sink).state, resume).code).toBe('NOTHING_CHANGED');
  expect(rejectionOf(given(sink, pause).state, pause).code).toBe('NOTHING_CHANGED');
});

describe('deleting an integration', () => {
  it('frees its name, but not its id', () => {
    const { state } = given(sink, remove);
    expect(state.integrations.size).toBe(0);
    expect(when(state, installIntegration('int_b', { name: 'Sink' }))).toHaveProperty('events');
    expect(rejectionOf(state, sink).code).toBe('ID_TAKEN');
    expect(rejectionOf(state, remove).code).toBe('INTEGRATION_NOT_FOUND');
  });

  it('is refused while pipelines use it, and says which, oldest first', () => {
    const { state } = given(
      sink,
      createSource('src_a'),
      createSource('src_b'),
      createPipeline('pip_b', { sourceId: 'src_b', integrationId: 'int_a' }),
      createPipeline('pip_a', { sourceId: 'src_a', integrationId: 'int_a' }),
    );
    expect(rejectionOf(state, remove)).toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('pip_b, pip_a'),
    });
  });
});
