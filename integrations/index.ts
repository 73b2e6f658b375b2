/** Vendors as data and pure functions: what can be installed, how events are mapped to a vendor's items, whether
 * consent allows it, what a request looks like and what its answer means. No I/O. */
export { CATALOG, findVendor } from './catalog.ts';
export {
  CONSENT_CATEGORIES,
  type ConsentCategory,
  type ConsentDecision,
  consentDecision,
} from './consent.ts';
export type {
  Batch,
  BatchItem,
  DeliveryLimits,
  Outcome,
  RequestInput,
  Secrets,
  SettingField,
  Variant,
  VendorCategory,
  VendorDefinition,
  VendorRequest,
  VendorResponse,
  Verdict,
} from './integration.ts';
export type { JsonObject, JsonValue } from './json.ts';
export {
  type CompiledMapping,
  compileMapping,
  type EventMapping,
  EventView,
  type FieldMapping,
  MAPPING_ERRORS,
  type Mapping,
  type MappingErrorCode,
  type MappingProblem,
  type MappingResult,
  mappingProblems,
} from './mapping/index.ts';
export { withDefaults } from './settings.ts';
