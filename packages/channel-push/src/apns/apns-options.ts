import { readVendorOptions, type VendorOptions, vendorOptionsReader, type VendorSettings } from '@reachkit/driver-kit'
import { readCertificates } from '../options/certificates.js'
import { type PrivateKey, type ReadPrivateKey, readPrivateKey } from '../options/private-key.js'

export interface ApnsOptions extends Omit<VendorOptions, 'fetch'> {
  /** The id of the key: ten letters and digits. */
  readonly keyId: string
  /** The id of the developer team. */
  readonly teamId: string
  /** The text of the key file, `AuthKey_....p8`. */
  readonly privateKey: PrivateKey
  /** The bundle id of the app: `com.example.app`. */
  readonly topic: string
  /** Apps that were installed by Xcode: their tokens are of another server. */
  readonly sandbox?: boolean
  /** The certificates to trust in place of those of Node, PEM: for a proxy, or a stand-in. */
  readonly ca?: string
}

export interface ApnsSettings extends VendorSettings {
  readonly keyId: string
  readonly teamId: string
  readonly privateKey: ReadPrivateKey
  readonly topic: string
  readonly ca: string | undefined
}

const tenLetters = 'ten letters and digits'
const names = ['keyId', 'teamId', 'privateKey', 'topic', 'sandbox', 'ca']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveApnsOptions(given: ApnsOptions): ApnsSettings {
  const options = vendorOptionsReader('apns', given, names)
  if (options.has('fetch')) options.refuse('fetch', 'left out: APNs speaks HTTP/2 only')
  const host = options.flag('sandbox') === true ? 'api.sandbox.push.apple.com' : 'api.push.apple.com'
  return {
    ...readVendorOptions(options, { provider: 'apns', endpoint: `https://${host}`, concurrency: 500 }),
    keyId: options.required(options.read('keyId', isId, tenLetters), 'keyId'),
    teamId: options.required(options.read('teamId', isId, tenLetters), 'teamId'),
    privateKey: readPrivateKey(options, 'privateKey', 'ec'),
    topic: options.required(options.read('topic', isTopic, 'the bundle id of the app'), 'topic'),
    ca: readCertificates(options),
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z0-9]{10}$/.test(value)
}

function isTopic(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,255}$/.test(value)
}
