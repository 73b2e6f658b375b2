import type { FastifyRequest } from 'fastify';
import { plainAddress } from './addresses.ts';
import type { RequestContext } from './normalise/context.ts';
import { LIMITS } from './normalise/fields.ts';
import type { GatewaySource } from './sources.ts';
import type { VendorCookies } from './vendor-cookies.ts';

/** Mail services load the images of mails themselves, so the address is the service's. Apple's does not say. */
const MAIL_PROXY = /GoogleImageProxy|YahooMailProxy/;

/** The visitor as the request shows it. `request.ip` already follows `X-Forwarded-For` as far as the trusted proxies
 * reach; what the last of them passed on need not be an address, so the peer's stands in for anything else. */
export function requestContext(
  request: FastifyRequest,
  { truncateIp }: Pick<GatewaySource, 'truncateIp'>,
  vendorCookies: VendorCookies | null,
): RequestContext {
  const userAgent = request.headers['user-agent'];
  const isProxy = userAgent !== undefined && MAIL_PROXY.test(userAgent);
  return {
    ip: isProxy ? null : (plainAddress(request.ip) ?? plainAddress(request.socket.remoteAddress)),
    truncateIp,
    vendorCookies,
    userAgent: userAgent === undefined || userAgent === '' ? null : userAgent.slice(0, LIMITS.text),
  };
}
