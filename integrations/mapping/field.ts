import type { JsonValue } from '../json.ts';
import { type MappingProblem, problem } from './errors.ts';
import type { EventView } from './event-view.ts';
import type { FieldMapping } from './mapping.ts';
import { compileSource, type Source } from './source-path.ts';
import { isDateFormat, isTransformName, TRANSFORMS, type Transform } from './transforms.ts';

/** The reader of one field's value, and what is wrong with the entry (then the value is never there). */
export function compileField(
  field: FieldMapping,
  path: string,
  vendorEvent: string | undefined,
): { readonly value: Source; readonly problems: readonly MappingProblem[] } {
  const problems: MappingProblem[] = [];
  const read = reader(field, path, vendorEvent, problems);
  const mapped = field.value_map === undefined ? read : withValueMap(read, field.value_map);
  const fallback = field.default;
  const value: Source = fallback === undefined ? mapped : (view) => mapped(view) ?? fallback;
  return { value, problems };
}

const absent: Source = () => undefined;

function reader(
  field: FieldMapping,
  path: string,
  vendorEvent: string | undefined,
  problems: MappingProblem[],
): Source {
  const { constant, source } = field;
  if (constant !== undefined) return () => constant;
  if (source === undefined) {
    if (field.default === undefined) problems.push(problem(path, 'NO_VALUE', field.target));
    return absent;
  }
  const transform = compileTransforms(field, path, problems);
  const sources = (typeof source === 'string' ? [source] : source).map((name) => {
    const read =
      name === 'vendor_event' ? (view: EventView) => vendorEvent ?? ownName(view) : compileSource(name);
    if (read === undefined) problems.push(problem(`${path}.source`, 'UNKNOWN_SOURCE', name));
    return transform === undefined || read === undefined ? (read ?? absent) : transformed(read, transform);
  });
  return firstOf(sources);
}

/** The name of an event that is passed on without an entry. */
export function ownName({ enriched: { event } }: EventView): string {
  return event.type === 'track' ? (event.event ?? event.type) : event.type;
}

function firstOf(sources: readonly Source[]): Source {
  const [only, ...others] = sources;
  if (only === undefined) return absent;
  if (others.length === 0) return only;
  return (view) => {
    for (const source of sources) {
      const value = source(view);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function transformed(read: Source, transform: Transform): Source {
  return (view) => {
    const value = read(view);
    return value === undefined ? undefined : transform(value);
  };
}

function compileTransforms(
  field: FieldMapping,
  path: string,
  problems: MappingProblem[],
): Transform | undefined {
  const names: readonly string[] =
    field.transform === undefined
      ? []
      : typeof field.transform === 'string'
        ? [field.transform]
        : field.transform;
  if (field.format !== undefined && !isDateFormat(field.format)) {
    problems.push(problem(`${path}.format`, 'UNKNOWN_FORMAT', field.format));
    return undefined;
  }
  let chain: Transform | undefined;
  for (const name of names) {
    if (!isTransformName(name)) {
      problems.push(problem(`${path}.transform`, 'UNKNOWN_TRANSFORM', name));
      continue;
    }
    const next = TRANSFORMS[name](field.format);
    const before = chain;
    chain =
      before === undefined
        ? next
        : (value) => {
            const result = before(value);
            return result === undefined ? undefined : next(result);
          };
  }
  return chain;
}

function withValueMap(read: Source, valueMap: Readonly<Record<string, JsonValue>>): Source {
  const map = new Map(Object.entries(valueMap));
  const otherwise = map.get('*');
  return (view) => {
    const value = read(view);
    if (value === undefined || typeof value === 'object') return otherwise;
    return map.get(String(value)) ?? otherwise;
  };
}
