import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Metrics of one integration's deliveries. */
export interface IntegrationMetrics {
  /** Returns what to call when the request has ended, with the class of its status. */
  requestStarted(): (statusClass: string) => void;
  events(outcome: 'delivered' | 'retrying' | 'dead', count: number): void;
  /** Changes the number of events that wait for another attempt. */
  waiting(change: number): void;
}

export interface DeliveryMetrics {
  of(integrationId: string): IntegrationMetrics;
}

/** Registers the metrics; call once per registry. */
export function deliveryMetrics(registry: Registry): DeliveryMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'signal_delivery_requests_total',
    help: 'Requests made to vendors, by class of the status answered (none: no answer).',
    labelNames: ['integration', 'status'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'signal_delivery_request_duration_seconds',
    help: 'From sending a request to the end of its answer.',
    labelNames: ['integration'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const events = new Counter({
    name: 'signal_delivery_events_total',
    help: 'Events by what an attempt made of them.',
    labelNames: ['integration', 'outcome'] as const,
    registers,
  });
  const waiting = new Gauge({
    name: 'signal_delivery_waiting',
    help: 'Events that wait for another attempt.',
    labelNames: ['integration'] as const,
    registers,
  });
  const inFlight = new Gauge({
    name: 'signal_delivery_in_flight',
    help: 'Requests sent and not yet answered.',
    labelNames: ['integration'] as const,
    registers,
  });
  return {
    of: (integration) => ({
      requestStarted() {
        inFlight.inc({ integration });
        const stop = duration.startTimer({ integration });
        return (status) => {
          inFlight.dec({ integration });
          stop();
          requests.inc({ integration, status });
        };
      },
      events: (outcome, count) => {
        if (count > 0) events.inc({ integration, outcome }, count);
      },
      waiting: (change) => waiting.inc({ integration }, change),
    }),
  };
}
