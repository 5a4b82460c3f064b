import { describeKind } from '../options/index.js'
import { ReachError } from '../spec/index.js'

/** The error for one field of an audience: names it, what is allowed and the kind that was given, never a value. */
export function invalidAudience(where: string, allowed: string, given: unknown): ReachError {
  return new ReachError('REACH_AUDIENCE_INVALID', `${where} must be ${allowed}, and was ${describeKind(given)}.`)
}
