export { EventLineage, type EventLineageOptions } from './lineage.ts';
export type { LineageSerdes } from './record-ids.ts';
export type { DeliveryStory, EventStatus, EventStory } from './story.ts';
