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
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
/** The last four carry an IPv4 address inside (mapped, translated, 6to4, Teredo), which could be a private one in disguise. */
const V6 = [
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['100::', 64],
  ['2001:db8::', 32],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
] as const;

// One list each: a common one would take every IPv4 address for its mapped IPv6 form, which is blocked as a whole.
const blockedV4 = new BlockList();
const blockedV6 = new BlockList();
for (const [net, bits] of V4) blockedV4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of V6) blockedV6.addSubnet(net, bits, 'ipv6');

/** Whether an IP address is not on the public internet: loopback, private, link-local, multicast, reserved. Text that is no address counts as such. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return true;
  return version === 4 ? blockedV4.check(address, 'ipv4') : blockedV6.check(address, 'ipv6');
}
