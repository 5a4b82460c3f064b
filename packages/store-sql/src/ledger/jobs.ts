import { parseMessageId } from '@reachkit/core/spec'
import type {
  BeginAnswer,
  BeginRequest,
  CancelAnswer,
  Change,
  ChangeAnswer,
  HistoryEvent,
  SettleAnswer,
  Settlement,
} from '@reachkit/core/spec'
import { begin, cancel, change, note, settle } from './rules.js'
import type { RuleInputs } from './rules.js'
import type { Unit } from './unit.js'

/** One atomic step of a unit of work: which rows it needs, and the rule that changes them. */
export interface Job<Answer = unknown> {
  /** In messages that are written anew. */
  readonly weight: number
  readonly parcels: readonly string[]
  readonly entries: readonly string[]
  /** It may take a message out of its entry, and write one: all entries of its parcels and their tenants are needed. */
  readonly moves: boolean
  /** Entries of these parcels are written where the lease's entry may be gone. */
  readonly writes: readonly Settlement[]
  apply(unit: Unit, inputs: RuleInputs): Answer
}

const none = { parcels: [], entries: [], moves: false, writes: [] } as const

export function beginJob(request: BeginRequest): Job<BeginAnswer> {
  const { settle: before, positions, parcel, entry } = request
  const writes = before === undefined ? [] : [before]
  return {
    ...none,
    weight: positions.length / 8 + 1 + (before === undefined ? 0 : weightOf(before)),
    parcels: named([parcel, ...writes.map((one) => one.parcel)]),
    entries: [entry, ...writes.map((one) => one.entry)],
    writes,
    apply: (unit, inputs) => begin(unit, request, inputs),
  }
}

export function settleJob(settlement: Settlement): Job<SettleAnswer> {
  const { parcel, entry } = settlement
  return {
    ...none,
    weight: weightOf(settlement),
    parcels: named([parcel]),
    entries: [entry],
    writes: [settlement],
    apply: (unit, inputs) => settle(unit, settlement, inputs),
  }
}

export function cancelJob(id: string): Job<CancelAnswer> {
  return { ...none, weight: 10, parcels: parcelOf(id), moves: true, apply: (unit) => cancel(unit, id) }
}

export function changeJob(wanted: Change): Job<ChangeAnswer> {
  const parcels = parcelOf(wanted.id)
  return { ...none, weight: 10, parcels, moves: true, apply: (unit, { tenants }) => change(unit, wanted, tenants) }
}

export function noteJob({ id, events }: { readonly id: string; readonly events: readonly HistoryEvent[] }): Job<void> {
  return { ...none, weight: 5, parcels: parcelOf(id), apply: (unit) => note(unit, id, events) }
}

function weightOf({ results }: Settlement): number {
  return results.length / 4 + 1
}

function named(parcels: readonly string[]): readonly string[] {
  return parcels.filter((parcel) => parcel !== '')
}

function parcelOf(id: string): readonly string[] {
  const place = parseMessageId(id)
  return place === undefined ? [] : [place.parcel]
}
