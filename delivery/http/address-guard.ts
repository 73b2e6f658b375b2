import { BlockList, isIP } from 'node:net';

/**
 * Which addresses an outbound request may reach. Without this a webhook's URL could make Signal talk to its own
 * network: the cloud's metadata service, a database, the management API.
 */
export interface AddressGuard {
  allows(address: string): boolean;
}

/** Everything that is not the public internet (IANA special-purpose address registries). */
const REFUSED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

const REFUSED_IPV6 = [
  '::/96', // unspecified, loopback, IPv4-compatible
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23', // Teredo, ORCHID
  '2001:db8::/32',
  '2002::/16', // 6to4
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** IPv6 prefixes that carry an IPv4 address in their last 32 bits: what holds for that one holds for them. */
const EMBEDDING_PREFIXES = ['::ffff:', '64:ff9b::'];

/**
 * @param allowedCidrs ranges to allow although they are private, e.g. `127.0.0.0/8` or `10.1.2.3`
 * @throws if one of them is not an address or a range
 */
export function addressGuard(allowedCidrs: readonly string[] = []): AddressGuard {
  const refused = blockList([...REFUSED_IPV4, ...REFUSED_IPV6]);
  const allowed = blockList(allowedCidrs);
  return {
    allows(address) {
      const family = isIP(address);
      if (family === 0) return false;
      const type = family === 4 ? 'ipv4' : 'ipv6';
      return allowed.check(address, type) || !refused.check(address, type);
    },
  };
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix, ...rest] = cidr.trim().split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    const valid =
      family !== 0 && rest.length === 0 && /^\d+$/.test(prefix ?? '0') && bits <= (family === 4 ? 32 : 128);
    if (!valid) throw new Error(`${JSON.stringify(cidr)} is not an address range; write e.g. 10.0.0.0/8`);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
    if (family !== 4) continue;
    for (const embedding of EMBEDDING_PREFIXES) list.addSubnet(`${embedding}${address}`, 96 + bits, 'ipv6');
  }
  return list;
}
