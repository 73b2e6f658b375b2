import type { Fields } from './fields.ts';
import { CLICK_ID_PARAMETERS, type LandingQuery } from './landing-query.ts';

const KNOWN: ReadonlySet<string> = new Set(CLICK_ID_PARAMETERS);

/** Click ids of the page's URL, and those the client states itself, which win. Keyed by parameter in lower case. */
export function readClickIds(
  stated: unknown,
  query: LandingQuery | null,
  fields: Fields,
): Record<string, string> {
  const clickIds: Record<string, string> = {};
  for (const [parameter, value] of query?.clickIds() ?? []) {
    const name = parameter.toLowerCase();
    if (KNOWN.has(name) && value !== '') clickIds[name] ??= value;
  }
  for (const [name, value] of fields.entries(stated, 'context.clickIds')) {
    const id = fields.text(value, `context.clickIds.${name}`);
    if (id !== null) clickIds[name.toLowerCase()] = id;
  }
  return clickIds;
}
