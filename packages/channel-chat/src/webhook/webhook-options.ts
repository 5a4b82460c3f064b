import {
  optionalSecret,
  OptionReader,
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionNames,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { type FindRobot, readRobots } from '../robots/open-robot.js'
import type { Robots } from '../robots/robots.js'
import { webhookKey } from './webhook-signature.js'

export interface WebhookOptions extends Omit<VendorOptions, 'endpoint'> {
  /** What calls are signed with: `whsec_` and 24 to 64 random bytes in base64. */
  readonly secret: Secret
  /** The secret before, while receivers change to the new one: calls carry a signature by each. */
  readonly previousSecret?: Secret
  /** Endpoints with a name, or a function that finds one when a message is sent; each may have a secret of its own. */
  readonly endpoints?: Robots
  /** Calls urls of this machine and of private networks as well; false unless told. */
  readonly allowPrivate?: boolean
  /** Every receiver drops a second call with the same `webhook-id`, so that one that may have gone out is made again. */
  readonly deduplicates?: boolean
}

export interface WebhookSettings extends VendorSettings {
  readonly secret: ReadSecret
  readonly previousSecret: ReadSecret | undefined
  readonly find: FindRobot
}

const names = ['secret', 'previousSecret', 'endpoints', 'allowPrivate', 'deduplicates']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWebhookOptions(given: WebhookOptions): WebhookSettings {
  const known = [...names, ...vendorOptionNames.filter((name) => name !== 'endpoint')]
  const options = new OptionReader('webhook', given, known)
  const settings = readVendorOptions(options, {
    provider: 'webhook',
    endpoint: '',
    deduplicates: options.flag('deduplicates') ?? false,
  })
  for (const field of ['secret', 'previousSecret']) assertKey(options, field)
  return {
    ...settings,
    http: { ...settings.http, refusePrivate: options.flag('allowPrivate') !== true },
    secret: readSecret(options, 'secret'),
    previousSecret: optionalSecret(options, 'previousSecret'),
    find: readRobots(options, 'endpoints', 'webhook', ['url', 'secret'])?.find ?? (async () => undefined),
  }
}

function assertKey(options: OptionReader, field: string): void {
  options.read(field, isKey, 'whsec_ and 24 to 64 bytes in base64, or a function that answers it')
}

function isKey(value: unknown): value is unknown {
  return typeof value === 'function' || (typeof value === 'string' && webhookKey(value) !== undefined)
}
