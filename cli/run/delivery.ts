import { randomUUID } from 'node:crypto';
import { integrationId, latestRevision } from '../../config/index.ts';
import {
  DEFAULT_SCHEDULE,
  DeliveryManager,
  deliveryBatchSerde,
  deliveryMetrics,
  httpClient,
  systemClock,
} from '../../delivery/index.ts';
import type { Secrets } from '../../integrations/index.ts';
import { deliveryTopic, TOPICS } from '../../topologies/topics.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';

/** Requests at one vendor at a time. */
const MAX_REQUESTS = 8;
const CLOSE_GRACE_MS = 5_000;

export async function startDelivery(foundation: Foundation, closers: Closers): Promise<void> {
  const { settings, projection, log, serdes, logger, register, vault } = foundation;
  const http = httpClient({ allowedCidrs: settings.allowedCidrs });
  closers.add('connections to vendors', () => http.close());
  const manager = new DeliveryManager({
    log,
    topics: {
      requests: deliveryTopic,
      results: TOPICS.deliveryResults,
      deadLetters: TOPICS.deadLetters,
      unprocessable: TOPICS.unprocessable,
    },
    serdes: {
      request: serdes.deliveryRequest,
      result: serdes.deliveryResult,
      deadLetter: serdes.deadLetter,
      batch: await deliveryBatchSerde(foundation.schemas),
    },
    http,
    secretsOf: async (id): Promise<Secrets> => {
      const sealed =
        projection.current.integrations.get(integrationId.of(id))?.secrets ?? new Map<string, string>();
      const opened = [...sealed].map(async ([key, text]) => [key, await vault.open(text)] as const);
      return Object.fromEntries(await Promise.all(opened));
    },
    metrics: deliveryMetrics(register),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    schedule: {
      ...DEFAULT_SCHEDULE,
      maxAttempts: settings.retryMaxAttempts,
      baseMs: settings.retryBackoffBase * 1000,
    },
    maxRequests: MAX_REQUESTS,
    closeGraceMs: CLOSE_GRACE_MS,
    view: {
      integrations: () =>
        // What a paused one has to deliver waits in its topic.
        [...projection.current.integrations.values()]
          .filter((integration) => !integration.paused)
          .map((integration) => ({
            id: integration.id,
            vendor: integration.vendor,
            settings: latestRevision(integration)?.settings ?? {},
          })),
      subscribe: (listener) => projection.subscribe(listener),
    },
    onError: (id, error) =>
      logger.error({ err: error, integration: id }, 'a delivery worker stopped; it will start again'),
  });
  closers.add('delivery workers', () => manager.close());
  await manager.start();
}
