import { dreamdata } from './dreamdata/index.ts';
import type { VendorDefinition } from './integration.ts';
import { webhook } from './webhook/index.ts';

/** Every vendor that can be installed. */
export const CATALOG: readonly VendorDefinition[] = [dreamdata, webhook];

const BY_KEY: ReadonlyMap<string, VendorDefinition> = new Map(CATALOG.map((vendor) => [vendor.key, vendor]));

export function findVendor(key: string): VendorDefinition | undefined {
  return BY_KEY.get(key);
}
