import { errorName } from '../io/error-name.js'
import { ReachError, isReachError, shownName, type AudienceSource } from '../spec/index.js'
import { CheckedSource, failedAudience } from './checked-source.js'
import type { PlanContext } from './context.js'
import type { NamedPlan } from './plan.js'

/**
 * @throws ReachError `REACH_AUDIENCE_UNKNOWN` where this process has not registered it, `REACH_AUDIENCE_INVALID` where
 * the arguments do not fit, `REACH_AUDIENCE_FAILED` for what else its factory throws.
 */
export async function openNamed({ name, args }: NamedPlan, context: PlanContext): Promise<AudienceSource> {
  const factory = context.audiences.get(name)
  if (factory === undefined) {
    throw new ReachError('REACH_AUDIENCE_UNKNOWN', `No audience '${shownName(name)}' is registered in this process.`)
  }
  const { tenant, signal, now } = context
  try {
    return new CheckedSource(shownName(name), await factory.open(args, { tenant, signal, now }), signal)
  } catch (cause) {
    if (signal.aborted || isReachError(cause, 'REACH_AUDIENCE_INVALID')) throw cause
    throw failedAudience(shownName(name), `open() threw ${errorName(cause)}`, cause)
  }
}
