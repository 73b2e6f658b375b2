import type { IntegrationId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Resource } from './resource.ts';

/** An installed vendor. */
export interface Integration extends Resource {
  readonly id: IntegrationId;
  readonly name: string;
  /** Key in the catalog. */
  readonly vendor: string;
  /** All of them must be granted before an event goes there; none: no consent is needed. */
  readonly consentCategories: readonly string[];
  /** Sealed, by setting key. Operational: the latest are used, whatever revision is pinned. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What may be shown of each secret. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** In order of their numbers, 1, 2, ...; never empty. */
  readonly revisions: readonly Revision[];
}

/** How events are mapped and sent; never changes once made. */
export interface Revision {
  readonly number: number;
  readonly variant: string;
  /** Without the secrets. */
  readonly settings: JsonObject;
  readonly createdAt: number;
}

export function revisionOf(integration: Integration, number: number): Revision | undefined {
  return integration.revisions[number - 1];
}

export function latestRevision(integration: Integration): Revision | undefined {
  return integration.revisions.at(-1);
}
