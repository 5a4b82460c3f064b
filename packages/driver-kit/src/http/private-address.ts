import { BlockList, isIP } from 'node:net'

/** What is not of the public internet (IANA, "IPv4 Special-Purpose Address Registry"). */
const blocked4 = listOf('ipv4', [
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
  ['224.0.0.0', 3],
])

/** All that is handed out as global unicast (IANA, "IPv6 Global Unicast Address Assignments") ... */
const global6 = listOf('ipv6', [['2000::', 3]])

/** ... but for what tunnels to IPv4 (Teredo, 6to4), and for what is kept for protocols and for documents. */
const blocked6 = listOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])

/** True for an address that is not of the public internet, and for what is no address. IPv4 inside IPv6 is refused. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return blocked4.check(address, 'ipv4')
  if (family === 6) return !global6.check(address, 'ipv6') || blocked6.check(address, 'ipv6')
  return true
}

/** True where the host of a url is itself such an address. False for a name, which is checked when it is resolved. */
export function isPrivateHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && isPrivateAddress(host)
}

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, family)
  return list
}
