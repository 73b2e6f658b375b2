import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './testing/harness.ts';

let running: Running;

beforeAll(async () => {
  running = await start();
});

afterAll(async () => {
  await running.stop();
});

describe('a first session', () => {
  it('creates a source, an integration and a pipeline between them', async () => {
    const { get, post } = running;
    const source = await post('/v1/admin/sources', { name: 'Shop', type: 'web' });
    expect(source.statusCode).toBe(201);
    expect(source.json()).toMatchObject({
      id: expect.stringMatching(/^src_/),
      name: 'Shop',
      type: 'web',
      pipeline_key: expect.stringMatching(/^dk_live_/),
      version: 1,
    });

    const integration = await post('/v1/admin/integrations', {
      vendor: 'webhook',
      name: 'Sink',
      variant: 'default',
      config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: 'very-secret-token' },
      consent_categories: ['analytics'],
    });
    expect(integration.statusCode).toBe(201);
    expect(integration.json()).toMatchObject({
      id: expect.stringMatching(/^int_/),
      revision: 1,
      config: { url: 'https://sink.example/in', authentication: 'bearer' },
      secrets: { auth_token: { fingerprint: expect.stringMatching(/^fp_/) } },
      consent_categories: ['analytics'],
    });
    expect(integration.body).not.toContain('very-secret-token');

    const pipeline = await post('/v1/admin/pipelines', {
      source_id: source.json().id,
      integration_id: integration.json().id,
      enabled: true,
    });
    expect(pipeline.statusCode).toBe(201);
    expect(pipeline.json()).toMatchObject({ id: expect.stringMatching(/^pip_/), revision: 1, enabled: true });

    for (const [list, created] of [
      ['sources', source],
      ['integrations', integration],
      ['pipelines', pipeline],
    ] as const) {
      const one = await get(`/v1/admin/${list}/${created.json().id}`);
      expect(one.json()).toEqual(created.json());
      const all = await get(`/v1/admin/${list}`);
      expect(all.json()).toEqual({ data: [created.json()], next_cursor: null, has_more: false });
    }
  });
});
