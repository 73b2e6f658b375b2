import { FormatRegistry, type TSchema } from '@sinclair/typebox';
import { TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler';
import type { FastifyInstance } from 'fastify';
import { type FieldProblem, validationFailed } from '../errors.ts';

/** RFC 3339, of a time there is. */
FormatRegistry.Set(
  'date-time',
  (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
);

const MAX_PROBLEMS = 50;

/**
 * Checks requests against their schemas as they stand: nothing is converted, filled in or left out. All fields at
 * fault are named, by their path.
 */
export function useSchemas(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema }) => {
    const check = TypeCompiler.Compile(schema);
    return (value) => {
      if (check.Check(value)) return { value };
      const problems = new Map<string, FieldProblem>();
      for (const error of told(check.Errors(value))) {
        const problem = toProblem(error);
        // The first error of a field is the most general one.
        if (!problems.has(problem.path)) problems.set(problem.path, problem);
        if (problems.size >= MAX_PROBLEMS) break;
      }
      return { error: validationFailed([...problems.values()]) };
    };
  });
}

/** What may be null and is something else has its faults further in. */
function* told(errors: Iterable<ValueError>): Iterable<ValueError> {
  for (const error of errors) {
    const [branch, ...others] = error.schema.anyOf ?? [];
    const [within] = error.errors;
    const isNullable = branch?.type === 'object' && others.length === 1 && others[0]?.type === 'null';
    if (error.type === ValueErrorType.Union && isNullable && isObject(error.value) && within !== undefined)
      yield* told(within);
    else yield error;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function toProblem(error: ValueError): FieldProblem {
  const path = error.path.split('/').slice(1).map(unescaped).join('.').slice(0, 200);
  return { path, code: codeOf(error.type), message: error.schema.errorMessage ?? error.message };
}

function codeOf(type: ValueErrorType): string {
  switch (type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return 'UNKNOWN_FIELD';
    case ValueErrorType.ObjectRequiredProperty:
      return 'REQUIRED';
    default:
      return 'INVALID';
  }
}

/** RFC 6901. */
const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');
