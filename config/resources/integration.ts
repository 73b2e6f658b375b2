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
  /** Nothing is delivered while it is; what there is to deliver waits. */
  readonly paused: boolean;
  /** In order of their numbers, 1, 2, ...; never empty, and never without a published one. */
  readonly revisions: readonly Revision[];
}

export type RevisionStatus = 'draft' | 'submitted' | 'approved' | 'published';

/** How events are mapped and sent; never changes once published, and is not used before. */
export interface Revision {
  readonly number: number;
  readonly status: RevisionStatus;
  readonly variant: string;
  /** Without the secrets. */
  readonly settings: JsonObject;
  /** What changed, in the words of whoever drafted it. */
  readonly summary: string | null;
  /** Whoever drafted it, now or before, and so cannot be the second person: user ids. */
  readonly authors: readonly string[];
  readonly approver: string | null;
  readonly createdAt: number;
  readonly publishedAt: number | null;
}

export function revisionOf(integration: Integration, number: number): Revision | undefined {
  return integration.revisions[number - 1];
}

/** The published one of the highest number. */
export function latestRevision(integration: Integration): Revision | undefined {
  return integration.revisions.findLast((revision) => revision.status === 'published');
}
