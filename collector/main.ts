// What the script tag runs: reads the tag, takes the window variables, replays the calls that waited in them.
import { replayCommands } from './command-queue.ts';
import { readScript, type ScriptSettings } from './config.ts';
import { collectorOf } from './once.ts';
import type { Piece } from './piece.ts';

declare global {
  interface Window {
    [name: string]: unknown;
  }
  /** Around this file the composer puts what a source's script is made of. */
  const $settings: ScriptSettings;
  const $pieces: Piece[];
}

function main(): void {
  const script =
    document.currentScript || document.querySelector<HTMLScriptElement>('script[data-pipeline-key]');
  const config = script && 'src' in script ? readScript(script, $settings) : undefined;
  if (!config) throw new Error('no data-pipeline-key');

  const { api_: api, start_: start } = collectorOf(config, $pieces);
  const taken: unknown[] = Object.values(window.__datafly || {});
  for (const name of [config.global, 'datafly']) {
    const before = window[name];
    // Of two sources on a page the first keeps a name they both want.
    if (taken.includes(before)) continue;
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
