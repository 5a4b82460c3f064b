import type { DriverFields } from '@reachkit/driver-kit'
import { contentSchema } from './content/content-schema.js'
import type { PushContent } from './content/push-content.js'
import { addressSchemaOf } from './device/address-schema.js'
import type { DeviceKind, PushAddress } from './device/push-device.js'

/** What a driver of the push channel says of itself: content is the same whoever sends. */
export function driverFieldsOf(kind: DeviceKind): DriverFields<'push', PushAddress, PushContent> {
  return {
    specVersion: 1,
    channel: 'push',
    addressing: 'address',
    address: addressSchemaOf(kind),
    content: contentSchema,
    html: [],
  }
}
