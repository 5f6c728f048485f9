import { BlockList, isIP } from 'node:net';

const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
/**
 * Only 2000::/3 is given out for the public internet. Inside of it: what carries an IPv4 address, which could be a private one in disguise
 * (6to4, Teredo within 2001::/23), and documentation. Mapped, translated and all other disguises lie outside.
 */
const V6 = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

// One list each: a common one would take every IPv4 address for its mapped IPv6 form, which is blocked as a whole.
const blockedV4 = new BlockList();
const blockedV6 = new BlockList();
for (const [net, bits] of V4) blockedV4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of V6) blockedV6.addSubnet(net, bits, 'ipv6');

/** Whether an IP address is not on the public internet: loopback, private, link-local, multicast, reserved. Text that is no address counts as such. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  // An address with a zone is good on one link only.
  if (version === 0 || address.includes('%')) return true;
  return version === 4 ? blockedV4.check(address, 'ipv4') : blockedV6.check(address, 'ipv6');
}
