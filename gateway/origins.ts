import type { GatewaySource } from './sources.ts';

/** Whether a page of `origin` is one of `allowed`: `https://shop.example` exactly, or `https://*.shop.example` for any
 * subdomain of it. */
export function isOneOf(allowed: readonly string[], origin: string): boolean {
  return allowed.some((pattern) => {
    const star = pattern.indexOf('//*.');
    if (star === -1) return pattern === origin;
    const scheme = pattern.slice(0, star + 2);
    const suffix = pattern.slice(star + 3);
    return (
      origin.startsWith(scheme) && origin.endsWith(suffix) && origin.length > scheme.length + suffix.length
    );
  });
}

/** Which pages may send where. A source with a list takes no other page's events; one without leaves it to the
 * gateway's setting. */
export interface OriginRules {
  /** Of a preflight, which does not say for what source the request will be: whether any of them may get it. */
  mayAsk(origin: string): boolean;
  /** Of the request itself; `isSameOrigin`: the browser says that the page is the gateway's own, where the setting,
   * which is about others, does not hold. */
  maySend(origin: string, source: GatewaySource, isSameOrigin: boolean): boolean;
}

export function originRules(
  setting: '*' | readonly string[],
  config: { readonly allowedOrigins: readonly string[] },
): OriginRules {
  const isSet = (origin: string): boolean => setting === '*' || isOneOf(setting, origin);
  return {
    mayAsk: (origin) => isSet(origin) || isOneOf(config.allowedOrigins, origin),
    maySend: (origin, { allowedOrigins }, isSameOrigin) =>
      allowedOrigins.length === 0 ? isSameOrigin || isSet(origin) : isOneOf(allowedOrigins, origin),
  };
}
