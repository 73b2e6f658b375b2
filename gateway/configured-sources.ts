import {
  type ConfigProjection,
  sourceByPipelineKey,
  sourceByScriptFilename,
  sourceId,
} from '../config/index.ts';
import type { SourceDirectory } from './sources.ts';

/** The sources as the configuration has them at the moment of each call. */
export function configuredSources(
  projection: Pick<ConfigProjection, 'version' | 'current'>,
  signingSecrets: SourceDirectory['signingSecrets'],
): SourceDirectory {
  return {
    get version() {
      return projection.version;
    },
    sourceByKey: (key) => sourceByPipelineKey(projection.current, key),
    sourceById: (id) => projection.current.sources.get(sourceId.of(id)),
    sourceByScriptFilename: (name) => sourceByScriptFilename(projection.current, name),
    signingSecrets,
  };
}
