/** What a source's script is built with (`compose/`): what differs from the defaults. */
export interface ScriptSettings {
  /** Most events in one request. */
  readonly batchSize?: number;
  /** How long an event waits for others, ms. */
  readonly flushInterval?: number;
  /** Nothing is sent before consent is known. */
  readonly queueUntilKnown?: boolean | undefined;
  /** Sites whose links carry the visitor along; their subdomains are meant too. */
  readonly linkedDomains?: readonly string[] | undefined;
  /** For the reader `custom`. */
  readonly consent?: CustomConsent | undefined;
}

/** Where a page keeps consent that no platform here knows, and how to read it. */
export interface CustomConsent {
  readonly store: 'cookie' | 'local_storage';
  readonly name: string;
  readonly format: 'json' | 'comma' | 'url' | 'semicolon';
  /** Category, the field that says it, and the value of the field that grants it. */
  readonly rules: readonly (readonly [category: string, field: string, granted: string])[];
}

export interface CollectorConfig extends ScriptSettings {
  readonly batchSize: number;
  readonly flushInterval: number;
  /** `dk_live_…` or `dk_test_…`; names the source, is not a secret. */
  readonly pipelineKey: string;
  /** The gateway's origin. */
  readonly endpoint: string;
}

export const DEFAULTS = { batchSize: 10, flushInterval: 1_000 } as const;

/** What the script tag says: key and name in its attributes, and the gateway is where the script came from. */
export interface ScriptConfig extends CollectorConfig {
  /** The window variable, besides `datafly`. */
  readonly global: string;
}

/** Undefined where the tag has no key or no address. */
export function readScript(
  script: { readonly src: string; getAttribute(name: string): string | null },
  settings: ScriptSettings,
): ScriptConfig | undefined {
  const pipelineKey = script.getAttribute('data-pipeline-key');
  if (!pipelineKey || !script.src) return undefined;
  return {
    ...DEFAULTS,
    ...settings,
    pipelineKey,
    // The address is absolute, and this spares the page a first `URL`.
    endpoint: script.src.split('/', 3).join('/'),
    global: script.getAttribute('data-global') || '_df',
  };
}
