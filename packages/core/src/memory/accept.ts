import { ReachError, messageId } from '../spec/index.js'
import type { Acceptance, Envelope, NewParcel } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { keepPositions } from './keep-positions.js'
import { Parcel, Slot } from './parcel.js'
import type { Tables } from './tables.js'

/** Accepts one parcel in one step, or nothing of it. */
export function acceptOne(tables: Tables, parcel: NewParcel): Acceptance {
  refuseOverflow(tables, [parcel])
  return accept(tables, parcel)
}

/** Accepts all of these parcels, or none where there is no room for all. Each is one step; between two it gives way. */
export async function acceptAll(tables: Tables, parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
  refuseOverflow(tables, parcels)
  const yielder = createYielder(tables.clock)
  const acceptances: Acceptance[] = []
  let awaited = parcels.reduce((sum, { messages }) => sum + messages.length, 0)
  // Nobody takes the room of those that are still to come.
  tables.open += awaited
  try {
    for (const parcel of parcels) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      tables.open -= parcel.messages.length
      awaited -= parcel.messages.length
      acceptances.push(accept(tables, parcel))
    }
  } finally {
    tables.open -= awaited
  }
  await yielder.handOver()
  return acceptances
}

function accept(tables: Tables, source: NewParcel): Acceptance {
  const known = tables.parcels.get(source.id)
  if (known !== undefined) return acceptedBefore(known)
  if (source.cursor !== undefined && !moveCursor(tables, source.cursor)) return cursorMoved
  const now = tables.now()
  tables.prune(now, source.messages.length + 2)
  return store(tables, source, now)
}

const cursorMoved: Acceptance = { status: 'cursor-moved', ids: [], deduplicated: [], envelopes: [] }

function acceptedBefore(parcel: Parcel): Acceptance {
  return { status: 'known', ...parcel.answer(), envelopes: [] }
}

function refuseOverflow(tables: Tables, parcels: readonly NewParcel[]): void {
  const { maxOpen } = tables.limits
  const more = parcels.reduce((sum, { id, messages }) => sum + (tables.parcels.has(id) ? 0 : messages.length), 0)
  if (tables.open + more <= maxOpen) return
  throw new ReachError(
    'REACH_STORE_FULL',
    `the memory store holds ${tables.open} messages that are not done (maxOpen is ${maxOpen})`,
  )
}

function moveCursor(tables: Tables, move: { run: string; from: string; to: string; done: boolean }): boolean {
  const run = tables.runs.get(move.run)
  if (run === undefined || run.done || run.cursor !== move.from) return false
  tables.moveRun({ ...run, cursor: move.to, done: move.done })
  return true
}

function store(tables: Tables, source: NewParcel, now: number): Acceptance {
  const firsts = findFirsts(tables, source)
  const parcel = new Parcel(source, firsts, now, tables.finished)
  const announced = source.announced === true
  const dues = dueOf(source)
  parcel.slots = source.messages.map((message, position) => {
    const kept = announced || firsts?.has(position) !== true
    if (kept) parcel.open += 1
    return kept ? new Slot(parcel, position, message, dues?.[position] ?? 0) : undefined
  })
  tables.open += parcel.open
  const ids = source.messages.map((_, position) => firsts?.get(position) ?? messageId(source.id, position))
  const deduplicated = source.messages.map((_, position) => firsts?.has(position) === true)
  if (parcel.open > 0) tables.addParcel(parcel)
  const envelopes = addEntries(tables, source, deduplicated, now)
  if (announced) tables.open -= closeDuplicates(parcel, now)
  return { status: 'accepted', ids, deduplicated, envelopes }
}

/** Notes the digests of a parcel; answers the first message of each that was known, in this parcel too. */
function findFirsts(tables: Tables, { id, messages }: NewParcel): Map<number, string> | undefined {
  let firsts: Map<number, string> | undefined
  if (messages.every(({ digest }) => digest === undefined)) return undefined
  const digests = messages.map(({ digest }) => digest)
  const fresh = tables.digests.remember(id, digests, tables.now())
  for (let position = 0; position < digests.length; position += 1) {
    const first = tables.digests.claim(position, fresh)
    if (first !== undefined) firsts = (firsts ?? new Map<number, string>()).set(position, first)
  }
  return firsts
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

function closeDuplicates(parcel: Parcel, now: number): number {
  const before = parcel.open
  for (const [position, into] of parcel.firsts ?? []) {
    parcel.slots[position]?.settle({ state: 'done', outcome: 'merged', reason: { code: 'duplicate' }, into }, now)
  }
  return before - parcel.open
}
