import { addressSchemaOf } from '../shared/address-schema.js'

/** The name of a robot (of a webhook) that the app has set up: `ops`. Its url is a secret and never an address. */
export type RobotName = string

export const robotNameSchema: ReturnType<typeof addressSchemaOf<RobotName>> = addressSchemaOf(
  (value) => (isRobotName(value) ? value : undefined),
  'must be the name of a robot, 1 to 64 letters, digits, dots, - or _; a url is a secret, and belongs into the options',
)

export function isRobotName(value: unknown): value is RobotName {
  return typeof value === 'string' && /^[\p{L}\p{N}._-]{1,64}$/u.test(value)
}
