export interface CollectorConfig {
  /** `dk_live_…` or `dk_test_…`; names the source, is not a secret. */
  readonly pipelineKey: string;
  /** The gateway's origin. */
  readonly endpoint: string;
  /** Most events in one request. */
  readonly batchSize: number;
  /** How long an event waits for others, ms. */
  readonly flushInterval: number;
}

export const DEFAULTS = { batchSize: 10, flushInterval: 1_000 } as const;

/** What the script tag says: key and name in its attributes, and the gateway is where the script came from. */
export interface ScriptConfig extends CollectorConfig {
  /** The window variable, besides `datafly`. */
  readonly global: string;
}

/** Undefined where the tag has no key or no address. */
export function readScript(script: {
  readonly src: string;
  getAttribute(name: string): string | null;
}): ScriptConfig | undefined {
  const pipelineKey = script.getAttribute('data-pipeline-key');
  if (!pipelineKey || !script.src) return undefined;
  return {
    pipelineKey,
    endpoint: new URL(script.src).origin,
    global: script.getAttribute('data-global') || '_df',
    ...DEFAULTS,
  };
}
