import { ReachError, messageId } from '../spec/index.js'
import type { Acceptance, Envelope, NewParcel } from '../spec/index.js'
import { keepPositions } from './keep-positions.js'
import { Parcel, Slot } from './parcel.js'
import type { Tables } from './tables.js'

/** Accepts one parcel, or nothing of it. */
export function accept(tables: Tables, source: NewParcel): Acceptance {
  const known = tables.parcels.get(source.id)
  if (known !== undefined) return acceptedBefore(known)
  if (source.cursor !== undefined && !moveCursor(tables, source.cursor)) return cursorMoved
  const now = tables.now()
  tables.prune(now, source.messages.length + 2)
  return store(tables, source, now)
}

const cursorMoved: Acceptance = { status: 'cursor-moved', ids: [], deduplicated: [], envelopes: [] }

function acceptedBefore({ ids, deduplicated }: Parcel): Acceptance {
  return { status: 'known', ids, deduplicated, envelopes: [] }
}

export function refuseOverflow(tables: Tables, parcels: readonly NewParcel[]): void {
  const { maxOpen } = tables.limits
  const more = parcels.reduce((sum, { id, messages }) => sum + (tables.parcels.has(id) ? 0 : messages.length), 0)
  if (tables.open + more <= maxOpen) return
  throw new ReachError('REACH_STORE_FULL', `the memory store holds ${tables.open} messages that are not done (maxOpen is ${maxOpen})`)
}

function moveCursor(tables: Tables, move: { run: string; from: string; to: string; done: boolean }): boolean {
  const run = tables.runs.get(move.run)
  if (run === undefined || run.done || run.cursor !== move.from) return false
  tables.runs.set(run.id, { ...run, cursor: move.to, done: move.done })
  if (move.done) tables.entries.delete(run.id)
  return true
}

function store(tables: Tables, source: NewParcel, now: number): Acceptance {
  const parcel = new Parcel(source, now, tables.finished)
  const { ids, deduplicated } = parcel
  const digests: string[] = []
  const dues = dueOf(source)
  for (let position = 0; position < source.messages.length; position += 1) {
    const message = source.messages[position]
    if (message === undefined) continue
    const id = messageId(parcel.id, position)
    const first = message.digest === undefined ? undefined : tables.digests.find(message.digest)
    ids.push(first ?? id)
    deduplicated.push(first !== undefined)
    if (first === undefined || source.announced === true) {
      const slot = new Slot(parcel, position, message, dues?.[position] ?? 0)
      parcel.slots[position] = slot
      parcel.open += 1
    } else parcel.slots[position] = undefined
    if (first === undefined && message.digest !== undefined) {
      tables.digests.add(message.digest, id)
      digests.push(message.digest)
    }
  }
  tables.open += parcel.open
  tables.digests.remember(digests, parcel.id, now)
  const envelopes = addEntries(tables, source, deduplicated, now)
  if (parcel.open > 0) tables.parcels.set(parcel.id, parcel)
  if (source.announced === true) tables.open -= closeDuplicates(parcel, ids, deduplicated, now)
  return { status: 'accepted', ids, deduplicated, envelopes }
}

/** The due time of each position, where any is later than now. */
function dueOf(source: NewParcel): number[] | undefined {
  if (source.entries.every((entry) => entry.due === 0)) return undefined
  const dues: number[] = []
  for (const { cargo, due } of source.entries) {
    if (cargo.kind !== 'messages' || due === 0) continue
    for (const position of cargo.positions) dues[position] = due
  }
  return dues
}

function addEntries(tables: Tables, source: NewParcel, deduplicated: readonly boolean[], now: number): Envelope[] {
  const envelopes: Envelope[] = []
  const some = deduplicated.includes(true)
  for (const entry of source.entries) {
    const kept = some ? keepPositions(entry, (position) => deduplicated[position] !== true) : entry
    if (kept !== undefined) envelopes.push(tables.addEntry(source.tenant, kept, now))
  }
  return envelopes
}

function closeDuplicates(parcel: Parcel, ids: readonly string[], deduplicated: readonly boolean[], now: number): number {
  const before = parcel.open
  for (const [position, slot] of parcel.slots.entries()) {
    if (slot === undefined || deduplicated[position] !== true) continue
    slot.settle({ state: 'done', outcome: 'merged', reason: { code: 'duplicate' }, into: ids[position] ?? slot.id }, now)
  }
  return before - parcel.open
}
