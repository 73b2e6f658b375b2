import { classifyByStatus } from '../classify.ts';
import type { VendorDefinition } from '../integration.ts';
import { booleanSetting, numberSetting } from '../settings.ts';
import { CANONICAL_EVENTS } from './mapping.ts';
import { ENVELOPE_BYTES, itemBytes, request } from './request.ts';
import { SETTINGS } from './settings.ts';

/** Any HTTP endpoint. Receives the canonical event. */
export const webhook: VendorDefinition = {
  key: 'webhook',
  name: 'Custom Webhook',
  description: 'Sends every event, as it is, to an HTTP endpoint of your own.',
  category: 'other',
  status: 'ga',
  website: 'https://en.wikipedia.org/wiki/Webhook',
  settings: SETTINGS,
  variants: [
    {
      key: 'default',
      name: 'Default',
      description: 'All events in the canonical form.',
      mapping: CANONICAL_EVENTS,
    },
  ],
  consentCategories: ['analytics'],
  limits: (settings) => {
    const batched = booleanSetting(settings, 'batch_enabled');
    const retries = booleanSetting(settings, 'retry_enabled')
      ? (numberSetting(settings, 'max_retries') ?? 0)
      : 0;
    return {
      maxItems: batched ? (numberSetting(settings, 'batch_size') ?? 1) : 1,
      maxBytes: 5_000_000,
      envelopeBytes: ENVELOPE_BYTES,
      lingerMs: batched ? (numberSetting(settings, 'batch_interval_ms') ?? 0) : 0,
      timeoutMs: numberSetting(settings, 'timeout_ms') ?? 30_000,
      maxAttempts: 1 + retries,
    };
  },
  itemBytes,
  request,
  classify: classifyByStatus,
};
