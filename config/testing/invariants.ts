import { expect } from 'vitest';
import { nameKey } from '../names.ts';
import { latestRevision, revisionOf } from '../resources/integration.ts';
import type { Pipeline } from '../resources/pipeline.ts';
import {
  type ConfigState,
  enabledPipelinesOf,
  pipelinesOf,
  sourceByPipelineKey,
  tokenByHash,
} from '../state.ts';

/** What is true of every state that decided commands lead to. */
export function assertInvariants(state: ConfigState): void {
  assertNames(state);
  assertSources(state);
  assertIntegrations(state);
  assertPipelines(state);
  assertPeople(state);
  for (const resources of [state.sources, state.integrations, state.pipelines, state.tokens, state.users])
    for (const [id, { version }] of resources) expect(state.resourceVersions.get(id), id).toBe(version);
}

/** Names are unique, and found; nothing that is gone holds one. */
function assertNames(state: ConfigState): void {
  const tokens = [...state.tokens.values()].filter(({ revokedAt }) => revokedAt === null);
  const held = [
    ...[...state.sources.values()].map(({ id, name }) => [nameKey('source', name), id]),
    ...[...state.sources.values()].flatMap(({ id, collector: { scriptFilename: script } }) =>
      script === null ? [] : [[nameKey('script', script), id]],
    ),
    ...[...state.integrations.values()].map(({ id, name }) => [nameKey('integration', name), id]),
    ...tokens.map(({ id, name }) => [nameKey('token', name), id]),
    ...[...state.users.values()].map(({ id, email }) => [nameKey('email', email), id]),
  ];
  expect([...state.names].toSorted()).toEqual(held.toSorted());
}

function assertSources(state: ConfigState): void {
  for (const source of state.sources.values()) {
    expect([1, 2]).toContain(source.pipelineKeys.length);
    expect(source.webhook !== null).toBe(source.type === 'webhook');
    const secrets = source.signingSecrets.map(({ fingerprint }) => fingerprint);
    expect(secrets.length).toBeLessThanOrEqual(2);
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const key of source.pipelineKeys) expect(sourceByPipelineKey(state, key)).toBe(source);
  }
  for (const [key] of state.sourceIdByKey) {
    const holders = [...state.sources.values()].filter(({ pipelineKeys }) => pipelineKeys.includes(key));
    expect(holders.length).toBeLessThanOrEqual(1);
    expect(sourceByPipelineKey(state, key)).toBe(holders[0]);
  }
}

function assertIntegrations(state: ConfigState): void {
  for (const integration of state.integrations.values()) {
    expect(integration.revisions.map(({ number }) => number)).toEqual(
      integration.revisions.map((_, index) => index + 1),
    );
    expect(latestRevision(integration)?.status).toBe('published');
    for (const { status, approver, publishedAt } of integration.revisions) {
      expect(publishedAt !== null).toBe(status === 'published');
      if (status === 'approved') expect(approver).not.toBeNull();
      if (status === 'draft') expect(approver).toBeNull();
    }
  }
}

/** None without its source and its integration, none on a revision that is not there or may still change. */
function assertPipelines(state: ConfigState): void {
  const all = [...state.pipelines.values()];
  for (const pipeline of all) {
    const integration = state.integrations.get(pipeline.integrationId);
    expect(state.sources.has(pipeline.sourceId)).toBe(true);
    for (const number of [pipeline.revision, ...pipeline.earlierRevisions])
      expect(integration && revisionOf(integration, number)?.status).toBe('published');
    expect(pipelinesOf(state, pipeline.sourceId)).toContain(pipeline);
  }
  const listed = [...state.pipelinesBySource.values()].flat();
  expect(listed.toSorted(byAge)).toEqual(all.toSorted(byAge));
  for (const source of state.pipelinesBySource) {
    expect(source[1].toSorted(byAge)).toEqual(source[1]);
    expect(enabledPipelinesOf(state, source[0])).toEqual(source[1].filter(({ enabled }) => enabled));
  }
  const pairs = all.map(({ sourceId, integrationId }) => `${sourceId} ${integrationId}`);
  expect(new Set(pairs).size).toBe(pairs.length);
}

const byAge = (a: Pipeline, b: Pipeline): number => a.createdIn - b.createdIn;

/** One owner as soon as there is anybody, who is not disabled; no revoked token is found. */
function assertPeople(state: ConfigState): void {
  const owners = [...state.users.values()].filter(({ role }) => role === 'owner');
  expect(owners.map(({ id }) => id)).toEqual(state.users.size === 0 ? [] : [state.ownerId]);
  expect(owners.some(({ status }) => status === 'disabled')).toBe(false);
  for (const token of state.tokens.values())
    expect(tokenByHash(state, token.hash)).toBe(token.revokedAt === null ? token : undefined);
}
