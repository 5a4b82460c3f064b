import type { HealthSettings } from './health-options.js'

/** What is left of a provider's weight, step by step. On the last one it has none, and is probed. */
export const steps: readonly number[] = [1, 0.5, 0.25, 0.1, 0]
const lastStep = steps.length - 1
/** With fewer attempts than it takes to be judged, a provider comes back after so many windows without a failure. */
const patience = 3

/** The attempts of one provider in the window, or since its last move where that is sooner. */
export interface Tally {
  readonly attempts: number
  readonly errors: number
  readonly slow: number
}

/** Where a provider stands: an index of `steps`, and when it came there, by the store's clock. */
export interface Standing {
  readonly step: number
  readonly movedAt: number
}

/** A provider before the judge. */
export interface Case {
  readonly provider: string
  readonly standing: Standing
  readonly tally: Tally
}

export type MoveReason = 'errors' | 'slow' | 'well' | 'probe-failed'

export interface Move {
  readonly provider: string
  readonly from: number
  readonly to: number
  readonly reason: MoveReason
  readonly tally: Tally
}

/**
 * Who moves now. A provider that is ill goes down a step, as long as another one is not: where all are bad, nothing moves
 * down. One that is well goes up a step. Nobody moves twice within a window, and between the two rates nobody moves at
 * all, so that nothing flaps. Pure.
 */
export function judge(cases: readonly Case[], now: number, settings: HealthSettings): readonly Move[] {
  return cases.flatMap((each) => {
    const { provider, standing, tally } = each
    if (standing.movedAt > 0 && now - standing.movedAt < settings.windowMs) return []
    const move = standing.step === lastStep ? probed(each) : weighed(each, cases, now, settings)
    return move === undefined ? [] : [{ provider, from: standing.step, tally, ...move }]
  })
}

type Where = Pick<Move, 'to' | 'reason'>

function weighed(each: Case, cases: readonly Case[], now: number, settings: HealthSettings): Where | undefined {
  const { standing, tally } = each
  const illness = illnessOf(tally, settings)
  if (illness !== undefined) {
    const stands = cases.some((other) => other !== each && isFit(other, settings))
    return stands ? { to: standing.step + 1, reason: illness } : undefined
  }
  if (standing.step === 0) return undefined
  const isJudged = tally.attempts >= settings.attempts
  const back = isJudged ? isWell(tally, settings) : waited(standing, now, settings) && tally.errors + tally.slow === 0
  return back ? { to: standing.step - 1, reason: 'well' } : undefined
}

/** A provider without weight has its probes alone: one that fails keeps it there for another window. */
function probed({ tally }: Case): Where | undefined {
  if (tally.errors + tally.slow > 0) return { to: lastStep, reason: 'probe-failed' }
  return tally.attempts > 0 ? { to: lastStep - 1, reason: 'well' } : undefined
}

function illnessOf({ attempts, errors, slow }: Tally, settings: HealthSettings): 'errors' | 'slow' | undefined {
  if (attempts < settings.attempts) return undefined
  if (errors > attempts * settings.errorRate) return 'errors'
  return slow > attempts * settings.slowRate ? 'slow' : undefined
}

function isWell({ attempts, errors, slow }: Tally, { errorRate, slowRate }: HealthSettings): boolean {
  return errors <= (attempts * errorRate) / 2 && slow <= (attempts * slowRate) / 2
}

/** Can take over what another one loses: it has weight of its own, and is not known to be ill. */
function isFit({ standing, tally }: Case, settings: HealthSettings): boolean {
  return standing.step < lastStep && illnessOf(tally, settings) === undefined
}

function waited({ movedAt }: Standing, now: number, { windowMs }: HealthSettings): boolean {
  return now - movedAt >= patience * windowMs
}
