import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ChannelDriver } from '../spec/index.js'
import { defaultCapabilities, type DriverOptions } from './driver-options.js'

export interface DriverIdentity<Name extends string, Address, Content> {
  readonly channel: Name
  readonly provider: string
  readonly address: StandardSchemaV1<unknown, Address>
  readonly content: StandardSchemaV1<unknown, Content>
}

/** Fills the defaults of options that are checked, and freezes the result. */
export function buildDriver<Name extends string, Address, Content>(
  identity: DriverIdentity<Name, Address, Content>,
  options: DriverOptions<Address, Content>,
): ChannelDriver<Address, Content> & { readonly channel: Name } {
  return Object.freeze({
    specVersion: 1,
    ...identity,
    capabilities: Object.freeze({ ...defaultCapabilities, ...options.capabilities }),
    addressing: options.addressing ?? 'address',
    html: Object.freeze([...(options.html ?? [])]),
    ...(options.estimate && { estimate: options.estimate.bind(options) }),
    deliver: options.deliver.bind(options),
    ...(options.deliverBatch && { deliverBatch: options.deliverBatch.bind(options) }),
    ...(options.receipts && { receipts: options.receipts }),
    ...(options.close && { close: options.close.bind(options) }),
  })
}
