import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Parses ranges like `10.0.0.0/8` or `fd00::/8`, or a single address. Throws an error that names the wrong one. */
export const parseRanges = (ranges: readonly string[]): Range[] =>
  ranges.map((range) => {
    try {
      if (range.includes('/')) return ipaddr.parseCIDR(range);
      const address = ipaddr.parse(range);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    } catch {
      throw new Error(`"${range}" must be an address or a range like 10.0.0.0/8`);
    }
  });

/** Whether an address is in one of the ranges. An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) counts as IPv4. */
export const isWithin = (address: string, ranges: readonly Range[]): boolean => {
  const parsed = ipaddr.process(address);
  return ranges.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits));
};

/**
 * Whether an address belongs to the public internet: no loopback, private, link-local (where clouds serve credentials),
 * carrier-grade, multicast or reserved range, and none of the transition ranges that wrap another address.
 */
export const isPublic = (address: string): boolean => ipaddr.process(address).range() === 'unicast';
