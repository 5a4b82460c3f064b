import type {
  BeginAnswer,
  BeginRequest,
  CancelAnswer,
  Change,
  ChangeAnswer,
  Envelope,
  NewEntry,
  NewMessage,
  SettleAnswer,
  SettleResult,
  Settlement,
} from '../spec/index.js'
import type { Slot } from './parcel.js'
import { keepPositions } from './keep-positions.js'
import { providerKey } from './tables.js'
import type { Tables } from './tables.js'

/** Settles the slice before, renews the lease, and marks the next slice as being sent. */
export function begin(tables: Tables, request: BeginRequest): BeginAnswer {
  const { settled, envelopes } = request.settle === undefined ? nothingSettled : settle(tables, request.settle)
  const entry = tables.entries.get(request.entry)
  if (entry === undefined || entry.token !== request.token) return { lease: 'lost', begun: [], settled, envelopes }
  entry.leaseUntil = tables.clock.monotonic() + request.leaseMs
  entry.slices = request.slice + 1
  const slots = tables.parcels.get(request.parcel)?.slots ?? []
  const now = tables.now()
  const begun: number[] = []
  for (let index = 0; index < request.positions.length; index += 1) {
    const position = request.positions[index] ?? -1
    const slot = slots[position]
    if (slot === undefined || slot.step !== request.steps[index] || !mayBegin(slot, now)) continue
    slot.state = 'sending'
    slot.attempting = request.attempting[index]
    slot.slice = request.slice
    begun.push(position)
  }
  return { lease: 'held', begun, settled, envelopes }
}

const nothingSettled: SettleAnswer = { settled: [], envelopes: [] }

function mayBegin(slot: Slot, now: number): boolean {
  if (slot.state !== 'waiting' || slot.due > now) return false
  return slot.message.expires === undefined || slot.message.expires > now
}

export function settle(tables: Tables, settlement: Settlement): SettleAnswer {
  const now = tables.now()
  const entry = tables.entries.get(settlement.entry)
  const current = entry !== undefined && entry.token === settlement.token
  const parcel = tables.parcels.get(settlement.parcel)
  const settled: number[] = []
  for (const result of settlement.results) {
    const slot = parcel?.slots[result.position]
    if (slot !== undefined && take(tables, slot, result, current, now)) settled.push(result.position)
  }
  const envelopes: Envelope[] = []
  if (parcel !== undefined) {
    const taken = settled.length === settlement.results.length ? undefined : new Set(settled)
    for (const again of settlement.entries) {
      const kept = taken === undefined ? again : onlyTaken(again, taken)
      if (kept !== undefined) envelopes.push(tables.addEntry(parcel.tenant, kept, now))
    }
  }
  if (settlement.finish && current) tables.entries.delete(settlement.entry)
  return { settled, envelopes }
}

/** The entry without the messages whose result was not taken: those are in another one. */
function onlyTaken(entry: NewEntry, taken: ReadonlySet<number>): NewEntry | undefined {
  return keepPositions(entry, (position) => taken.has(position))
}

function take(tables: Tables, slot: Slot, result: SettleResult, current: boolean, now: number): boolean {
  if (slot.step !== result.step || slot.state === 'done') return false
  if (!current && slot.state === 'waiting') return false
  apply(tables, slot, result, now)
  return true
}

function apply(tables: Tables, slot: Slot, { to, events }: Pick<SettleResult, 'to' | 'events'>, now: number): void {
  const before = slot.parcel.open
  slot.settle(to, now)
  tables.open += slot.parcel.open - before
  note(tables, slot, events, now)
}

export function note(tables: Tables, slot: Slot, events: SettleResult['events'], now: number): void {
  slot.note(events, now)
  for (const { provider, providerId } of events) {
    if (providerId === undefined) continue
    tables.providers.add(provider)
    tables.providerIds.set(providerKey(provider, providerId), slot.id)
  }
}

export function cancel(tables: Tables, id: string): CancelAnswer {
  const slot = tables.slot(id)
  if (slot === undefined) return 'absent'
  if (slot.state === 'done') return slot.outcome === 'cancelled' ? 'cancelled' : 'done'
  if (slot.state !== 'waiting') return 'too-late'
  const events = [{ step: slot.step, kind: 'done', outcome: 'cancelled', reason: 'cancelled' }] as const
  apply(
    tables,
    slot,
    { to: { state: 'done', outcome: 'cancelled', reason: { code: 'cancelled' } }, events },
    tables.now(),
  )
  dropEntry(tables, slot)
  return 'cancelled'
}

export function change(tables: Tables, wanted: Change): ChangeAnswer {
  const slot = tables.slot(wanted.id)
  if (slot === undefined) return { status: 'absent', envelopes: [] }
  if (slot.step !== wanted.step || !wanted.from.includes(slot.state)) return { status: 'conflict', envelopes: [] }
  const now = tables.now()
  slot.message = changed(slot.message, wanted)
  apply(tables, slot, wanted, now)
  dropEntry(tables, slot)
  if (wanted.entry === undefined || wanted.to.state === 'done') return { status: 'changed', envelopes: [] }
  const { parcel, position, step } = slot
  const cargo = { kind: 'messages', parcel: parcel.id, positions: [position], steps: [step] } as const
  const entry = { ...wanted.entry, due: wanted.to.due, cargo }
  return { status: 'changed', envelopes: [tables.addEntry(parcel.tenant, entry, now)] }
}

function changed(message: NewMessage, { data, expires = message.expires }: Change): NewMessage {
  if (data === undefined && expires === message.expires) return message
  const { type, version, recipient, inline, lane, labels, sandbox, digest, value } = message
  const rest = { type, version, recipient, inline, lane, labels, sandbox, expires, digest }
  return data === undefined ? { ...rest, data: message.data, value } : { ...rest, data }
}

/** A message that has moved on leaves its entry, where nobody works or died on that: it would be passed over there. */
function dropEntry(tables: Tables, { entry: id, position }: Slot): void {
  const entry = id === undefined ? undefined : tables.entries.get(id)
  if (entry === undefined || entry.token !== undefined || entry.dead.length > 0) return
  const { envelope } = entry
  const kept = keepPositions(envelope, (other) => other !== position)
  if (kept === undefined) tables.entries.delete(envelope.id)
  else entry.envelope = { ...envelope, cargo: kept.cargo }
}
