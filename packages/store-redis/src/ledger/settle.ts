import type {
  BeginAnswer,
  BeginRequest,
  Envelope,
  NewEntry,
  SettleAnswer,
  SettleResult,
  Settlement,
} from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, text } from '../client/replies.js'
import type { Reply } from '../client/redis-client.js'
import { encodeAttempting } from '../parcel/attempts.js'
import { encodeEvents } from '../parcel/events.js'
import { outcomeLetter } from '../parcel/marks.js'
import { encodeNote } from '../parcel/notes.js'
import { decodePositions, decodeRuns, encodeRuns } from '../parcel/runs.js'
import { beginScript, settleScript } from '../scripts/work.js'
import { batches, grouped } from './batches.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'
import { readToken, uniqueName } from './token.js'

export async function settle(
  context: LedgerContext,
  settlements: readonly Settlement[],
): Promise<readonly SettleAnswer[]> {
  const answers = new Map<number, SettleAnswer>()
  const calls = byShard(context, settlements, ({ results }) => results.length).map(async ([shard, batch]) => {
    const call = settleCall(context, shard).add(batch.length)
    for (const { item } of batch) call.element((element) => addSettlement(context, element, shard, item))
    const [, ...replies] = list(await context.scripts.run(settleScript, call.keys, call.args))
    for (const [at, { item, index }] of batch.entries()) answers.set(index, settleAnswer(item, replies[at]))
  })
  await Promise.all(calls)
  if (settlements.some(({ results }) => results.length > 0)) context.fed()
  return settlements.map((_, index) => answers.get(index) ?? nothingSettled)
}

export async function begin(
  context: LedgerContext,
  requests: readonly BeginRequest[],
): Promise<readonly BeginAnswer[]> {
  const answers = new Map<number, BeginAnswer>()
  const calls = byShard(context, requests, beginSize).map(async ([shard, batch]) => {
    const call = settleCall(context, shard).add(batch.length)
    const asked = batch.map(({ item }) => ({ item, name: unanswered.get(item) ?? uniqueName(context.random) }))
    for (const one of asked) call.element((element) => addBegin(context, element, shard, one))
    const running = context.scripts.run(beginScript, call.keys, call.args).catch((error: unknown) => {
      for (const { item, name } of asked) unanswered.set(item, name)
      throw error
    })
    const [, ...replies] = list(await running)
    for (const [at, { item, index }] of batch.entries()) answers.set(index, beginAnswer(item, list(replies[at])))
  })
  await Promise.all(calls)
  if (requests.some((request) => request.settle !== undefined)) context.fed()
  return requests.map((_, index) => answers.get(index) ?? lost)
}

/**
 * Requests that were asked and got no answer, by the name of that call: the server may have done them, so that asking
 * again is answered as the first time.
 */
const unanswered = new WeakMap<BeginRequest, string>()

interface Asked {
  readonly item: BeginRequest
  readonly name: string
}

function beginSize({ positions, settle: before }: BeginRequest): number {
  return positions.length + (before?.results.length ?? 0)
}

const nothingSettled: SettleAnswer = { settled: [], envelopes: [] }
const lost: BeginAnswer = { lease: 'lost', begun: [], ...nothingSettled }

interface Indexed<T> {
  readonly item: T
  readonly index: number
}

/** Splits a batch by the tag that the tokens tell, and by size. What has no token of this store comes nowhere. */
function byShard<T extends { readonly token: string }>(
  { shards }: LedgerContext,
  items: readonly T[],
  sizeOf: (item: T) => number,
): (readonly [Shard, Indexed<T>[]])[] {
  const indexed = items.map((item, index) => ({ item, index }))
  const groups = grouped(indexed, ({ item }) => {
    const read = readToken(item.token)
    return read === undefined ? undefined : shards.of(read.tenant)
  })
  return [...groups].flatMap(([shard, group]) =>
    batches(group, ({ item }) => sizeOf(item)).map((batch) => [shard, batch] as const),
  )
}

/** What every call that settles begins with. */
export function settleCall({ settings }: LedgerContext, { keys }: Shard): Arguments {
  return new Arguments().key(keys.watch, keys.done, keys.queues, keys.historyQueue).add(settings.pushAgainMs)
}

/** Results that go the same way are told as one group of positions. */
interface Group {
  readonly letter: string
  readonly kind: 'd' | 'w' | 'h'
  readonly due: number
  readonly note: string
  readonly positions: number[]
  readonly steps: number[]
}

