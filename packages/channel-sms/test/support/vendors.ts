import type { ChannelDriver } from '@reachkit/core/spec'
import { type HttpVendor, startHttpVendor, type VendorAnswer, type VendorRequest } from '@reachkit/testing'
import { afterEveryTest } from '../../../../test/support/every-test.js'

const opened: (() => Promise<void>)[] = []
afterEveryTest(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

/** A vendor that answers as told, and ends with the test. */
export async function vendorThat(
  accept: VendorAnswer | ((request: VendorRequest) => VendorAnswer),
): Promise<HttpVendor> {
  const vendor = await startHttpVendor({ answers: { accept } })
  opened.push(async () => vendor.close())
  return vendor
}

/** Closes the driver with the test. */
export function closing(driver: ChannelDriver): ChannelDriver {
  opened.push(async () => driver.close?.())
  return driver
}
