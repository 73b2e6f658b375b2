import { createHash } from 'node:crypto';
import { type CollectorSettings, composeLoader, composeScript, type ScriptPieces } from './compose.ts';

export interface CollectorScript {
  readonly text: string;
  /** Names the text: other text, other hash. */
  readonly hash: string;
  /** Where a gateway serves it, for ever the same: `/d/<hash>.js`. */
  readonly path: string;
  /** For the script element's `integrity`: `sha384-…`. */
  readonly integrity: string;
}

// A gateway has as many as its sources have different settings, and those of settings lately changed.
const MAX_REMEMBERED = 1_000;

/** Makes each script once. */
export class CollectorScripts {
  readonly #pieces: ScriptPieces;
  readonly #bySettings = new Map<string, CollectorScript>();
  readonly #byHash = new Map<string, CollectorScript>();

  constructor(pieces: ScriptPieces) {
    this.#pieces = pieces;
  }

  of(settings: CollectorSettings): CollectorScript {
    const key = JSON.stringify(settings);
    const known = this.#bySettings.get(key);
    if (known !== undefined) return known;
    const text = composeScript(this.#pieces, settings);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
    const integrity = `sha384-${createHash('sha384').update(text).digest('base64')}`;
    const script = this.#byHash.get(hash) ?? { text, hash, path: `/d/${hash}.js`, integrity };
    remember(this.#bySettings, key, script);
    remember(this.#byHash, hash, script);
    return script;
  }

  /** One made before, since this process began. */
  withHash(hash: string): CollectorScript | undefined {
    return this.#byHash.get(hash);
  }

  /** Small; adds the script to the page. Without a script: the one of the key's source, whichever it is then. */
  loader(script?: CollectorScript): string {
    return composeLoader(this.#pieces, script);
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= MAX_REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
