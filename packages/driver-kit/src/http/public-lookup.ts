import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address.js'

/** The code of the error by which a connection to a private address is not made. */
export const privateAddressCode = 'REACH_PRIVATE_ADDRESS'

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A lookup for sockets that hands out an address only where every address of the name is public. The socket connects to
 * the address that was checked: there is no second look-up that could answer another.
 */
export function createPublicLookup(resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) return callback(error ?? notFound(), '')
      if (addresses.some(({ address }) => isPrivateAddress(address))) return callback(refused(), '')
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
}

function refused(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name leads to a private address'), { code: privateAddressCode })
}

function notFound(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
}
