import {
  type Credentials,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { readCertificates } from '../options/certificates.js'
import { type ApnsKey, isAppleId, type ReadApnsKey, readApnsKey } from './apns-key.js'

export interface ApnsOptions extends Omit<VendorOptions, 'fetch'> {
  /** The key and its id, or a function that is asked for both when a token is signed, so that they can be rotated. */
  readonly key: Credentials<ApnsKey>
  /** The id of the developer team. */
  readonly teamId: string
  /** The bundle id of the app: `com.example.app`. */
  readonly topic: string
  /** Apps that were installed by Xcode: their tokens are of another server. */
  readonly sandbox?: boolean
  /** The certificates to trust in place of those of Node, PEM: for a proxy, or a stand-in. */
  readonly ca?: string
}

export interface ApnsSettings extends VendorSettings {
  readonly key: ReadApnsKey
  readonly teamId: string
  readonly topic: string
  readonly ca: string | undefined
}

const names = ['key', 'teamId', 'topic', 'sandbox', 'ca']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveApnsOptions(given: ApnsOptions): ApnsSettings {
  const options = vendorOptionsReader('apns', given, names)
  if (options.has('fetch')) options.refuse('fetch', 'left out: APNs speaks HTTP/2 only')
  const host = options.flag('sandbox') === true ? 'api.sandbox.push.apple.com' : 'api.push.apple.com'
  return {
    ...readVendorOptions(options, { provider: 'apns', endpoint: `https://${host}`, concurrency: 500 }),
    key: readApnsKey(options),
    teamId: options.required(options.read('teamId', isAppleId, 'ten letters and digits'), 'teamId'),
    topic: options.required(options.read('topic', isTopic, 'the bundle id of the app'), 'topic'),
    ca: readCertificates(options),
  }
}

function isTopic(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,255}$/.test(value)
}
