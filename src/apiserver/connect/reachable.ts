/** Which addresses the API server goes to for its clients: none that are its own host's or its link's (upstream: net.IP IsGlobalUnicast). */
import { BlockList, isIP } from 'node:net';

const refused = new BlockList();
refused.addAddress('0.0.0.0');
refused.addAddress('255.255.255.255');
refused.addSubnet('127.0.0.0', 8);
refused.addSubnet('169.254.0.0', 16);
refused.addSubnet('224.0.0.0', 4);
refused.addAddress('::', 'ipv6');
refused.addAddress('::1', 'ipv6');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addSubnet('ff00::', 8, 'ipv6');

/** Not unspecified, loopback, link-local, multicast or broadcast; what is no address is none of the good ones. */
export function isGlobalUnicast(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  return !refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
