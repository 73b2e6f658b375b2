import type { Datafly } from './api.ts';
import type { CollectorConfig } from './config.ts';

/**
 * What the core gives to a piece: an optional module, or the reader of a consent platform. Names that end in `_` are
 * shortened by the build, the same in every piece, so pieces and core of one build belong together.
 */
export interface Core {
  /** The page's; a piece may add methods to it. */
  readonly api: Datafly;
  readonly config_: CollectorConfig;
  /**
   * What the platform says. Decided: the visitor has chosen, or need not; it is kept for later pages, told to the
   * gateway at once where it is news, and lets go of events that waited for it. Not decided: it is on events while
   * this page lasts.
   */
  consent_(categories: object, decided: boolean): void;
  isGranted_(category: string): boolean;
  /** This visitor is the one whom another site of ours calls so. */
  adopt_(anonymousId: string): void;
}

export type Piece = (core: Core) => void;
