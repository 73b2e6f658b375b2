import { Type } from '@sinclair/typebox';
import type { Api } from '../http/type-provider.ts';
import type { OpenApiDocument } from '../openapi/document.ts';

/** The document of all routes. It says nothing that the program does not, so everyone may read it. */
export function openApiRoutes(api: Api, document: () => OpenApiDocument): void {
  let made: OpenApiDocument | undefined;
  api.get(
    '/openapi.json',
    {
      config: { permission: 'anyone' },
      schema: {
        operationId: 'getOpenApi',
        summary: 'This document',
        response: { 200: Type.Object({ openapi: Type.String() }, { additionalProperties: true }) },
      },
    },
    async () => {
      // By the first request all routes are there, and none can be added any more.
      made ??= document();
      return made;
    },
  );
}
