import type { Datafly } from './api.ts';
import { type Collector, createCollector } from './collector.ts';
import type { CollectorConfig } from './config.ts';
import type { Piece } from './piece.ts';

declare global {
  interface Window {
    /** This page's collectors by key and gateway. */
    __datafly?: Record<string, Datafly>;
  }
}

/** The page's collector for this key and gateway: the same script twice must not count twice. */
export function collectorOf(config: CollectorConfig, pieces: readonly Piece[]): Collector {
  const collectors = window.__datafly || {};
  window.__datafly = collectors;
  const id = `${config.pipelineKey} ${config.endpoint}`;
  const existing = collectors[id];
  const collector = existing ? { api_: existing, start_() {} } : createCollector(config, pieces);
  collectors[id] = collector.api_;
  return collector;
}
