import { classifyByStatus } from '../classify.ts';
import type { VendorDefinition } from '../integration.ts';
import { endpointField, jsonItemBytes } from '../vendor-settings.ts';
import { B2B_SAAS, DEFAULT } from './mapping.ts';
import { ENVELOPE_BYTES, MAX_BODY_BYTES, request } from './request.ts';

/** Dreamdata, B2B revenue attribution, through its server-side analytics API. Consent is not part of that API: events
 * without it are not sent. */
export const dreamdata: VendorDefinition = {
  key: 'dreamdata',
  name: 'Dreamdata',
  description: 'B2B revenue attribution: joins anonymous activity to accounts and contacts.',
  category: 'attribution',
  status: 'ga',
  website: 'https://dreamdata.io',
  settings: [
    {
      key: 'api_key',
      label: 'Source API key',
      type: 'secret',
      required: true,
      helpText: 'In Dreamdata: Data Platform > Sources > Server Side Analytics APIs.',
    },
    endpointField('https://api.dreamdata.cloud'),
  ],
  variants: [
    {
      key: 'b2b_saas',
      name: 'B2B / SaaS',
      description: 'Page views, sign-ups, logins, leads, forms, content, trials and subscriptions.',
      mapping: B2B_SAAS,
    },
    {
      key: 'default',
      name: 'Default',
      description: 'Page views and core conversions: sign-ups, leads, trials and subscriptions.',
      mapping: DEFAULT,
    },
  ],
  consentCategories: ['analytics'],
  limits: () => ({
    maxItems: 1_000,
    maxBytes: MAX_BODY_BYTES,
    envelopeBytes: ENVELOPE_BYTES,
    lingerMs: 20,
    timeoutMs: 30_000,
  }),
  itemBytes: jsonItemBytes,
  request,
  classify: classifyByStatus,
};
