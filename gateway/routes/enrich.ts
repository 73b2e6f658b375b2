import type { FastifyInstance } from 'fastify';
import { isRefusal, refuse } from '../errors.ts';
import type { Intake } from '../intake.ts';
import { idsOfBrowser } from '../known-ids.ts';
import { isObject } from '../normalise/fields.ts';
import { replyRefusal } from '../reply.ts';
import { endpoint } from './endpoint.ts';

/**
 * `POST /v1/enrich`: what the gateway knows of this browser, which the page itself cannot see where cookies are
 * HttpOnly. `{"context": {"page": {"url"}}}` may say where it landed. The ids are those of the cookies that came along
 * and of that address; of a call that no browser made, nobody's.
 */
export function enrichRoute(app: FastifyInstance, intake: Intake): void {
  endpoint(app, {
    method: 'POST',
    url: '/v1/enrich',
    handler: async (request, reply) => {
      const recognised = intake.recognise(request, reply);
      if (isRefusal(recognised)) return replyRefusal(reply, recognised);
      const { anonymousId, json } = recognised;
      if (!isObject(json)) return replyRefusal(reply, refuse('INVALID_BODY', 'it must be an object'));
      const { vendorIds, clickIds } = idsOfBrowser(request.cookies, json);
      return reply
        .header('cache-control', 'no-store')
        .send({ success: true, anonymousId, vendor_ids: vendorIds, click_ids: clickIds });
    },
  });
}
