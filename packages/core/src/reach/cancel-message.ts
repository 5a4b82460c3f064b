import { endOfLeader } from '../digest/index.js'
import { routeOf } from '../dispatch/journey.js'
import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'
import { advance } from '../route/advance.js'
import { isUnknown, parseProgress, withLeg } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import { channelsIn } from '../route/typed-route.js'
import type { CancelAnswer, Change, MessageRecord, Settled } from '../spec/index.js'

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
    const { state, outcome, progress } = record
    if (state === 'done') return outcome === 'cancelled' ? 'cancelled' : 'done'
    const { legs: all, digest } = parseProgress(progress)
    if (digest?.ends !== undefined) return digest.ends.outcome === 'cancelled' ? 'cancelled' : 'done'
    const legs = Object.values(all)
    if (state !== 'waiting' || legs.some(isUnknown)) return 'too-late'
    const to = legs.some(isSent) ? endOf(record, options) : cancelled
    const change = changeOf(record, to, engine)
    const [answer] = await engine.ledger.change([change])
    if (answer?.status === 'conflict') continue
    if (answer?.status !== 'changed') return 'absent'
    engine.push(answer.envelopes)
    if (change.to.state === 'done') engine.waits.ended(id, to)
    return 'cancelled'
  }
  return 'too-late'
}

/** What others were merged into ends once they are on their own again. */
function changeOf(record: MessageRecord, ended: Ended, { storeClock, nextId }: OpenEngine): Change {
  const { id, step, lane } = record
  const to = endOfLeader(record, ended, storeClock.now())
  if (to.state === 'done') {
    const events = [{ step, kind: 'done', outcome: ended.outcome, reason: reason.code }] as const
    return { id, step, from: ['waiting'], to, events }
  }
  const events = [{ step, kind: 'changed', reason: reason.code }] as const
  return { id, step, from: ['waiting'], to, events, entry: { id: nextId(), lane, weight: 1 } }
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
