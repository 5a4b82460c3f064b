import { type DeliveryOutcome, rejected, retry } from '@reachkit/core/spec'

/**
 * What an attempt at several devices ended in:
 * - sent, where one took it;
 * - else unknown, where one may have it;
 * - else retry, where one may take it later: none has it, so all may be tried again;
 * - else rejected; for the address where all are dead.
 *
 * So an attempt is made again only where no device is known to have the message, and nobody gets it twice because another
 * of the devices was away.
 */
export function mergeOutcomes(outcomes: readonly DeliveryOutcome[]): DeliveryOutcome {
  const [first] = outcomes
  if (outcomes.length === 1 && first !== undefined) return first
  const sent = outcomes.find(({ kind }) => kind === 'sent')
  if (sent !== undefined) return sent
  const lost = outcomes.find(({ kind }) => kind === 'unknown')
  if (lost !== undefined) return lost
  const later = outcomes.filter((outcome) => outcome.kind === 'retry')
  if (later.length > 0) return retry(soonest(later), later[0]?.reason)
  const refused = outcomes.filter((outcome) => outcome.kind === 'rejected')
  return refused.find(({ invalidAddress }) => !invalidAddress) ?? refused[0] ?? none
}

const none: DeliveryOutcome = rejected('no device')

/** When the first of them may be tried; undefined where one names no time. */
function soonest(later: readonly Extract<DeliveryOutcome, { kind: 'retry' }>[]): number | undefined {
  const times = later.map(({ afterMs }) => afterMs ?? 0)
  const first = Math.min(...times)
  return first > 0 ? first : undefined
}
