import { shownBy } from '../digest/shown-by.js'
import { endHeld } from '../gates/end-held.js'
import { parseData } from '../intake/parse-data.js'
import { parseDue } from '../intake/parse-notify-options.js'
import { toJson } from '../json/index.js'
import { OptionReader } from '../options/index.js'
import { noProgress, parseProgress } from '../route/progress.js'
import { ReachError } from '../spec/index.js'
import type { Change, MessageRecord } from '../spec/index.js'
import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'

/** Gives a message that waits new data, a new time, or both. */
export async function changeMessage(
  id: string,
  wanted: unknown,
  engine: OpenEngine,
  options: EngineOptions,
): Promise<void> {
  const reader = new OptionReader('REACH_OPTION_INVALID', 'change()', wanted, ['data', 'at', 'after'])
  const record = await recordOf(id, engine)
  const now = engine.storeClock.now()
  const timed = reader.raw('at') !== undefined || reader.raw('after') !== undefined
  const due = timed ? Math.max(parseDue(reader, now), now) : record.due
  const data = reader.raw('data') === undefined ? {} : { data: await checkedData(record, reader.raw('data'), options) }
  const expires = timed ? movedExpiry(record, due, options) : record.expires
  if (expires !== undefined && expires <= due) {
    throw new ReachError('REACH_TTL_PAST', `'${record.type}': the message is expired by the time it would be due`)
  }
  const progress = record.progress === undefined ? {} : { progress: record.progress }
  const to = {
    state: 'waiting',
    due,
    reason: { code: timed ? 'rescheduled' : (record.reason?.code ?? 'scheduled') },
    ...progress,
  } as const
  await apply(
    { ...changeOf(record, engine), from: ['waiting'], to, ...data, ...(expires !== undefined && { expires }) },
    engine,
  )
}

/**
 * A ttl counts from when the message is due. What has not travelled yet keeps the one that it was accepted with; of what
 * has, `due` is that of its next attempt, so the ttl of its type counts.
 */
function movedExpiry(
  { expires, due: before, progress, type, acceptedAt }: MessageRecord,
  due: number,
  { definitions }: EngineOptions,
): number | undefined {
  if (expires === undefined) return undefined
  if (progress === undefined) return due + expires - before
  return due + Math.min(definitions.get(type)?.ttlMs ?? Infinity, expires - acceptedAt)
}

/**
 * Sends a message once more that is done or held, from the start of its route. The step that this begins makes its
 * idempotency keys others than before: a provider that drops copies would drop this one too.
 */
export async function resendMessage(id: string, engine: OpenEngine): Promise<void> {
  const record = await recordOf(id, engine)
  const digest = await shownBy(record, engine)
  const progress = JSON.stringify({ ...noProgress, resend: record.step + 1, ...(digest && { digest }) })
  const to = { state: 'waiting', due: engine.storeClock.now(), reason: { code: 'resent' }, progress } as const
  await apply({ ...changeOf(record, engine), from: ['done', 'held'], to }, engine)
  // What was held may have gone out, and nobody will ask of it any more: it counts.
  await endHeld(id, parseProgress(record.progress), 'confirm', engine.context.gates)
}

/** @throws ReachError `REACH_MESSAGE_NOT_FOUND` */
async function recordOf(id: string, engine: OpenEngine): Promise<MessageRecord> {
  const [record] = await engine.ledger.get([id])
  if (record !== undefined) return record
  throw new ReachError('REACH_MESSAGE_NOT_FOUND', 'the store has no message of this id, or its retention has passed')
}

function changeOf(
  { id, step, lane }: MessageRecord,
  engine: OpenEngine,
): Pick<Change, 'id' | 'step' | 'entry' | 'events'> {
  return { id, step, entry: { id: engine.context.nextId(), lane, weight: 1 }, events: [{ step, kind: 'changed' }] }
}

async function apply(change: Change, engine: OpenEngine): Promise<void> {
  const [answer] = await engine.ledger.change([change])
  if (answer?.status === 'changed') return engine.push(answer.envelopes)
  throw new ReachError('REACH_MESSAGE_CONFLICT', `the message is not ${change.from.join(' or ')} any more`)
}

async function checkedData({ type }: MessageRecord, data: unknown, { definitions }: EngineOptions): Promise<string> {
  const definition = definitions.get(type)
  if (definition === undefined) throw new ReachError('REACH_MESSAGE_UNKNOWN', `this process does not know '${type}'`)
  return toJson(await parseData(definition, data), 'data')
}
