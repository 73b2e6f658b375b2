export { changesOf } from './changes-of-events.ts';
export { type EventFilter, type EventView, eventsPage } from './events-page.ts';
export { type FieldChange, fieldDiff } from './field-diff.ts';
export { RESOURCE_TYPES, resourceType, resourceView } from './resource-view.ts';
