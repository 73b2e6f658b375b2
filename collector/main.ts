// What the script tag runs: reads the tag, takes the window variables, replays the calls that waited in them.
import type { Datafly } from './api.ts';
import { createCollector } from './collector.ts';
import { replayCommands } from './command-queue.ts';
import { readScript } from './config.ts';

declare global {
  interface Window {
    /** This page's collectors by key and gateway: the same script twice must not count twice. */
    __datafly?: Record<string, Datafly>;
    [name: string]: unknown;
  }
}

function main(): void {
  const script = document.currentScript || document.querySelector('script[data-pipeline-key]');
  const config = script instanceof HTMLScriptElement ? readScript(script) : undefined;
  if (!config) throw new Error('the script tag needs src and data-pipeline-key');

  const collectors = window.__datafly || {};
  window.__datafly = collectors;
  const id = `${config.pipelineKey} ${config.endpoint}`;
  const existing = collectors[id];
  const { api, start } = existing ? { api: existing, start() {} } : createCollector(config);
  collectors[id] = api;

  for (const name of [config.global, 'datafly']) {
    const before = window[name];
    // Of two sources on a page the first keeps a name they both want.
    if (Object.values(collectors).some((collector) => collector === before)) continue;
    window[name] = api;
    replayCommands(before, api);
  }
  start();
}

try {
  main();
} catch (error) {
  console.error('[datafly]', error);
}
