import type { DeliveryLimits, VendorDefinition } from '../integrations/index.ts';
import type { Log } from '../streams/index.ts';
import type { Clock } from './clock.ts';
import type { IntegrationMetrics } from './metrics.ts';
import type { DeliverySerdes, DeliveryTopics } from './records.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import type { Send } from './sender.ts';
import type { Window } from './window.ts';

/** What the tasks of one integration share. */
export interface WorkerContext {
  readonly integrationId: string;
  readonly group: string;
  readonly topic: string;
  readonly definition: VendorDefinition;
  readonly limits: DeliveryLimits;
  /** With the vendor's own number of attempts. */
  readonly schedule: RetrySchedule;
  readonly log: Log;
  readonly topics: DeliveryTopics;
  readonly serdes: DeliverySerdes;
  readonly send: Send;
  readonly window: Window;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** A UUID. */
  readonly newId: () => string;
  readonly metrics: IntegrationMetrics;
  /** How long requests under way may take to end when a partition is given up. */
  readonly closeGraceMs: number;
  /** There may be room for what was held up: every task should look. */
  readonly wake: () => void;
  /** The worker cannot go on. */
  readonly onError: (error: Error) => void;
}
