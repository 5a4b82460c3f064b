import {
  OptionReader,
  readVendorOptions,
  type VendorOptions,
  vendorOptionNames,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { type FindRobot, readRobots } from './open-robot.js'
import type { Robot, Robots } from './robots.js'

/** Options of a channel that writes to webhooks of groups: each robot has a url of its own. */
export interface RobotOptions<R = Robot> extends Omit<VendorOptions, 'endpoint'> {
  readonly robots: Robots<R>
  /**
   * Calls urls of this machine and of private networks as well. True for robots of the options unless told; false for
   * those that a function finds, which strangers may have given.
   */
  readonly allowPrivate?: boolean
}

export interface RobotSettings extends VendorSettings {
  readonly find: FindRobot
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveRobotOptions(vendor: string, given: unknown, robotFields: readonly string[]): RobotSettings {
  const known = ['robots', 'allowPrivate', ...vendorOptionNames.filter((name) => name !== 'endpoint')]
  const options = new OptionReader(vendor, given, known)
  const settings = readVendorOptions(options, { provider: vendor, endpoint: '' })
  const { find, byFunction } = options.required(readRobots(options, 'robots', vendor, robotFields), 'robots')
  const allowPrivate = options.flag('allowPrivate') ?? !byFunction
  return { ...settings, find, http: { ...settings.http, refusePrivate: !allowPrivate } }
}
