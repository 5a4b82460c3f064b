import { routeOf } from '../dispatch/journey.js'
import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/open-engine.js'
import { advance } from '../route/advance.js'
import { parseProgress, withLeg } from '../route/progress.js'
import type { LegProgress, Progress } from '../route/progress.js'
import { channelsIn } from '../route/typed-route.js'
import type { CancelAnswer, MessageRecord, Settled } from '../spec/index.js'

const reason = { code: 'cancelled' } as const
const cancelled: Settled = { state: 'done', outcome: 'cancelled', reason }

/** Stops what was not sent yet of a message. What went out on one channel stays sent. */
export async function cancelMessage(id: string, engine: OpenEngine, options: EngineOptions): Promise<CancelAnswer> {
  for (;;) {
    const [record] = await engine.ledger.get([id])
    const { legs } = parseProgress(record?.state === 'waiting' ? record.progress : undefined)
    if (Object.values(legs).some(mayHaveGoneOut)) return 'too-late'
    if (record === undefined || !Object.values(legs).some(isSent)) return cancelUnsent(id, engine)
    const to = endOf(record, options)
    const { step } = record
    const events = [{ step, kind: 'done', outcome: to.outcome, reason: reason.code }] as const
    const [answer] = await engine.ledger.change([{ id, step, from: ['waiting'], to, events }])
    if (answer?.status === 'conflict') continue
    if (answer?.status !== 'changed') return 'absent'
    engine.waits.ended(id, to)
    return 'cancelled'
  }
}

async function cancelUnsent(id: string, { ledger, waits }: OpenEngine): Promise<CancelAnswer> {
  const [answer = 'absent'] = await ledger.cancel([id])
  if (answer === 'cancelled') waits.ended(id, cancelled)
  return answer
}

function mayHaveGoneOut({ state, pinned }: LegProgress): boolean {
  return state === 'unknown' || pinned === true
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
