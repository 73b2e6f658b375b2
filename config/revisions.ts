import type { RevisionDrafted } from '../schemas/index.ts';
import { integrationNotFound } from './integrations.ts';
import { parseJsonObject } from './json.ts';
import type { CommandMeta } from './kind.ts';
import { type Rejection, reject } from './rejections.ts';
import { type Integration, type Revision, revisionOf } from './resources/integration.ts';
import type { EventMeta } from './resources/resource.ts';
import type { ConfigState } from './state.ts';

export type Found =
  | { readonly integration: Integration; readonly revision: Revision }
  | { readonly rejection: Rejection };

/** The revision that a command is about, which must not be published: published ones never change. */
export function findUnpublished(state: ConfigState, integrationId: string, number: number): Found {
  const integration = state.integrations.get(integrationId);
  if (integration === undefined) return { rejection: integrationNotFound(integrationId) };
  const revision = revisionOf(integration, number);
  if (revision === undefined)
    return {
      rejection: reject('REVISION_NOT_FOUND', 'revision', `${integration.id} has no revision ${number}`),
    };
  if (revision.status === 'published')
    return {
      rejection: reject(
        'REVISION_PUBLISHED',
        'revision',
        `revision ${number} is published and never changes: draft a new one`,
      ),
    };
  return { integration, revision };
}

/**
 * The person who acts: of a token, whoever made it, so that nobody approves their own work with a token of theirs.
 * A token that the system made is nobody's.
 */
export function personOf(state: ConfigState, actor: CommandMeta['actor']): string {
  let person = actor;
  // A token is younger than what it was made with; so this ends, whatever a log says.
  let youngerThan = Number.POSITIVE_INFINITY;
  for (;;) {
    const token = person.kind === 'token' ? state.tokens.get(person.id) : undefined;
    if (token === undefined || token.createdBy.kind === 'system' || token.createdIn >= youngerThan)
      return person.id;
    youngerThan = token.createdIn;
    person = token.createdBy;
  }
}

/** Why the approval does not count where a second person's is required, if so. */
export function approvalFault(
  state: ConfigState,
  revision: Revision,
  approver: string,
): Rejection | undefined {
  if (!state.settings.approvalRequired) return undefined;
  if (!state.users.has(approver))
    return reject(
      'NO_SECOND_PERSON',
      null,
      'approval is up to a user: log in, or use a token that a user made',
    );
  if (revision.authors.includes(approver))
    return reject(
      'NO_SECOND_PERSON',
      null,
      `${approver} drafted this: it takes a second person to approve it`,
    );
  return undefined;
}

/** The revisions after one was drafted, for the first time or again. */
export function drafted(
  { revisions }: Integration,
  event: RevisionDrafted,
  meta: EventMeta,
): readonly Revision[] {
  const before = revisions.find((revision) => revision.number === event.revision);
  const authors = before?.authors ?? [];
  const draft: Revision = {
    number: event.revision,
    status: 'draft',
    variant: event.variant,
    settings: parseJsonObject(event.settings) ?? {},
    summary: event.summary,
    authors: authors.includes(event.author) ? authors : [...authors, event.author],
    approver: null,
    createdAt: before?.createdAt ?? meta.time,
    publishedAt: null,
  };
  return before === undefined
    ? [...revisions, draft]
    : revisions.map((revision) => (revision === before ? draft : revision));
}
