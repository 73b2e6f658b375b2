import { type ConfigProjection, type ConfigState, NotYetApplied } from '../config/index.ts';
import { Suspend } from '../streams/index.ts';

/** The configuration as of a version; for processors: throws a `Suspend` when it is not applied here yet. */
export function stateAt(config: Pick<ConfigProjection, 'at'>, version: number): ConfigState {
  try {
    return config.at(version);
  } catch (error) {
    if (error instanceof NotYetApplied) throw new Suspend(error.whenApplied());
    throw error;
  }
}
