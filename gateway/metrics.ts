import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { GatewayErrorCode } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the source it belongs to, "" until that is known. */
    sourceId: string;
  }
  interface FastifyReply {
    refusedAs: GatewayErrorCode | null;
  }
}

export type GatewayMetrics = ReturnType<typeof createMetrics>;

/** Labels take values of our own making only (routes, codes, source ids), never a sender's. */
export function createMetrics(register: Registry) {
  const registers = [register];
  return {
    requests: new Counter({
      name: 'signal_gateway_requests_total',
      help: 'Requests answered.',
      labelNames: ['endpoint', 'status'],
      registers,
    }),
    refused: new Counter({
      name: 'signal_gateway_requests_refused_total',
      help: 'Requests refused as a whole, by error code; source is empty where it was not known.',
      labelNames: ['endpoint', 'source', 'reason'],
      registers,
    }),
    bytes: new Counter({
      name: 'signal_gateway_body_bytes_total',
      help: 'Bytes of the request bodies read, inflated.',
      labelNames: ['source'],
      registers,
    }),
    accepted: new Counter({
      name: 'signal_gateway_events_accepted_total',
      help: 'Events stored in the log and acknowledged.',
      labelNames: ['source', 'endpoint'],
      registers,
    }),
    rejected: new Counter({
      name: 'signal_gateway_events_rejected_total',
      help: 'Events of known sources refused, by error code.',
      labelNames: ['source', 'endpoint', 'reason'],
      registers,
    }),
    observePendingBytes(bytes: () => number): void {
      new Gauge({
        name: 'signal_gateway_pending_bytes',
        help: 'Bytes of requests whose events wait for the log. At the limit, requests are refused as OVERLOADED.',
        registers,
        collect() {
          this.set(bytes());
        },
      });
    },
    appendSeconds: new Histogram({
      name: 'signal_gateway_append_seconds',
      help: 'Time for the log to store one request’s events durably.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
  };
}
