import { nameKey, sourceId } from '../../config/index.ts';
import { pathOf } from '../changes.ts';
import type { ApiIds } from '../ids.ts';
import { createSource, updateSource } from '../routes/sources.ts';
import { type Draft, idOf, refuseTwins } from './draft.ts';
import type { SourceEntry } from './file.ts';
import { fingerprintOf, type GivenSecret, type Sealing, UNKNOWN_SECRET } from './sealing.ts';

/** Adds what makes the sources those of the file. */
export async function planSources(
  draft: Draft,
  entries: readonly SourceEntry[],
  ids: ApiIds,
  sealing: Sealing,
): Promise<void> {
  refuseTwins(draft, 'sources', entries, ({ name }) => nameKey('source', name));
  await draft.planEach(entries, async (entry, index) => {
    const path = `sources[${index}]`;
    const id = planSource(draft, path, entry, ids);
    if (id !== undefined && entry.signing_secrets !== undefined)
      await planSigningSecrets(draft, `${path}.signing_secrets`, id, entry.signing_secrets, sealing);
  });
}

/** Answers its id, if it can be as the file says. */
function planSource(draft: Draft, path: string, entry: SourceEntry, ids: ApiIds): string | undefined {
  const { signing_secrets: _, ...body } = entry;
  const { type, ...changes } = body;
  const known = draft.state.sources.get(idOf(draft.state, 'source', entry.name) ?? '');
  if (known !== undefined && known.type !== type) {
    const message = `"${known.name}" is of type ${known.type} for ever: name another source`;
    draft.problem(`${path}.type`, 'IMMUTABLE', message);
    return undefined;
  }
  const id = known?.id ?? ids.resource(sourceId.prefix);
  if (known === undefined && !draft.add(path, id, createSource(body, ids.pipelineKey()), pathOf))
    return undefined;
  return draft.add(path, id, updateSource(changes), pathOf) ? id : undefined;
}

/** Revokes before it adds: two at most count at a time. */
async function planSigningSecrets(
  draft: Draft,
  path: string,
  id: string,
  secrets: readonly GivenSecret[],
  sealing: Sealing,
): Promise<void> {
  const live = draft.state.sources.get(id)?.signingSecrets ?? [];
  const wanted = secrets.map((given) => fingerprintOf(given, sealing));
  for (const { fingerprint } of live)
    if (!wanted.includes(fingerprint))
      draft.add(path, id, { 'signal.config.RevokeSigningSecret': { fingerprint } });
  for (const [index, given] of [...secrets.entries()].reverse()) {
    if (live.some(({ fingerprint }) => fingerprint === wanted[index])) continue;
    if (typeof given === 'string') {
      const added = { secret: await sealing.seal(given), fingerprint: sealing.fingerprint(given) };
      draft.add(`${path}[${index}]`, id, { 'signal.config.AddSigningSecret': added });
    } else draft.problem(`${path}[${index}]`, 'UNKNOWN_SECRET', UNKNOWN_SECRET);
  }
}
