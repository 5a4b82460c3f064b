import type { ChannelDriver } from '../spec/index.js'
import { chargedCost, expectedCost } from './cost-of-attempt.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt } from './journey.js'

const above = 'it cost more than was expected: a budget may be exceeded by that'
const unusable = 'what it cost was told in another currency, or is no cost: what was expected counts'

/** Tells loudly of costs that no gate could hold back: in the log and to the app, of each driver and fault once. */
export function warnOfCosts(
  attempts: readonly Attempt[],
  { logger, report }: Pick<DispatchContext, 'logger' | 'report'>,
): void {
  let told: Map<ChannelDriver, Set<string>> | undefined
  for (const attempt of attempts) {
    const reason = faultOf(attempt)
    if (reason === undefined) continue
    const { driver } = attempt.provider
    const known = (told ??= new Map()).get(driver) ?? new Set()
    if (known.has(reason)) continue
    told.set(driver, known.add(reason))
    const { id, type } = attempt.journey.message
    const { channel, provider } = driver
    logger.warn({ message: id, type, channel, provider }, reason)
    report({ kind: 'warning', messageId: id, reason }, driver)
  }
}

function faultOf(attempt: Attempt): string | undefined {
  const { outcome } = attempt
  if (outcome?.kind !== 'sent' || outcome.cost === undefined) return undefined
  const charged = chargedCost(attempt)
  if (charged === undefined) return unusable
  return charged.micros > (expectedCost(attempt)?.micros ?? 0) ? above : undefined
}
