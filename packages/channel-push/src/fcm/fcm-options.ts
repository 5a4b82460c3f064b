import { readVendorOptions, type VendorOptions, vendorOptionsReader, type VendorSettings } from '@reachkit/driver-kit'
import { readCertificates } from '../options/certificates.js'
import { type PrivateKey, type ReadPrivateKey, readPrivateKey } from '../options/private-key.js'

/** The key file of a service account, as Google's console writes it: `JSON.parse(file)`. */
export interface ServiceAccount {
  readonly project_id: string
  readonly client_email: string
  /** PEM, or a function that is asked for it. */
  readonly private_key: PrivateKey
  readonly private_key_id?: string
  /** `https://oauth2.googleapis.com/token` unless told. */
  readonly token_uri?: string
}

export interface FcmOptions extends VendorOptions {
  /** May hold what else is in the key file. */
  readonly serviceAccount: ServiceAccount & Readonly<Record<string, unknown>>
  /** The certificates to trust in place of those of Node, PEM: for a proxy. */
  readonly ca?: string
}

export interface FcmSettings extends VendorSettings {
  readonly projectId: string
  readonly clientEmail: string
  readonly privateKey: ReadPrivateKey
  readonly keyId: string | undefined
  readonly tokenUri: string
}

/** What Google's console writes into a key file; we read five of them. */
const keyFileFields = [
  'type',
  'project_id',
  'private_key_id',
  'private_key',
  'client_email',
  'client_id',
  'auth_uri',
  'token_uri',
  'auth_provider_x509_cert_url',
  'client_x509_cert_url',
  'universe_domain',
]

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveFcmOptions(given: FcmOptions): FcmSettings {
  const options = vendorOptionsReader('fcm', given, ['serviceAccount', 'ca'])
  const account = options.inner('serviceAccount', keyFileFields)
  const ca = readCertificates(options)
  const settings = readVendorOptions(options, { provider: 'fcm', endpoint: 'https://fcm.googleapis.com' })
  return {
    ...settings,
    http: { ...settings.http, ...(ca !== undefined && { ca }) },
    projectId: account.required(account.read('project_id', isProjectId, 'letters, digits and hyphens'), 'project_id'),
    clientEmail: account.required(account.text('client_email'), 'client_email'),
    privateKey: readPrivateKey(account, 'private_key'),
    keyId: account.text('private_key_id'),
    tokenUri: account.webUrl('token_uri') ?? 'https://oauth2.googleapis.com/token',
  }
}

function isProjectId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value)
}
