import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Public by their number, and of the cloud that a machine stands in: Azure's WireServer, which hands out its secrets. */
const clouds = new BlockList()
clouds.addAddress('168.63.129.16')

/**
 * All of IPv6 that is handed out to anybody (IANA, "IPv6 Global Unicast Address Assignments"). ipaddr.js calls the rest
 * public too, where no registry speaks of it.
 */
const handedOut = new BlockList()
handedOut.addSubnet('2000::', 3, 'ipv6')

/**
 * True for an address that is not of the public internet, and for what is no address. What is special is told by ipaddr.js,
 * which follows the "IPv4 Special-Purpose Address Registry" and the "IPv6 Special-Purpose Address Registry" of IANA. Every
 * form of IPv4 within IPv6 is refused. The clouds' other addresses for metadata are link-local, unique local, or of 100.64.0.0/10.
 */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  // One with a zone (`fe80::1%eth0`) is of one link.
  if (family === 0 || !ipaddr.isValid(address) || address.includes('%')) return true
  if (ipaddr.parse(address).range() !== 'unicast') return true
  return family === 4 ? clouds.check(address) : !handedOut.check(address, 'ipv6')
}

/** True where the host of a url is itself such an address. False for a name, which is checked when it is resolved. */
export function isPrivateHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && isPrivateAddress(host)
}
