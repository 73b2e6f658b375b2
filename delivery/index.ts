/** What talks to vendors: a worker for each integration turns its topic into requests, and their answers into
 * results, retries and dead letters. */
export { deliveryBatchSerde } from './batch-store.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  type DeliverableIntegration,
  DeliveryManager,
  type DeliveryManagerOptions,
  type IntegrationsView,
} from './delivery-manager.ts';
export { type DeliveryEnvironment, DeliveryWorker, type WorkerIntegration } from './delivery-worker.ts';
export { type HttpClient, type HttpClientOptions, type HttpResult, httpClient } from './http/client.ts';
export { type DeliveryMetrics, deliveryMetrics } from './metrics.ts';
export { DELIVERY_REASONS, type DeliveryReason } from './reasons.ts';
export type { DeliverySerdes, DeliveryTopics } from './records.ts';
export { DEFAULT_SCHEDULE, type RetrySchedule } from './retry-schedule.ts';
export type { SecretsOf } from './sender.ts';
