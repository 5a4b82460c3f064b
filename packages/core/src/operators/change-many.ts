import type { OpenEngine } from '../engine/engine.js'
import { ReachError } from '../spec/index.js'
import type { Change, HistoryFilter, MessageRecord } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Which } from './parse.js'
import type { OperatorResult } from './types.js'

const pageSize = 250

/** What is to become of one message, and what follows once it has. */
export interface Wanted {
  readonly change: Change
  readonly changed: () => Promise<void> | void
}

/** Undefined for a message that is not in a state that allows it; an error says why, where one message was asked for. */
export type Plan = (record: MessageRecord) => Wanted | ReachError | Promise<Wanted | ReachError>

/**
 * Changes messages page by page, each compare-and-set on its step: one that moves on meanwhile is passed over. Of one
 * message, named by its id, an error tells why it was not changed.
 */
export async function changeMany(which: Which, limit: number, plan: Plan, engine: OpenEngine): Promise<OperatorResult> {
  if ('filter' in which) return changeByFilter(which.filter, limit, plan, engine)
  const [record] = await engine.ledger.get([which.id])
  if (record === undefined) {
    throw new ReachError('REACH_MESSAGE_NOT_FOUND', 'the store has no message of this id, or its retention has passed')
  }
  const wanted = await plan(record)
  if (wanted instanceof ReachError) throw wanted
  if ((await apply([wanted], engine)) === 1) return { changed: 1, skipped: 0, more: false }
  throw new ReachError('REACH_MESSAGE_CONFLICT', 'the message has moved on meanwhile')
}

async function changeByFilter(
  filter: HistoryFilter,
  limit: number,
  plan: Plan,
  engine: OpenEngine,
): Promise<OperatorResult> {
  let changed = 0
  let seen = 0
  let after: string | undefined
  do {
    const page = { limit: Math.min(pageSize, limit - changed), ...(after !== undefined && { after }) }
    const { rows, next } = await engine.history.list(filter, page)
    changed += await changePage(
      rows.map(({ id }) => id),
      plan,
      engine,
    )
    seen += rows.length
    after = next
  } while (after !== undefined && changed < limit)
  return { changed, skipped: seen - changed, more: after !== undefined }
}

/** History may be a second old: what counts is what the ledger says. */
async function changePage(ids: readonly string[], plan: Plan, engine: OpenEngine): Promise<number> {
  if (ids.length === 0) return 0
  const yielder = createYielder(engine.context.clock)
  const wanted: Wanted[] = []
  for (const record of await engine.ledger.get(ids)) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    const planned = record === undefined ? undefined : await plan(record)
    if (planned !== undefined && !(planned instanceof ReachError)) wanted.push(planned)
  }
  await yielder.handOver()
  return wanted.length === 0 ? 0 : apply(wanted, engine)
}

/** Answers how many were changed. */
async function apply(wanted: readonly Wanted[], engine: OpenEngine): Promise<number> {
  const answers = await engine.ledger.change(wanted.map(({ change }) => change))
  let count = 0
  for (const [index, { changed }] of wanted.entries()) {
    const answer = answers[index]
    if (answer?.status !== 'changed') continue
    count += 1
    engine.push(answer.envelopes)
    await changed()
  }
  return count
}
