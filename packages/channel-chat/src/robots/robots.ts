import type { Secret } from '@reachkit/driver-kit'
import type { RobotName } from './robot-name.js'

/** A webhook of one group. */
export interface Robot {
  /** The url of the webhook. Whoever has it can write to the group, so it is treated as a secret. */
  readonly url: Secret
  /** The secret that requests are signed with, where the robot asks for that. */
  readonly secret?: Secret
}

/**
 * The robots by their names; or a function that finds one when a message is sent, such as in a table of the app where
 * customers have put their own. Undefined: there is none of that name.
 */
export type Robots<R = Robot> =
  | Readonly<Record<RobotName, R>>
  | ((name: RobotName) => R | undefined | Promise<R | undefined>)
