import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from './normalise/context.ts';
import { LIMITS } from './normalise/fields.ts';

const IPV4_MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** The visitor as the request shows it. `request.ip` already follows `X-Forwarded-For` as far as the trusted proxies
 * reach; what the last of them passed on need not be an address, so the peer's stands in for anything else. */
export function requestContext(request: FastifyRequest): RequestContext {
  const ip = plainAddress(request.ip) ?? plainAddress(request.socket.remoteAddress);
  const userAgent = request.headers['user-agent'];
  return {
    ip,
    userAgent: userAgent === undefined || userAgent === '' ? null : userAgent.slice(0, LIMITS.text),
  };
}

function plainAddress(address: string | undefined): string | null {
  const plain = address?.replace(IPV4_MAPPED, '');
  return plain !== undefined && isIP(plain) !== 0 ? plain : null;
}
