import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from './normalise/context.ts';
import { LIMITS } from './normalise/fields.ts';

const IPV4_MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** Mail services load the images of mails themselves, so the address is the service's. Apple's does not say. */
const MAIL_PROXY = /GoogleImageProxy|YahooMailProxy/;

/** The visitor as the request shows it. `request.ip` already follows `X-Forwarded-For` as far as the trusted proxies
 * reach; what the last of them passed on need not be an address, so the peer's stands in for anything else. */
export function requestContext(request: FastifyRequest): RequestContext {
  const userAgent = request.headers['user-agent'];
  const isProxy = userAgent !== undefined && MAIL_PROXY.test(userAgent);
  return {
    ip: isProxy ? null : (plainAddress(request.ip) ?? plainAddress(request.socket.remoteAddress)),
    userAgent: userAgent === undefined || userAgent === '' ? null : userAgent.slice(0, LIMITS.text),
  };
}

function plainAddress(address: string | undefined): string | null {
  const plain = address?.replace(IPV4_MAPPED, '');
  return plain !== undefined && isIP(plain) !== 0 ? plain : null;
}
