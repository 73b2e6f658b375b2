import type { JsonValue } from '../json.ts';
import type { DateFormat, TransformName } from './transforms.ts';

/**
 * How an event becomes a vendor's item, as data: presets, users' overrides of them and users' own vendors all have
 * this form, and one engine (`compileMapping`) runs it.
 *
 * An event's payload is built from `global`, then from its own entry in `events`, whose mappings replace global ones
 * with the same target. An event without an entry follows `defaults`.
 */
export interface Mapping {
  readonly version: 2;
  readonly global: { readonly mappings: readonly FieldMapping[] };
  /** By the name of a track event (compared without case, spaces and punctuation, see `event-names.ts`), or by type
   * for the others: `page`, `screen`, `identify`, `group`, `alias`. */
  readonly events: Readonly<Record<string, EventMapping>>;
  /** `pass`: the event is sent under its own name. */
  readonly defaults: { readonly action: 'drop' | 'pass'; readonly mappings?: readonly FieldMapping[] };
}

export interface EventMapping {
  readonly vendor_event_name: string;
  readonly mappings?: readonly FieldMapping[];
}

/** One field of the payload. In order: the first of `source` that is there once transformed, or `constant`; then
 * `value_map`; then `default` if there is still nothing. A field without a value is left out, never `null`. */
export interface FieldMapping {
  /** Dotted path into the payload; objects on the way are made. */
  readonly target: string;
  /** Dotted path into the event (`source-path.ts`), or `vendor_event`: the vendor's name for it. Of several the first
   * that yields a value counts. */
  readonly source?: string | readonly string[];
  readonly constant?: JsonValue;
  readonly transform?: TransformName | readonly TransformName[];
  /** Of `date_format`. */
  readonly format?: DateFormat;
  /** Exact values, as text, to what is sent for them; `*` stands for every other and for none. */
  readonly value_map?: Readonly<Record<string, JsonValue>>;
  readonly default?: JsonValue;
}
