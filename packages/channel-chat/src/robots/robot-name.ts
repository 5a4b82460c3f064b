import { addressSchemaOf, isRobotName } from '@reachkit/driver-kit'

/** The name of a robot (of a webhook) that the app has set up: `ops`. Its url is a secret and never an address. */
export type RobotName = string

export const robotNameSchema: ReturnType<typeof addressSchemaOf<RobotName>> = addressSchemaOf(
  (value) => (isRobotName(value) ? value : undefined),
  'must be the name of a robot, 1 to 64 letters, digits, dots, - or _; a url is a secret, and belongs into the options',
)
