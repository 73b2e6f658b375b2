/** A JSON Schema as far as it is looked into here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

/** What is for our own validation and would be noise, or wrong, to others. */
const OURS = new Set(['errorMessage']);

/** The schema without our own keywords and without what TypeBox notes on it. */
export function plainSchema(schema: unknown): JsonSchema {
  const plain: unknown = JSON.parse(
    JSON.stringify(schema, (key, value) => (OURS.has(key) ? undefined : value)),
  );
  return isSchema(plain) ? plain : {};
}

export function parametersIn(place: 'path' | 'query', schema: unknown): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = plainSchema(schema);
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}
