import type { AnyChannel, State } from '@reachkit/core/spec'
import type { DriverSubject } from '../conformance/index.js'
import { type HttpVendor, type HttpVendorOptions, startHttpVendor } from './http-vendor.js'

export interface VendorSubjectOptions extends HttpVendorOptions {
  /** The channel as the driver package's factory makes it, with its endpoint at the vendor. */
  readonly channel: (vendor: HttpVendor) => Pick<AnyChannel, 'drivers'>
  /** An address and a content as the driver's schemas take them. */
  readonly to: unknown
  readonly content: unknown
  /** An address that the vendor's answers always refuse, for the order of a batch. */
  readonly refusedTo?: unknown
  /** Texts that may stand in no reason, error or log line: the address, the body, the credentials. */
  readonly secrets: readonly string[]
  readonly state?: State
  readonly webhook?: DriverSubject['webhook']
}

/**
 * What `runCase` opens for each case of `driverCases`: a vendor that does as it is told, and a new driver in front of it.
 */
export function vendorSubject(options: VendorSubjectOptions): () => Promise<DriverSubject> {
  const { channel, to, content, refusedTo, secrets, state, webhook } = options
  return async () => {
    const vendor = await startHttpVendor(options)
    const [provider] = channel(vendor).drivers
    if (provider === undefined) throw new Error('the channel has no provider')
    const { driver } = provider
    return {
      driver,
      counterpart: vendor.counterpart,
      to,
      content,
      secrets,
      ...(refusedTo !== undefined && { refusedTo }),
      ...(state !== undefined && { state }),
      ...(webhook !== undefined && { webhook }),
      async close() {
        await vendor.close()
        await driver.close?.()
      },
    }
  }
}
