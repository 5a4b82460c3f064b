import { errorName } from '../io/error-name.js'
import type { WiredProvider } from '../channel/wired-channel.js'
import type { Cost, DeliveryOutcome, Logger } from '../spec/index.js'
import { sandboxed } from './sandboxed.js'

/** What a cost hangs on: an attempt. */
interface Priced {
  readonly provider: WiredProvider
  readonly address: unknown
  readonly content: unknown
  readonly cost: Cost | undefined
  readonly outcome: DeliveryOutcome | undefined
}

/** What the driver says that the rendered message costs at most. One that throws, or answers what is no cost, says nothing. */
export function estimateCost({ provider: { driver }, address: to, content }: Priced, logger: Logger): Cost | undefined {
  const { channel, provider } = driver
  try {
    const cost: unknown = driver.estimate?.({ to, content })
    if (cost === undefined || isCost(cost)) return cost
    logger.error({ channel, provider }, 'a driver estimated a cost that is none')
  } catch (error) {
    logger.error({ channel, provider, error: errorName(error) }, 'a driver failed to estimate a cost')
  }
  return undefined
}

/** What gates take for it: the estimate, where there is one; else the price of one message. */
export function expectedCost({ cost, provider }: Priced): Cost | undefined {
  return cost ?? provider.driver.capabilities.cost
}

/** What gates are told that it was charged; undefined where what they took counts. The sandbox charges nothing. */
export function chargedCost(attempt: Priced): Cost | undefined {
  const { outcome } = attempt
  if (outcome?.kind !== 'sent') return undefined
  const expected = expectedCost(attempt)
  if (outcome === sandboxed) return expected && { ...expected, micros: 0 }
  const told = isCost(outcome.cost) ? outcome.cost : undefined
  return expected === undefined || expected.currency === told?.currency ? told : undefined
}

/** What history keeps: what gates count. */
export function recordedCost(attempt: Priced): Cost | undefined {
  if (attempt.outcome === sandboxed) return undefined
  const cost = chargedCost(attempt) ?? expectedCost(attempt)
  return cost && { currency: cost.currency, micros: cost.micros }
}

function isCost(value: unknown): value is Cost {
  if (typeof value !== 'object' || value === null || !('currency' in value) || !('micros' in value)) return false
  const { currency, micros } = value
  return typeof currency === 'string' && currency !== '' && Number.isSafeInteger(micros) && Number(micros) >= 0
}
