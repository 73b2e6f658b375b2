import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Access } from '../http/auth.ts';
import { CHANGE_HEADERS, changeHeaderRefs } from './change-headers.ts';
import { ERROR_SCHEMA, errorRef, errorResponses, errorStatuses } from './error-responses.ts';
import { operationId, summaryOf } from './operation-name.ts';
import { isSchema, type JsonSchema, parametersIn, plainSchema } from './schemas.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** Left out: made from method and path. */
    readonly operationId?: string;
    /** Left out: made from the operation's id. */
    readonly summary?: string;
    readonly description?: string;
    /** Statuses of errors it may answer with, besides those that follow from its shape. */
    readonly errors?: readonly number[];
    /** Of answers that are no JSON, or not only: their media types, by status. */
    readonly mediaTypes?: Readonly<Record<number, string | readonly string[]>>;
  }
}

type Operation = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly [field: string]: unknown;
}

/**
 * Collects the routes that are added to `app` from now on. Returns what makes their OpenAPI 3.1 document: requests
 * are checked by JSON Schemas, and those of OpenAPI 3.1 are the same, so they are shown as they stand.
 */
export function documentRoutes(app: FastifyInstance, prefix: string): () => OpenApiDocument {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') routes.push(route);
  });
  return () => {
    const paths = new Map<string, Record<string, Operation>>();
    for (const route of routes) {
      const path = route.url.slice(prefix.length);
      const tag = path.split('/')[1] ?? '';
      const shown = route.url.replaceAll(/:([A-Za-z]+)/g, '{$1}');
      for (const method of [route.method].flat())
        paths.set(shown, {
          ...paths.get(shown),
          [method.toLowerCase()]: operation(route, method, path, tag),
        });
    }
    return document(Object.fromEntries(paths));
  };
}

const document = (paths: object): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Signal management API',
    version: '1',
    description:
      'Everything an operator sees and changes. Errors are `{error: {code, message, details?}}`, lists are `{data, next_cursor, has_more}`. Every answer carries `x-request-id`.',
    license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
  },
  // Where the document came from: the API knows no other address of its own.
  servers: [{ url: '/' }],
  paths,
  components: {
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'An API token, or the access token of a login',
      },
    },
    parameters: CHANGE_HEADERS,
    schemas: { Error: ERROR_SCHEMA },
    responses: errorResponses(),
  },
});

function operation(route: RouteOptions, method: string, path: string, tag: string): Operation {
  const { schema = {} } = route;
  const access = route.config?.permission;
  const answers = isSchema(schema.response) ? Object.entries(schema.response) : [];
  const listed = answers.some(([, answer]) => isSchema(answer) && 'next_cursor' in (answer.properties ?? {}));
  const id = schema.operationId ?? operationId(method, path, listed);
  const parameters = [
    ...parametersIn('path', schema.params),
    ...parametersIn('query', schema.querystring),
    ...(method === 'GET' || access === 'anyone' ? [] : changeHeaderRefs()),
  ];
  const usual = errorStatuses({
    needsToken: access !== 'anyone',
    hasPathParameters: path.includes(':'),
    hasBody: schema.body !== undefined,
    changes: method !== 'GET',
  });
  return {
    operationId: id,
    summary: schema.summary ?? summaryOf(id),
    description: [schema.description, accessNote(access)].filter((text) => text !== undefined).join('\n\n'),
    tags: [tag],
    'x-permission': access,
    security: access === 'anyone' ? [] : [{ token: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: plainSchema(schema.body) } },
          },
        }),
    responses: {
      ...Object.fromEntries([...usual, ...(schema.errors ?? [])].map((status) => [status, errorRef(status)])),
      ...Object.fromEntries(
        answers.map(([status, answer]) => [status, response(answer, schema.mediaTypes?.[Number(status)])]),
      ),
    },
  };
}

function response(schema: unknown, mediaTypes: string | readonly string[] = 'application/json'): object {
  const shown: JsonSchema = plainSchema(schema);
  const { description = 'As asked for' } = shown;
  if (shown.type === 'null') return { description };
  const content = [mediaTypes].flat().map((mediaType) => [mediaType, { schema: shown }]);
  return { description, content: Object.fromEntries(content) };
}

function accessNote(access: Access | undefined): string {
  switch (access) {
    case 'anyone':
      return 'Needs no token.';
    case 'logged-in':
      return 'Needs a live token, whatever it permits.';
    default:
      return `Needs the permission \`${access}\`.`;
  }
}
