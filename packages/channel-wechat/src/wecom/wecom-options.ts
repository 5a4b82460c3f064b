import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

/** An app of the company's own. */
export interface WecomOptions extends VendorOptions {
  /** The company's id: `ww...` */
  readonly corpId: string
  /** The app's id: a number. */
  readonly agentId: number
  /** The app's Secret. */
  readonly secret: Secret
  /** Messages cannot be forwarded, and carry a watermark. */
  readonly confidential?: boolean
}

export interface WecomSettings extends VendorSettings {
  readonly corpId: string
  readonly agentId: number
  readonly secret: ReadSecret
  readonly confidential: boolean
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWecomOptions(given: WecomOptions): WecomSettings {
  const options = vendorOptionsReader('wecom', given, ['corpId', 'agentId', 'secret', 'confidential'])
  return {
    ...readVendorOptions(options, { provider: 'wecom', endpoint: 'https://qyapi.weixin.qq.com' }),
    corpId: options.required(options.read('corpId', isCorpId, 'letters, digits, - and _'), 'corpId'),
    agentId: options.required(options.count('agentId'), 'agentId'),
    secret: readSecret(options, 'secret'),
    confidential: options.flag('confidential') ?? false,
  }
}

function isCorpId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
}
