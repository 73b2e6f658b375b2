/**
 * How a source's datafly.js is made: the settings in front of the pieces that they name, in front of the core. Pure
 * and without a compiler, so that a gateway does it when settings change, and the same settings give the same text.
 */

export const MODULES = [
  'outbound_links',
  'downloads',
  'forms',
  'scroll',
  'clicks',
  'web_vitals',
  'errors',
  'video',
  'tags',
  'cross_domain',
] as const;
export type CollectorModule = (typeof MODULES)[number];

export const PLATFORMS = ['onetrust', 'cookiebot', 'didomi', 'osano', 'tcf', 'google', 'custom'] as const;
export type ConsentPlatform = (typeof PLATFORMS)[number];

/** The settings of a source that its script depends on. */
export interface CollectorSettings {
  readonly batchSize: number;
  /** Milliseconds. */
  readonly flushInterval: number;
  readonly modules: readonly CollectorModule[];
  readonly consent: {
    readonly platform: ConsentPlatform;
    readonly queueUntilKnown: boolean;
    readonly custom: {
      readonly store: 'cookie' | 'local_storage';
      readonly name: string;
      readonly format: 'json' | 'comma' | 'url' | 'semicolon';
      readonly rules: Readonly<Record<string, { readonly field: string; readonly granted: string }>>;
    } | null;
  } | null;
  readonly linkedDomains: readonly string[];
}

export const DEFAULT_COLLECTOR_SETTINGS: CollectorSettings = {
  batchSize: 10,
  flushInterval: 1_000,
  modules: [],
  consent: null,
  linkedDomains: [],
};

/** Minified, as the build makes them. */
export interface ScriptPieces {
  readonly core: string;
  readonly loader: string;
  readonly modules: Readonly<Record<CollectorModule, string>>;
  readonly platforms: Readonly<Record<ConsentPlatform, string>>;
}

export function composeScript(pieces: ScriptPieces, settings: CollectorSettings): string {
  const { batchSize, flushInterval, consent, linkedDomains } = settings;
  const wanted = new Set(settings.modules);
  const parts = MODULES.filter((module) => wanted.has(module)).map((module) => pieces.modules[module]);
  if (consent) parts.push(pieces.platforms[consent.platform]);
  const { custom } = consent ?? {};
  const baked = {
    ...differing({ batchSize, flushInterval }),
    ...(consent?.queueUntilKnown && { queueUntilKnown: true }),
    ...(linkedDomains.length > 0 && { linkedDomains }),
    ...(custom && {
      consent: {
        store: custom.store,
        name: custom.name,
        format: custom.format,
        // As entries, because in a script an object with the key `__proto__` is another object.
        rules: Object.entries(custom.rules).map(([category, { field, granted }]) => [
          category,
          field,
          granted,
        ]),
      },
    }),
  };
  return around(`${parts.join('')}${pieces.core}`, '$settings,$pieces', `${literal(baked)},[]`);
}

/** Of the script at that path; without, of whatever script the key's source has. */
export function composeLoader(
  pieces: ScriptPieces,
  script?: { readonly path: string; readonly integrity: string },
): string {
  return around(pieces.loader, '$script', script ? literal([script.path, script.integrity]) : '0');
}

function around(body: string, parameters: string, values: string): string {
  return `((${parameters})=>{${body}})(${values});`;
}

function differing(settings: { batchSize: number; flushInterval: number }): object {
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_COLLECTOR_SETTINGS };
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== defaults[name]));
}

/** JSON that is also JavaScript of every age, and that can stand inside a script element. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
