import type { BatchItem, SettingField } from './integration.ts';
import type { JsonObject } from './json.ts';
import { stringSetting } from './settings.ts';

/** Every vendor has it: another base URL, for a regional host, a proxy or a stand-in. */
export function endpointField(placeholder: string): SettingField {
  return {
    key: 'endpoint',
    label: 'Endpoint',
    type: 'url',
    required: false,
    placeholder,
    helpText: 'Base URL to use instead of the vendor’s own.',
  };
}

/** The URL of a path below the integration's `endpoint`, else the vendor's own base URL. */
export function vendorUrl(settings: JsonObject, baseUrl: string, path: string): string {
  return `${(stringSetting(settings, 'endpoint') ?? baseUrl).replace(/\/+$/, '')}${path}`;
}

/** Bytes of an item in a JSON array: itself and a comma. */
export function jsonItemBytes(item: BatchItem): number {
  return Buffer.byteLength(item.payload) + 1;
}
