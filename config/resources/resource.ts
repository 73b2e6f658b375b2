import type { Actor, ConfigEvent } from '../../schemas/index.ts';

/** What an event says besides its payload. */
export type EventMeta = Omit<ConfigEvent, 'payload'>;

/** What every resource has. Times are epoch milliseconds, as the events said. */
export interface Resource {
  /** Counts the resource's own events from 1; what `expectedVersion` of a command is compared with. */
  readonly version: number;
  /** Sequence of the event that made it: the order of creation. */
  readonly createdIn: number;
  readonly createdAt: number;
  readonly createdBy: Actor;
  readonly updatedAt: number;
}

export const created = (meta: EventMeta): Resource => ({
  version: meta.resourceVersion,
  createdIn: meta.sequence,
  createdAt: meta.time,
  createdBy: meta.actor,
  updatedAt: meta.time,
});

/** What every later event of a resource changes. */
export const changed = (meta: EventMeta): Pick<Resource, 'version' | 'updatedAt'> => ({
  version: meta.resourceVersion,
  updatedAt: meta.time,
});
