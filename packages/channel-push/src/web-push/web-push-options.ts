import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { readCertificates } from '../options/certificates.js'

export interface WebPushOptions extends Omit<VendorOptions, 'endpoint'> {
  /** Whom push services may write to: `mailto:ops@example.com`, or an https page. Apple refuses those it cannot reach. */
  readonly subject: string
  /** The VAPID keys, as `npx web-push generate-vapid-keys` prints them. Subscriptions are bound to them for life. */
  readonly publicKey: string
  readonly privateKey: Secret
  /**
   * Also sends to addresses of this machine and of private networks, and without TLS. The endpoint of a subscription is
   * whatever a browser told: with this, a stranger can have your servers call others behind your firewall.
   */
  readonly allowPrivate?: boolean
  /** The certificates to trust in place of those of Node, PEM: for a push service of your own. */
  readonly ca?: string
}

export interface WebPushSettings extends VendorSettings {
  readonly subject: string
  readonly publicKey: string
  readonly privateKey: ReadSecret
  readonly allowPrivate: boolean
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWebPushOptions(given: WebPushOptions): WebPushSettings {
  const options = vendorOptionsReader('webPush', given, ['subject', 'publicKey', 'privateKey', 'allowPrivate', 'ca'])
  if (options.has('endpoint')) options.refuse('endpoint', 'left out: a subscription has its own')
  const subject = options.read('subject', isSubject, 'mailto: and an address, or an https address')
  const publicKey = options.read('publicKey', isPublicKey, 'a public key of P-256 in base64url')
  options.read('privateKey', isPrivateKey, 'a private key of P-256 in base64url, or a function that answers it')
  const allowPrivate = options.flag('allowPrivate') ?? false
  const ca = readCertificates(options)
  const settings = readVendorOptions(options, { provider: 'webpush', endpoint: '' })
  return {
    ...settings,
    http: { ...settings.http, refusePrivate: !allowPrivate, ...(ca !== undefined && { ca }) },
    subject: options.required(subject, 'subject'),
    publicKey: options.required(publicKey, 'publicKey'),
    privateKey: readSecret(options, 'privateKey'),
    allowPrivate,
  }
}

function isSubject(value: unknown): value is string {
  return typeof value === 'string' && /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(value)
}

function isPublicKey(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === 65
}

function isPrivateKey(value: unknown): value is Secret {
  if (typeof value !== 'string') return typeof value === 'function'
  return /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === 32
}
