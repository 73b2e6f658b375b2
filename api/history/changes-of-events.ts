import { setImmediate } from 'node:timers/promises';
import { type ConfigProjection, type ConfigState, evolve } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { resourceView } from './resource-view.ts';

/** Events looked at in one go: others wait for so long. */
const STEP = 1000;

/**
 * What each of some events, in ascending order, changed about its resource.
 *
 * What is shown of a resource comes of its own events and of no others (`changes-of-events.test.ts`), so that only
 * those are folded: two events may lie a million others apart.
 */
export async function changesOf(
  projection: Pick<ConfigProjection, 'nearest' | 'headsBetween' | 'event'>,
  events: readonly ConfigEvent[],
): Promise<ReadonlyMap<number, readonly FieldChange[]>> {
  const changes = new Map<number, readonly FieldChange[]>();
  /** By resource, and true of that one alone. */
  const states = new Map<string, ConfigState>();
  for (const event of events) {
    const { resourceId: id, sequence } = event;
    const known = states.get(id) ?? projection.nearest(sequence - 1);
    const before = await foldOnly(projection, known, id, sequence);
    const after = evolve(before, event);
    changes.set(sequence, fieldDiff(resourceView(before, id), resourceView(after, id)));
    states.set(id, after);
  }
  return changes;
}

/** The state, with what happened to one resource since, before a sequence. */
async function foldOnly(
  projection: Pick<ConfigProjection, 'headsBetween' | 'event'>,
  from: ConfigState,
  id: string,
  sequence: number,
): Promise<ConfigState> {
  let state = from;
  for (let next = from.version + 1; next < sequence; next += STEP) {
    if (next > from.version + 1) await setImmediate();
    for (const head of projection.headsBetween(next, Math.min(next + STEP, sequence)))
      if (head.resourceId === id) state = evolve(state, projection.event(head.sequence));
  }
  return state;
}
