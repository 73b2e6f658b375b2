export { changesOf } from './changes-of-events.ts';
export { type FieldChange, fieldDiff } from './field-diff.ts';
export { RESOURCE_TYPES, resourceType, resourceView } from './resource-view.ts';
