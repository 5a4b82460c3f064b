import { lanes } from '@reachkit/core/spec'
import type { Cargo, Envelope, Lane, NewEntry } from '@reachkit/core/spec'
import type { BulkTarget } from './bulk.js'
import { writeCargo } from './cargo.js'

/** A pending entry that is to be written. */
export interface FreshEntry extends NewEntry {
  readonly tenant: string
}

export const entryTarget: BulkTarget<'reach_entry'> = {
  table: 'reach_entry',
  columns: [
    'id',
    'tenant',
    'lane',
    'due',
    'weight',
    'parcel',
    'cargo',
    'lease_until',
    'slices',
    'takeovers',
    'pushes',
    'pushed_at',
  ],
  keys: 1,
  onKnown: 'fail',
}

/** What is due at once is due now: so that the oldest one is known. Between two milliseconds is at the later one. */
export function entryValues({ id, tenant, lane, due, weight, cargo }: FreshEntry, now: number): readonly unknown[] {
  const from = due === 0 ? now : Math.ceil(due)
  return [
    id,
    tenant,
    laneNumber(lane),
    from,
    weight,
    parcelOf(cargo),
    writeCargo(cargo),
    0,
    0,
    0,
    0,
    Math.max(now, from),
  ]
}

export function envelopeOf({ id, tenant, lane, due, weight, cargo }: FreshEntry): Envelope {
  return { id, schema: 1, tenant, lane, due, weight, cargo }
}

/** The entry with some of its messages only; undefined where none is left. Other cargo stays as it is. */
export function keepPositions<T extends { readonly cargo: Cargo }>(
  entry: T,
  keeps: (position: number) => boolean,
): T | undefined {
  const { cargo } = entry
  if (cargo.kind !== 'messages') return entry
  const positions: number[] = []
  const steps: number[] = []
  for (const [index, position] of cargo.positions.entries()) {
    if (!keeps(position)) continue
    positions.push(position)
    steps.push(cargo.steps[index] ?? 0)
  }
  if (positions.length === cargo.positions.length) return entry
  return positions.length === 0 ? undefined : { ...entry, cargo: { ...cargo, positions, steps } }
}

export function laneNumber(lane: Lane): number {
  return lanes.indexOf(lane)
}

export function laneOf(number: number): Lane {
  return lanes[number] ?? 'P3'
}

function parcelOf(cargo: Cargo): string | null {
  return cargo.kind === 'messages' ? cargo.parcel : null
}
