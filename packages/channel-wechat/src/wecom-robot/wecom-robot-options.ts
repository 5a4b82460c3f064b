import { readVendorOptions, type VendorOptions, vendorOptionsReader, type VendorSettings } from '@reachkit/driver-kit'
import { type FindKey, readRobotKeys, type RobotKeys } from './robot-keys.js'

export interface WecomRobotOptions extends VendorOptions {
  /** The key of each robot (what follows `key=` in its webhook) by the name that is the address of its group. */
  readonly robots: RobotKeys
}

export interface WecomRobotSettings extends VendorSettings {
  readonly find: FindKey
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWecomRobotOptions(given: WecomRobotOptions): WecomRobotSettings {
  const options = vendorOptionsReader('wecomRobot', given, ['robots'])
  return {
    ...readVendorOptions(options, { provider: 'wecomRobot', endpoint: 'https://qyapi.weixin.qq.com' }),
    find: readRobotKeys(options),
  }
}
