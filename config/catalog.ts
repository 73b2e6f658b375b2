import type { JsonObject, JsonValue } from './json.ts';

/**
 * What can be installed, as far as deciding and showing need to know. The vendors' definitions have this shape; they
 * are passed in, because configuration knows of no vendor.
 */
export type Catalog = ReadonlyMap<string, CatalogVendor>;

export interface CatalogVendor {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly status: string;
  readonly website: string;
  readonly settings: readonly CatalogField[];
  /** The first one is proposed. */
  readonly variants: readonly CatalogVariant[];
  /** Proposed when the integration is installed. */
  readonly consentCategories: readonly string[];
}

export interface CatalogVariant {
  readonly key: string;
  readonly name: string;
  readonly description: string;
}

export interface CatalogField {
  /** snake_case. */
  readonly key: string;
  readonly label: string;
  /** The value of a `secret` is sealed and travels apart from the other settings, under the same key. */
  readonly type: 'string' | 'url' | 'secret' | 'select' | 'boolean' | 'number' | 'json';
  readonly required: boolean;
  /** The field counts only when another setting has this value. */
  readonly when?: { readonly key: string; readonly equals: JsonValue };
  readonly default?: JsonValue;
  readonly placeholder?: string;
  readonly helpText?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** Of a `number`, inclusive; numbers are integers. */
  readonly min?: number;
  readonly max?: number;
  /** A further rule on a value of the right type: what is wrong with it, if anything. */
  check?(value: JsonValue): string | undefined;
}

/** Whether the field plays a part under these settings. */
export function applies(field: CatalogField, fields: readonly CatalogField[], settings: JsonObject): boolean {
  const { when } = field;
  if (when === undefined) return true;
  const other = fields.find((candidate) => candidate.key === when.key);
  const value = Object.hasOwn(settings, when.key) ? settings[when.key] : other?.default;
  return value === when.equals;
}
