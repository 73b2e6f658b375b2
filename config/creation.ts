import type { IdKind } from './ids.ts';
import { type Rejection, reject } from './rejections.ts';
import type { ConfigState } from './state.ts';

/** Why no resource of this kind can get the id, if so. Ids are never used twice, not even after a deletion. */
export function newIdFault<T extends string>(
  state: ConfigState,
  kind: IdKind<T>,
  id: string,
): Rejection | undefined {
  if (!kind.is(id)) return reject('INVALID_ID', 'resourceId', `an id here looks like ${kind.prefix}_…`);
  if (state.resourceVersions.has(id)) return reject('ID_TAKEN', 'resourceId', `there is already a ${id}`);
  return undefined;
}
