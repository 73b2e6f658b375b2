import type { AdminClient } from '../admin-client.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Source extends Named {
  readonly pipeline_key: string;
}

interface Page<T> {
  readonly data: readonly T[];
}

/** The key the stand-in vendor expects of the demo's Dreamdata integration. */
export const DREAMDATA_KEY = 'demo-dreamdata-key';

/**
 * A source and two integrations, each connected to it, made by the same commands anyone would send. What an earlier
 * run of the demo made is used again. Returns the source's pipeline key.
 */
export async function configureDemo(api: AdminClient, vendorUrl: string): Promise<string> {
  const source = await named<Source>(api, 'sources', 'Demo shop', { type: 'web' });
  const dreamdata = await named<Named>(api, 'integrations', 'Dreamdata', {
    vendor: 'dreamdata',
    variant: 'b2b_saas',
    config: { api_key: DREAMDATA_KEY, endpoint: vendorUrl },
    consent_categories: ['analytics'],
  });
  const webhook = await named<Named>(api, 'integrations', 'Custom webhook', {
    vendor: 'webhook',
    variant: 'default',
    config: { url: `${vendorUrl}/webhook` },
    consent_categories: ['analytics', 'marketing'],
  });
  const { data: pipelines } = await api.get<Page<{ integration_id: string }>>('pipelines');
  for (const integration of [dreamdata, webhook]) {
    if (pipelines.some((pipeline) => pipeline.integration_id === integration.id)) continue;
    await api.post('pipelines', { source_id: source.id, integration_id: integration.id, enabled: true });
  }
  return source.pipeline_key;
}

async function named<T extends Named>(
  api: AdminClient,
  path: string,
  name: string,
  rest: object,
): Promise<T> {
  const { data } = await api.get<Page<T>>(path);
  return data.find((each) => each.name === name) ?? (await api.post<T>(path, { name, ...rest }));
}
