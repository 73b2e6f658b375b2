import { BlockList, isIP } from 'node:net';

const IPV4_MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** `203.0.113.7:5678`, `[2001:db8::1]:443`: some proxies forward the client's port too. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

/** An address alone: without port, brackets or zone, and IPv4 as such. `null` for what is none. */
export function plainAddress(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, v6, v4] = WITH_PORT.exec(text) ?? [];
  const address = (v6 ?? v4 ?? text).replace(IPV4_MAPPED, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}

/** The address without its last part: IPv4 /24, IPv6 /48. That is a network's, or a site's, no longer a person's. */
export function truncatedAddress(text: string): string | null {
  const address = plainAddress(text);
  if (address === null) return null;
  return isIP(address) === 4 ? address.replace(/\d+$/, '0') : firstGroups(address, 3);
}

/** What one customer of a network provider has: an IPv4 address, or an IPv6 /64 full of them. */
export function networkOf(text: string): string {
  const address = plainAddress(text) ?? text;
  return isIP(address) === 6 ? firstGroups(address, 4) : address;
}

function firstGroups(address: string, count: number): string {
  const [before = '', after] = address.split('::');
  const groups = groupsOf(before);
  if (after !== undefined) {
    const tail = groupsOf(after);
    const written = groups.length + tail.length + (address.includes('.') ? 1 : 0);
    for (let missing = 8 - written; missing > 0; missing--) groups.push('0');
    groups.push(...tail);
  }
  const first = groups.slice(0, count).map((group) => Number.parseInt(group, 16).toString(16));
  // `::` stands for one run of zeros, so a zero before it would be written twice.
  while (first.at(-1) === '0') first.pop();
  return `${first.join(':')}::`;
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** Whether an address is one of `ranges`: addresses or CIDR ranges. Throws at what is neither. */
export function trustOf(ranges: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const range of ranges) {
    const [, text, bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const address = plainAddress(text);
    const family = address !== null && isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (address === null || Number(bits ?? 0) > (family === 'ipv4' ? 32 : 128)) {
      throw new Error(`"${range}" is no address and no CIDR range`);
    }
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (text) => {
    const address = plainAddress(text);
    return address !== null && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  };
}
