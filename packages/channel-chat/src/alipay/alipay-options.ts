import type { KeyObject } from 'node:crypto'
import { NotSentError } from '@reachkit/core/spec'
import {
  isFields,
  optionalSecret,
  type OptionReader,
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { oneLine, privateKeyOf, publicKeyOf } from './alipay-keys.js'

export interface AlipayOptions extends VendorOptions {
  /** The id of the mini-program. */
  readonly appId: string
  /** The app's private key: PEM, or base64 as Alipay's tool writes it. */
  readonly privateKey: Secret
  /** Alipay's public key (not the app's own): PEM or base64. Answers are checked by it. */
  readonly alipayPublicKey: string
  /** Where a service provider acts for a merchant. */
  readonly appAuthToken?: Secret
}

export interface AlipaySettings extends VendorSettings {
  readonly appId: string
  /** Throws NotSentError where there is none. */
  readonly privateKey: () => Promise<KeyObject>
  readonly alipayPublicKey: KeyObject
  readonly appAuthToken: ReadSecret | undefined
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveAlipayOptions(given: AlipayOptions): AlipaySettings {
  const own = ['appId', 'privateKey', 'alipayPublicKey', 'appAuthToken']
  const options = vendorOptionsReader('alipay', inOneLine(given), own)
  const publicKey = publicKeyOf(options.required(options.text('alipayPublicKey'), 'alipayPublicKey'))
  return {
    ...readVendorOptions(options, { provider: 'alipay', endpoint: 'https://openapi.alipay.com/gateway.do' }),
    appId: options.required(options.text('appId'), 'appId'),
    privateKey: readPrivateKey(options),
    alipayPublicKey: publicKey ?? options.refuse('alipayPublicKey', 'an RSA public key, PEM or base64'),
    appAuthToken: optionalSecret(options, 'appAuthToken'),
  }
}

/** Keys in PEM have several lines, which no other secret may have. */
function inOneLine(given: unknown): unknown {
  if (!isFields(given)) return given
  const { privateKey, alipayPublicKey } = given
  return { ...given, privateKey: lineOf(privateKey), alipayPublicKey: lineOf(alipayPublicKey) }
}

function lineOf(given: unknown): unknown {
  if (typeof given === 'string') return oneLine(given)
  if (typeof given !== 'function') return given
  return async () => lineOf(await (given as () => unknown)())
}

function readPrivateKey(options: OptionReader): AlipaySettings['privateKey'] {
  options.read('privateKey', isKey, 'an RSA private key, PEM or base64, or a function that answers one')
  const read = readSecret(options, 'privateKey')
  let known: { readonly text: string; readonly key: KeyObject } | undefined
  return async () => {
    const text = await read()
    if (known?.text !== text) {
      const key = privateKeyOf(text)
      if (key === undefined) throw new NotSentError('alipay the function for privateKey answered no RSA key')
      known = { text, key }
    }
    return known.key
  }
}

function isKey(value: unknown): value is unknown {
  return typeof value === 'function' || (typeof value === 'string' && privateKeyOf(value) !== undefined)
}
