import { setImmediate } from 'node:timers/promises';
import { type ConfigProjection, type ConfigState, evolve } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { resourceView } from './resource-view.ts';

/** Folding on over this many events costs less than finding a state anew. */
const NEAR = 1000;

/** What each of some events, in ascending order, changed about its resource. */
export async function changesOf(
  projection: Pick<ConfigProjection, 'at' | 'eventsBetween'>,
  events: readonly ConfigEvent[],
): Promise<ReadonlyMap<number, readonly FieldChange[]>> {
  const changes = new Map<number, readonly FieldChange[]>();
  let state: ConfigState | undefined;
  for (const event of events) {
    const before = event.sequence - 1;
    if (state === undefined || before - state.version > NEAR) {
      // Others wait for one state to be folded, not for a page of them.
      await setImmediate();
      state = projection.at(before);
    }
    for (const between of projection.eventsBetween(state.version + 1, before + 1))
      state = evolve(state, between);
    const after = evolve(state, event);
    changes.set(
      event.sequence,
      fieldDiff(resourceView(state, event.resourceId), resourceView(after, event.resourceId)),
    );
    state = after;
  }
  return changes;
}
