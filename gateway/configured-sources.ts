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
  lacksSecrets: (sourceId: string) => boolean = () => false,
): SourceDirectory {
  let origins: { readonly of: unknown; readonly allowed: readonly string[] } | undefined;
  return {
    get version() {
      return projection.version;
    },
    sourceByKey: (key) => sourceByPipelineKey(projection.current, key),
    sourceById: (id) => projection.current.sources.get(sourceId.of(id)),
    sourceByScriptFilename: (name) => sourceByScriptFilename(projection.current, name),
    get allowedOrigins() {
      const { sources } = projection.current;
      if (origins?.of !== sources) {
        const allowed = new Set([...sources].flatMap(([, source]) => source.allowedOrigins));
        origins = { of: sources, allowed: [...allowed] };
      }
      return origins.allowed;
    },
    get consent() {
      return projection.current.consent;
    },
    signingSecrets,
    lacksSecrets,
  };
}
