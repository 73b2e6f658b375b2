import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
} from 'fastify';
import { refuse } from '../errors.ts';
import { replyRefusal } from '../reply.ts';

export interface Endpoint<Route extends RouteGenericInterface = RouteGenericInterface> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly handler: RouteHandlerMethod<
    RawServerDefault,
    RawRequestDefaultExpression,
    RawReplyDefaultExpression,
    Route
  >;
}

/** A route that knows its method: any other is answered 405 with `Allow`, which Fastify would answer 404. OPTIONS is
 * left to CORS. */
export function endpoint<Route extends RouteGenericInterface = RouteGenericInterface>(
  app: FastifyInstance,
  { method, url, handler }: Endpoint<Route>,
): void {
  const allowed = method === 'GET' ? ['GET', 'HEAD'] : [method];
  app.route<Route>({ method, url, handler });
  app.route({
    method: app.supportedMethods.filter((other) => other !== 'OPTIONS' && !allowed.includes(other)),
    url,
    onRequest: async (_request, reply) =>
      replyRefusal(reply.header('allow', [...allowed, 'OPTIONS'].join(', ')), refuse('METHOD_NOT_ALLOWED')),
    handler: () => undefined,
  });
}
