import type {
  BeginAnswer,
  BeginRequest,
  CancelAnswer,
  Change,
  ChangeAnswer,
  HistoryEvent,
  NewEntry,
  Settled,
  SettleAnswer,
  SettleResult,
  Settlement,
} from '@reachkit/core/spec'
import { parseMessageId } from '@reachkit/core/spec'
import type { Body } from './bodies.js'
import { envelopeOf, keepPositions } from './entries.js'
import type { Note } from './notes.js'
import type { Standing } from './standing.js'
import type { Unit } from './unit.js'

/** What the rules need beside the unit's rows, read before they run. */
export interface RuleInputs {
  /** Of parcels that may hold what is expired. */
  readonly bodies: ReadonlyMap<string, readonly Body[]>
  /** Of parcels whose entry is gone. */
  readonly tenants: ReadonlyMap<string, string>
}

/** Settles the slice before, renews the lease, and marks the next slice as being sent. */
export function begin(unit: Unit, request: BeginRequest, inputs: RuleInputs): BeginAnswer {
  const { settled, envelopes } = request.settle === undefined ? nothingSettled : settle(unit, request.settle, inputs)
  const entry = unit.held(request.entry, request.token)
  if (entry === undefined) return { lease: 'lost', begun: [], settled, envelopes }
  unit.renew(entry.id, request.leaseMs, request.slice + 1)
  const standing = unit.standings.get(request.parcel)
  if (standing === undefined) return { lease: 'held', begun: [], settled, envelopes }
  const bodies = inputs.bodies.get(request.parcel)
  const begun: number[] = []
  const attempting: string[] = []
  for (const [index, position] of request.positions.entries()) {
    if (!mayBegin(standing, position, request.steps[index] ?? -1, unit.now, bodies)) continue
    begun.push(position)
    attempting.push(request.attempting[index] ?? '')
  }
  standing.send(begun, attempting, request.slice)
  return { lease: 'held', begun, settled, envelopes }
}

const nothingSettled: SettleAnswer = { settled: [], envelopes: [] }

function mayBegin(
  standing: Standing,
  position: number,
  step: number,
  now: number,
  bodies: readonly Body[] | undefined,
): boolean {
  if (standing.state(position) !== 'waiting' || standing.step(position) !== step) return false
  if (standing.due(position) > now) return false
  // Without bodies nothing of the parcel is expired yet.
  if (bodies === undefined) return true
  const expires = standing.expires(position, bodies[position])
  return expires === undefined || expires > now
}

export function settle(unit: Unit, settlement: Settlement, { tenants }: RuleInputs): SettleAnswer {
  const entry = unit.entries.get(settlement.entry)
  const current = unit.held(settlement.entry, settlement.token) !== undefined
  const standing = unit.standings.get(settlement.parcel)
  const settled: number[] = []
  const shared = new Map<Settled, Note>()
  if (standing !== undefined) {
    for (const result of settlement.results) {
      if (!isTaken(standing, result, current)) continue
      apply(unit, standing, result, shared)
      settled.push(result.position)
    }
  }
  const tenant = entry?.tenant ?? tenants.get(settlement.parcel)
  const again = standing === undefined || tenant === undefined ? [] : keptEntries(settlement, settled)
  const fresh = again.map((kept) => ({ ...kept, tenant: tenant ?? '' }))
  for (const added of fresh) unit.add(added)
  if (settlement.finish && current) unit.remove(settlement.entry)
  return { settled, envelopes: fresh.map(envelopeOf) }
}

/** The entries without the messages whose result was not taken: those are in another one. */
function keptEntries({ entries, results }: Settlement, settled: readonly number[]): readonly NewEntry[] {
  if (settled.length === results.length) return entries
  const taken = new Set(settled)
  return entries.flatMap((entry) => keepPositions(entry, (position) => taken.has(position)) ?? [])
}

function isTaken(standing: Standing, { position, step }: SettleResult, current: boolean): boolean {
  const state = standing.state(position)
  if (state === undefined || state === 'done' || standing.step(position) !== step) return false
  return current || state !== 'waiting'
}

function apply(
  unit: Unit,
  standing: Standing,
  { position, to, events }: Pick<SettleResult, 'position' | 'to' | 'events'>,
  shared: Map<Settled, Note> = new Map(),
): void {
  standing.settle(position, to, unit.now, shared)
  unit.log(standing.parcel, position, events)
}

const cancelled: Settled = { state: 'done', outcome: 'cancelled', reason: { code: 'cancelled' } }

export function cancel(unit: Unit, id: string): CancelAnswer {
  const found = find(unit, id)
  if (found === undefined) return 'absent'
  const { standing, position } = found
  const state = standing.state(position)
  if (state === 'done') return standing.outcome(position) === 'cancelled' ? 'cancelled' : 'done'
  if (state !== 'waiting') return 'too-late'
  const step = standing.step(position)
  const events: readonly HistoryEvent[] = [{ step, kind: 'done', outcome: 'cancelled', reason: 'cancelled' }]
  apply(unit, standing, { position, to: cancelled, events })
  unit.takeOut(standing.parcel, position)
  return 'cancelled'
}

export function change(unit: Unit, wanted: Change, tenants: ReadonlyMap<string, string>): ChangeAnswer {
  const found = find(unit, wanted.id)
  if (found === undefined) return { status: 'absent', envelopes: [] }
  const { standing, position } = found
  const state = standing.state(position)
  if (standing.step(position) !== wanted.step || state === undefined || !wanted.from.includes(state))
    return { status: 'conflict', envelopes: [] }
  standing.amend(position, wanted.data, wanted.expires)
  apply(unit, standing, { position, to: wanted.to, events: wanted.events })
  unit.takeOut(standing.parcel, position)
  if (wanted.entry === undefined || wanted.to.state === 'done') return { status: 'changed', envelopes: [] }
  const { parcel } = standing
  const cargo = { kind: 'messages', parcel, positions: [position], steps: [standing.step(position)] } as const
  const entry = { ...wanted.entry, due: wanted.to.due, cargo, tenant: tenants.get(parcel) ?? '' }
  unit.add(entry)
  return { status: 'changed', envelopes: [envelopeOf(entry)] }
}

export function note(unit: Unit, id: string, events: readonly HistoryEvent[]): void {
  const found = find(unit, id)
  if (found === undefined) return
  found.standing.changed.add(found.position)
  unit.log(found.standing.parcel, found.position, events)
}

function find(unit: Unit, id: string): { standing: Standing; position: number } | undefined {
  const place = parseMessageId(id)
  const standing = place === undefined ? undefined : unit.standings.get(place.parcel)
  if (place === undefined || standing === undefined || !standing.has(place.position)) return undefined
  return { standing, position: place.position }
}
