import { routeOf } from '../dispatch/journey.js'
import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'
import { advance } from '../route/advance.js'
import { isUnknown, parseProgress, withLeg } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import { channelsIn } from '../route/typed-route.js'
import type { CancelAnswer, MessageRecord, Settled } from '../spec/index.js'

const reason = { code: 'cancelled' } as const
const cancelled: Ended = { state: 'done', outcome: 'cancelled', reason }
/** A message that moves on this often while it is looked at is being sent for all that anybody can tell. */
const mostTries = 20

/**
 * Stops what was not sent yet of a message. What went out on one channel stays sent. What is answered was decided by the
 * same step that was looked at: a message that moved on in between is looked at anew.
 */
export async function cancelMessage(id: string, engine: OpenEngine, options: EngineOptions): Promise<CancelAnswer> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const [record] = await engine.ledger.get([id])
    if (record === undefined) return 'absent'
    const { state, outcome, step, progress } = record
    if (state === 'done') return outcome === 'cancelled' ? 'cancelled' : 'done'
    const legs = Object.values(parseProgress(progress).legs)
    if (state !== 'waiting' || legs.some(isUnknown)) return 'too-late'
    const to = legs.some(isSent) ? endOf(record, options) : cancelled
    const events = [{ step, kind: 'done', outcome: to.outcome, reason: reason.code }] as const
    const [answer] = await engine.ledger.change([{ id, step, from: ['waiting'], to, events }])
    if (answer?.status === 'conflict') continue
    if (answer?.status !== 'changed') return 'absent'
    engine.waits.ended(id, to)
    return 'cancelled'
  }
  return 'too-late'
}

function isSent({ state }: LegProgress): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read'
}

/** How a message ends of which some was sent. Where this process does not know its route, nobody can say that it was all. */
function endOf({ type, progress: text }: MessageRecord, { definitions }: EngineOptions): Ended {
  const definition = definitions.get(type)
  const progress = parseProgress(text)
  if (definition === undefined) return { state: 'done', outcome: 'partly-sent', reason }
  const route = routeOf({ definition, progress })
  const stopped = channelsIn(route).reduce(stopLeg, progress)
  const { kind } = advance(route, stopped, { now: Infinity, pick: () => undefined })
  return { state: 'done', outcome: kind === 'sent' ? 'sent' : 'partly-sent', reason }
}

type Ended = Extract<Settled, { readonly state: 'done' }>

function stopLeg(progress: Progress, channel: string): Progress {
  const leg = progress.legs[channel]
  if (leg !== undefined && leg.state !== 'retry') return progress
  return withLeg(progress, channel, { ...leg, state: 'failed', attempts: leg?.attempts ?? 0, reason })
}
