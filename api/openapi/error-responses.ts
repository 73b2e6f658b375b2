import { REJECTIONS } from '../../config/index.ts';
import { API_ERRORS, REJECTION_STATUS } from '../errors.ts';

/** What an operation may answer besides what its route states. */
export interface OperationTraits {
  readonly needsToken: boolean;
  readonly hasPathParameters: boolean;
  readonly hasBody: boolean;
  readonly changes: boolean;
}

/** The statuses of errors it may answer with. */
export function errorStatuses(traits: OperationTraits): readonly number[] {
  return [
    400,
    ...(traits.needsToken ? [401, 403] : []),
    ...(traits.hasPathParameters ? [404] : []),
    408,
    ...(traits.changes ? [409] : []),
    ...(traits.hasBody ? [413, 415] : []),
    422,
    429,
    431,
    500,
    503,
    ...(traits.changes ? [504] : []),
  ];
}

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Always Bearer' },
  429: { 'Retry-After': 'Seconds to wait' },
  503: { 'Retry-After': 'Seconds to wait' },
};

const NAMES: Readonly<Record<number, string>> = {
  400: 'MalformedRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'RequestTimeout',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'RateLimited',
  431: 'HeadersTooLarge',
  500: 'InternalError',
  503: 'Unavailable',
  504: 'Timeout',
};

export const errorRef = (status: number): object => ({
  $ref: `#/components/responses/${NAMES[status] ?? `Error${status}`}`,
});

/** `components.responses`: one for each status, with the codes that come with it. */
export function errorResponses(): Record<string, object> {
  const codes = new Map<number, string[]>();
  const add = (status: number, code: string): void => {
    codes.set(status, [...(codes.get(status) ?? []), code]);
  };
  for (const [code, { status }] of Object.entries(API_ERRORS)) add(status, code);
  for (const [code, kind] of Object.entries(REJECTIONS)) add(REJECTION_STATUS[kind], code);
  return Object.fromEntries(
    [...codes].map(([status, all]) => [
      NAMES[status] ?? `Error${status}`,
      {
        description: `\`error.code\` is one of: ${all.join(', ')}`,
        headers: Object.fromEntries(
          Object.entries(HEADERS[status] ?? {}).map(([name, description]) => [
            name,
            { description, schema: { type: 'string' } },
          ]),
        ),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );
}

export const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', description: 'For programs; never changes its meaning' },
        message: { type: 'string', description: 'For people: what happened, to what, and what to do' },
        details: {
          type: 'array',
          description: 'The fields at fault',
          items: {
            type: 'object',
            required: ['path', 'code', 'message'],
            additionalProperties: false,
            properties: {
              path: { type: 'string', description: 'In the request: config.url, limit' },
              code: { type: 'string' },
              message: { type: 'string' },
              current_version: {
                type: 'integer',
                description:
                  'Of a VERSION_CONFLICT: the version that the resource has; of CONFIG_MOVED: that of the configuration',
              },
            },
          },
        },
      },
    },
  },
} as const;