export function addSettlement(
  { settings }: LedgerContext,
  call: Arguments,
  { keys }: Shard,
  settlement: Settlement,
): void {
  const { entry, token, parcel, results, entries, finish } = settlement
  const { lane, tenant } = readToken(token) ?? { lane: 'P2', tenant: '' }
  call.key(keys.entry(entry), keys.queue(lane, tenant))
  call.key(keys.marks(parcel), keys.notes(parcel), keys.events(parcel))
  call.add(entry, token, finish ? 1 : 0, parcel, tenant)
  const groups = groupsOf(results, entries)
  call.add(groups.length)
  for (const { positions, steps, letter, kind, due, note } of groups) {
    call.add(encodeRuns(positions, steps), letter, kind, due, note)
  }
  call.add(entries.length)
  for (const { id, lane: own, weight, due, cargo } of entries) {
    const messages = cargo.kind === 'messages' ? cargo : { parcel, positions: [], steps: [] }
    call.key(keys.entry(id), keys.queue(own, tenant))
    call.add(id, own, weight, due, `m${messages.parcel} `, encodeRuns(messages.positions, messages.steps))
  }
  const { events, providers } = encodeEvents(results, settings.historyMs > 0)
  call.add(events, providers)
}

function groupsOf(results: readonly SettleResult[], entries: readonly NewEntry[]): Group[] {
  const entryOf = entriesByPosition(entries)
  const groups: Group[] = []
  let last: { readonly to: SettleResult['to']; readonly entry: unknown } | undefined
  for (const { position, step, to } of results) {
    const entry = entryOf.get(position)
    const group = groups.at(-1)
    if (group !== undefined && last?.to === to && last.entry === entry) {
      group.positions.push(position)
      group.steps.push(step)
      continue
    }
    last = { to, entry }
    const fresh = groupOf(to, entry)
    if (group !== undefined && group.letter === fresh.letter && group.due === fresh.due && group.note === fresh.note) {
      group.positions.push(position)
      group.steps.push(step)
    } else {
      groups.push({ ...fresh, positions: [position], steps: [step] })
    }
  }
  return groups
}

function groupOf(
  to: SettleResult['to'],
  entry: readonly [string, string] | undefined,
): Pick<Group, 'letter' | 'kind' | 'due' | 'note'> {
  const note = encodeNote(to, entry)
  if (to.state === 'done') return { letter: outcomeLetter(to.outcome), kind: 'd', due: 0, note }
  const letter = to.state === 'waiting' ? 'w' : 'h'
  return { letter, kind: letter, due: to.due, note }
}

function entriesByPosition(entries: readonly NewEntry[]): ReadonlyMap<number, readonly [string, string]> {
  const found = new Map<number, readonly [string, string]>()
  for (const { id, lane, cargo } of entries) {
    if (cargo.kind !== 'messages') continue
    const entry = [id, lane] as const
    for (const position of cargo.positions) found.set(position, entry)
  }
  return found
}

function addBegin(context: LedgerContext, call: Arguments, shard: Shard, { item: request, name }: Asked): void {
  const { keys } = shard
  const { entry, token, leaseMs, slice, parcel, positions, steps, attempting, settle: before } = request
  if (before === undefined) call.add(0)
  else {
    call.add(1)
    call.element((element) => addSettlement(context, element, shard, before))
  }
  call.key(keys.entry(entry), keys.marks(parcel), keys.notes(parcel))
  call.add(entry, token, leaseMs, slice, encodeRuns(positions, steps), encodeAttempting(attempting), name)
}

function beginAnswer(request: BeginRequest, [held, settled, left]: readonly Reply[]): BeginAnswer {
  const before = request.settle === undefined ? nothingSettled : settleAnswer(request.settle, settled)
  if (held !== 1) return { lease: 'lost', begun: [], ...before }
  const not = decodePositions(text(left))
  return { lease: 'held', begun: request.positions.filter((position) => !not.has(position)), ...before }
}

function settleAnswer({ results, entries, token }: Settlement, reply: Reply | undefined): SettleAnswer {
  const [leftText, again] = list(reply)
  const left = decodePositions(text(leftText))
  const settled = results.flatMap(({ position }) => (left.has(position) ? [] : [position]))
  const tenant = readToken(token)?.tenant ?? ''
  const runs = list(again)
  return { settled, envelopes: entries.flatMap((entry, index) => envelopeOf(entry, tenant, text(runs[index]))) }
}

function envelopeOf({ id, lane, due, weight, cargo }: NewEntry, tenant: string, runs: string): Envelope[] {
  if (runs === '' || cargo.kind !== 'messages') return []
  return [{ id, schema: 1, tenant, lane, due, weight, cargo: { ...cargo, ...decodeRuns(runs) } }]
}
