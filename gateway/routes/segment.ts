import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../errors.ts';
import { replyRefusal } from '../reply.ts';
import type { SourceDirectory } from '../sources.ts';
import { endpoint } from './endpoint.ts';

/**
 * What Segment's browser SDK asks for beside sending events, so that it works with this host and a key alone:
 * `AnalyticsBrowser.load({ writeKey: '<pipeline key>', cdnURL: 'https://<this host>' })`.
 */
export function segmentRoutes(app: FastifyInstance, config: SourceDirectory): void {
  endpoint<{ Params: { writeKey: string } }>(app, {
    method: 'GET',
    url: '/v1/projects/:writeKey/settings',
    handler: async (request, reply) => {
      const { writeKey } = request.params;
      if (config.sourceByKey(writeKey) === undefined) {
        return replyRefusal(reply, refuse('INVALID_PIPELINE_KEY'));
      }
      const settings = sdkSettings(writeKey, request.host, isSecure(request) ? 'https' : 'http');
      return reply.header('cache-control', 'private, max-age=300').send(settings);
    },
  });
  // The SDK's measurements of itself. It would report a refusal in the page's console.
  endpoint(app, {
    method: 'POST',
    url: '/v1/m',
    handler: async (_request, reply) => reply.send({ success: true }),
  });
}

/** A page on HTTPS can only have asked by HTTPS, even where a proxy in front that is not trusted ended it. */
function isSecure({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || (headers.origin ?? headers.referer)?.startsWith('https://') === true;
}

/** Events go where the settings came from; the SDK loads nothing else and measures nothing. */
function sdkSettings(apiKey: string, host: string, protocol: 'https' | 'http') {
  return {
    integrations: { 'Segment.io': { apiKey, apiHost: `${host}/v1`, protocol } },
    plan: { track: {}, identify: {}, group: {} },
    metrics: { sampleRate: 0 },
    middlewareSettings: {},
    enabledMiddleware: {},
    remotePlugins: [],
    legacyVideoPluginsEnabled: false,
  };
}
