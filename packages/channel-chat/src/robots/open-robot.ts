import { isReachError, NotSentError } from '@reachkit/core/spec'
import {
  isFields,
  isRobotName,
  isWebUrl,
  optionalSecret,
  OptionReader,
  readSecret,
  type ReadSecret,
} from '@reachkit/driver-kit'
import type { RobotName } from './robot-name.js'

/** A robot as it is called now. */
export interface OpenRobot {
  readonly url: string
  readonly secret: string | undefined
}

/** Answers the robot of a name, undefined where there is none. Throws NotSentError where the app cannot tell. */
export type FindRobot = (name: RobotName) => Promise<OpenRobot | undefined>

interface ReadRobot {
  readonly url: ReadSecret
  readonly secret: ReadSecret | undefined
}

export interface ReadRobots {
  readonly find: FindRobot
  /** True where a function finds them: urls that strangers may have given. */
  readonly byFunction: boolean
}

/**
 * Takes robots out of an option. `fields` are those that a robot of this vendor has. Throws REACH_OPTION_INVALID.
 */
export function readRobots(
  options: OptionReader,
  option: string,
  vendor: string,
  fields: readonly string[],
): ReadRobots | undefined {
  const given = options.read(option, isRobots, 'an object of { url } by names, or a function that answers one')
  if (given === undefined) return undefined
  if (typeof given === 'function')
    return { byFunction: true, find: async (name) => opened(await asked(given, vendor, name, fields), vendor) }
  const robots = new Map<string, ReadRobot>()
  for (const [name, robot] of Object.entries(given)) {
    if (!isRobotName(name)) options.refuse(option, 'keyed by names of 1 to 64 letters, digits, dots, - or _')
    robots.set(name, readRobot(robot, vendor, fields))
  }
  return { byFunction: false, find: async (name) => opened(robots.get(name), vendor) }
}

function readRobot(given: unknown, vendor: string, fields: readonly string[]): ReadRobot {
  const options = new OptionReader(`${vendor} robot`, given, fields)
  const url = options.read('url', isUrlSecret, 'an http or https address, or a function that answers it')
  options.required(url, 'url')
  return { url: readSecret(options, 'url'), secret: optionalSecret(options, 'secret') }
}

async function opened(robot: ReadRobot | undefined, vendor: string): Promise<OpenRobot | undefined> {
  if (robot === undefined) return undefined
  const url = await robot.url()
  if (!isWebUrl(url)) throw new NotSentError(`${vendor} the url of a robot is none`)
  return { url, secret: await robot.secret?.() }
}

async function asked(
  find: (name: RobotName) => unknown,
  vendor: string,
  name: RobotName,
  fields: readonly string[],
): Promise<ReadRobot | undefined> {
  try {
    const robot = await find(name)
    return robot === undefined || robot === null ? undefined : readRobot(robot, vendor, fields)
  } catch (error) {
    // Without the cause: what the app's own table says may hold the url.
    const what = isReachError(error) ? 'answered no robot' : 'failed'
    throw new NotSentError(`${vendor} the function for robots ${what}`)
  }
}

function isRobots(value: unknown): value is Readonly<Record<string, unknown>> | ((name: RobotName) => unknown) {
  return typeof value === 'function' || isFields(value)
}

function isUrlSecret(value: unknown): value is string | (() => string) {
  return typeof value === 'function' || isWebUrl(value)
}
