import { shownBy } from '../digest/shown-by.js'
import type { OpenEngine } from '../engine/engine.js'
import { noProgress } from '../route/progress.js'
import { ReachError } from '../spec/index.js'
import type { HistoryFilter, MessageOutcome, MessageRecord } from '../spec/index.js'
import { changeMany } from './change-many.js'
import type { Wanted } from './change-many.js'
import { parseChangeOptions, parseWhich } from './parse.js'
import type { ChangePlan, Which } from './parse.js'
import type { OperatorResult } from './types.js'

/** Nothing of these has gone out. */
const redriven: ReadonlySet<MessageOutcome | undefined> = new Set(['parked', 'rejected', 'expired'] as const)

/**
 * Sends messages from the start of their route that were parked, rejected or have expired: what kept them from it was
 * put right. What has gone out, or may have, is left alone: that is what `resend` is for.
 */
export async function redrive(
  which: unknown,
  options: unknown,
  open: () => Promise<OpenEngine>,
): Promise<OperatorResult> {
  const wanted = withOutcome(parseWhich('redrive()', which))
  const plan = parseChangeOptions('redrive()', options, ['ttl'])
  const engine = await open()
  return changeMany(wanted, plan.limit, (record) => planOf(record, plan, engine), engine)
}

function withOutcome(which: Which): Which {
  if (!('filter' in which)) return which
  const { outcome = 'parked', ...filter } = which.filter
  if (redriven.has(outcome)) return { filter: { ...filter, outcome, state: 'done' } satisfies HistoryFilter }
  throw new ReachError('REACH_OPTION_INVALID', `redrive(): outcome must be one of ${[...redriven].join(', ')}.`)
}

async function planOf(
  record: MessageRecord,
  { ttlMs, detail }: ChangePlan,
  engine: OpenEngine,
): Promise<Wanted | ReachError> {
  const { id, step, lane, state, outcome, expires } = record
  if (state !== 'done' || !redriven.has(outcome))
    return new ReachError('REACH_MESSAGE_CONFLICT', 'the message is neither parked nor rejected nor expired')
  const { context } = engine
  const now = context.storeNow()
  if (ttlMs === undefined && expires !== undefined && expires <= now)
    return new ReachError('REACH_TTL_PAST', 'the time to live of the message is over: give redrive() another ttl')
  // A provider may answer a key that it refused as it did then; what was parked was refused by nobody.
  const anew = outcome === 'rejected' ? { ...noProgress, resend: step + 1 } : noProgress
  const digest = await shownBy(record, engine)
  const progress = digest === undefined ? anew : { ...anew, digest }
  const reason = { code: 'resent' }
  const event = { step, kind: 'changed', at: now, reason: 'resent', ...(detail !== undefined && { detail }) } as const
  return {
    change: {
      id,
      step,
      from: ['done'],
      to: { state: 'waiting', due: now, reason, progress: JSON.stringify(progress) },
      events: [event],
      entry: { id: context.nextId(), lane, weight: 1 },
      ...(ttlMs !== undefined && { expires: now + ttlMs }),
    },
    changed() {},
  }
}
