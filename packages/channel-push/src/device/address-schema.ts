import type { ChannelDriver } from '@reachkit/core/spec'
import { checkFields, type Fault, type FieldCheck, isFields, must } from '@reachkit/driver-kit'
import type { DeviceKind, PushAddress } from './push-device.js'

/** More devices than anybody has: whoever has more does not delete dead ones. */
const mostDevices = 500

const text = must((value) => typeof value === 'string' && value !== '', 'must be text that is not empty')
const token = must((value) => typeof value === 'string' && /^[\x21-\x7e]{1,4096}$/.test(value), 'must be a token')
const key = (bytes: (count: number) => boolean, message: string): FieldCheck =>
  must((value) => typeof value === 'string' && bytes(Buffer.from(value, 'base64url').length), message)

const subscription = checkFields(
  {
    endpoint: must(
      (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value),
      'must be a url',
    ),
    keys: checkFields(
      {
        p256dh: key((count) => count === 65, 'must be a public key of P-256'),
        auth: key((count) => count >= 16, 'must be a secret of 16 bytes'),
      },
      ['p256dh', 'auth'],
    ),
    expirationTime: must((value) => value === null || typeof value === 'number', 'must be a number or null'),
  },
  ['endpoint', 'keys'],
)

const addresses: Readonly<Record<DeviceKind, FieldCheck>> = {
  web: subscription,
  fcm: token,
  // Apple: "Device tokens are of variable length. Don't hard-code their size."
  apns: must((value) => typeof value === 'string' && /^[0-9a-fA-F]{2,200}$/.test(value), 'must be hexadecimal'),
  jpush: must((value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value), 'must be a registration id'),
}
const fields = checkFields({ platform: text, appVersion: text, ...addresses }, [])

type AddressSchema = ChannelDriver<PushAddress, never>['address']

/** Addresses of the push channel, of whatever kind. */
export const anyAddressSchema: AddressSchema = schemaOf(() => true, 'has no device')

/** Addresses of the push channel, for a driver of one kind of device: at least one must be of that kind. */
export function addressSchemaOf(kind: DeviceKind): AddressSchema {
  const isOfKind = (device: unknown): boolean => isFields(device) && device[kind] !== undefined
  return schemaOf(isOfKind, `has no device with an address of '${kind}'`)
}

function schemaOf(isWanted: (device: unknown) => boolean, none: string): AddressSchema {
  return {
    '~standard': {
      version: 1,
      vendor: 'reachkit',
      validate(value) {
        const faults: Fault[] = []
        const devices: readonly unknown[] = Array.isArray(value) ? value : [value]
        for (const [index, each] of devices.entries()) checkDevice(each, Array.isArray(value) ? [index] : [], faults)
        if (devices.length > mostDevices) faults.push({ path: [], message: `has more than ${mostDevices} devices` })
        if (!devices.some(isWanted)) faults.push({ path: [], message: none })
        return faults.length === 0 ? { value: value as PushAddress } : { issues: faults }
      },
    },
  }
}

function checkDevice(value: unknown, path: readonly PropertyKey[], faults: Fault[]): void {
  fields(value, path, faults)
  if (!isFields(value)) return
  const kinds = Object.keys(addresses).filter((kind) => value[kind] !== undefined)
  if (kinds.length !== 1) faults.push({ path, message: 'must have one address: web, fcm, apns or jpush' })
}
