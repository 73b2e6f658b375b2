import type { ConfigProjection } from '../../config/index.ts';
import { stateAt } from '../state-at.ts';
import type { RulesAt } from './step.ts';

/** The rules that the configuration holds. */
export function configuredRules(config: Pick<ConfigProjection, 'at'>): RulesAt {
  return (configVersion) => stateAt(config, configVersion);
}
