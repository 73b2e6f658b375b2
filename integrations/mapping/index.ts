export { type CompiledMapping, compileMapping, type MappingResult, mappingProblems } from './compile.ts';
export { MAPPING_ERRORS, type MappingErrorCode, type MappingProblem } from './errors.ts';
export { EventView } from './event-view.ts';
export type { EventMapping, FieldMapping, Mapping } from './mapping.ts';
