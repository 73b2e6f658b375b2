/** Everything that can be wrong with a mapping. */
export const MAPPING_ERRORS = {
  UNKNOWN_SOURCE: 'no such field in an event',
  UNKNOWN_TRANSFORM: 'no such transform',
  UNKNOWN_FORMAT: 'no such date format',
  INVALID_TARGET: 'a target is a dotted path of property names',
  TARGET_CONFLICT: 'another mapping writes a value where this one needs an object, or the other way round',
  NO_VALUE: 'a mapping needs a source, a constant or a default',
} as const;

export type MappingErrorCode = keyof typeof MAPPING_ERRORS;

/** `path` leads to the fault inside the mapping, e.g. `events.Signed Up.mappings.2.source`. */
export interface MappingProblem {
  readonly path: string;
  readonly code: MappingErrorCode;
  readonly message: string;
}

export function problem(path: string, code: MappingErrorCode, what: string): MappingProblem {
  return { path, code, message: `${MAPPING_ERRORS[code]}: ${JSON.stringify(what)}` };
}
