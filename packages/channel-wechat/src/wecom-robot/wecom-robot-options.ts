import {
  isFields,
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface WecomRobotOptions extends VendorOptions {
  /** The key of each group's robot (what follows `key=` in its webhook), by the name that addresses give the group. */
  readonly robots: Readonly<Record<string, Secret>>
}

export interface WecomRobotSettings extends VendorSettings {
  readonly robots: ReadonlyMap<string, ReadSecret>
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWecomRobotOptions(given: WecomRobotOptions): WecomRobotSettings {
  const options = vendorOptionsReader('wecomRobot', given, ['robots'])
  const names = Object.keys(options.required(options.read('robots', isRobots, allowed), 'robots'))
  const keys = options.inner('robots', names)
  const settings = readVendorOptions(options, { provider: 'wecomRobot', endpoint: 'https://qyapi.weixin.qq.com' })
  return {
    ...settings,
    // Each robot may say 20 things a minute.
    capabilities: { rate: { count: 20 * names.length, perMs: 60_000 }, ...settings.capabilities },
    robots: new Map(names.map((name) => [name, readSecret(keys, name)])),
  }
}

const allowed = 'an object of keys by the names of groups: letters, digits, - and _, at most 64'

function isGroups(value: unknown): value is WecomRobotOptions['robots'] {
  if (!isFields(value)) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => /^[A-Za-z0-9][\w-]{0,63}$/.test(name))
}
