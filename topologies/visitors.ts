import type { VisitorState } from '../schemas/index.ts';
import {
  type KeyValueStore,
  keyValueStore,
  type Serde,
  type StoreBuilder,
  serdes,
} from '../streams/index.ts';

/** What is known of each visitor, by anonymousId: the org layer asks it for the latest consent, the identity join keeps
 * it. */
export const VISITORS = 'visitors';

export type VisitorStore = KeyValueStore<string, VisitorState>;

export const visitorStore = (value: Serde<VisitorState>): StoreBuilder<VisitorStore> =>
  keyValueStore({ name: VISITORS, key: serdes.string(), value });
