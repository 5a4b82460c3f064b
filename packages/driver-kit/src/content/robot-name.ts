/** True for the name that an app gave to a robot, a webhook or an endpoint: an address that is no secret. */
export function isRobotName(value: unknown): value is string {
  return typeof value === 'string' && /^[\p{L}\p{N}._-]{1,64}$/u.test(value)
}
