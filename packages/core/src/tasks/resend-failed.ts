import { ReachError, messageId } from '../spec/index.js'
import type { Change, MessageOutcome, MessageRecord } from '../spec/index.js'
import { noProgress } from '../route/progress.js'
import { mostRuns } from './run-views.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'

const failing: ReadonlySet<MessageOutcome> = new Set(['rejected', 'expired', 'parked', 'unresolved'])
const defaults: readonly MessageOutcome[] = ['rejected', 'expired', 'parked']
const pageSize = 20
/** Of a type that this process does not know. */
const dayMs = 86_400_000

/** @throws ReachError `REACH_OPTION_INVALID` for an outcome of what has gone out. */
export function readOutcomes(value: unknown): ReadonlySet<MessageOutcome> {
  if (value === undefined) return new Set(defaults)
  const fits = Array.isArray(value) && value.length > 0 && value.every((one) => failing.has(one as MessageOutcome))
  if (fits) return new Set(value as readonly MessageOutcome[])
  const text = `resend(): outcomes must be an array of some of ${[...failing].join(', ')}`
  throw new ReachError('REACH_OPTION_INVALID', text)
}

/** Sends messages of a task once more that ended like this, from the start of their route; answers how many. */
export async function resendFailed(
  { number, ttlMs }: Pick<Task, 'number' | 'ttlMs'>,
  outcomes: ReadonlySet<MessageOutcome>,
  context: TaskContext,
): Promise<number> {
  let resent = 0
  for (const run of await context.ledger.runs(number, { limit: mostRuns })) {
    let after: string | undefined
    do {
      const parcels = await context.ledger.parcels(run.id, { limit: pageSize, ...(after !== undefined && { after }) })
      for (const { id, statuses } of parcels) {
        const ids = statuses.flatMap((status, position) =>
          status !== undefined && outcomes.has(status as MessageOutcome) ? [messageId(id, position)] : [],
        )
        resent += await resendAll(ids, outcomes, ttlMs, context)
      }
      after = parcels.at(-1)?.id
    } while (after !== undefined)
  }
  return resent
}

async function resendAll(
  ids: readonly string[],
  outcomes: ReadonlySet<MessageOutcome>,
  ttlMs: number | undefined,
  context: TaskContext,
): Promise<number> {
  if (ids.length === 0) return 0
  const now = context.storeNow()
  const changes = (await context.ledger.get(ids)).flatMap((record) =>
    record?.outcome === undefined || !outcomes.has(record.outcome) ? [] : changeOf(record, now, ttlMs, context),
  )
  const answers = await context.ledger.change(changes)
  for (const { envelopes } of answers) context.push(envelopes)
  return answers.filter(({ status }) => status === 'changed').length
}

function changeOf(
  record: MessageRecord,
  now: number,
  ttlMs: number | undefined,
  { nextId, options }: TaskContext,
): Change {
  const { id, step, lane, type, expires } = record
  const progress = JSON.stringify({ ...noProgress, resend: step + 1 })
  const ownMs = ttlMs ?? options.definitions.get(type)?.ttlMs ?? dayMs
  return {
    id,
    step,
    from: ['done'],
    to: { state: 'waiting', due: now, reason: { code: 'resent' }, progress },
    entry: { id: nextId(), lane, weight: 1 },
    events: [{ step, kind: 'changed', at: now, reason: 'resent' }],
    ...(expires !== undefined && { expires: now + ownMs }),
  }
}
