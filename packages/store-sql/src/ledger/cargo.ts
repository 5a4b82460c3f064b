import type { Cargo } from '@reachkit/core/spec'
import { readRanges, readRuns, writeRanges, writeRuns } from './ranges.js'

interface StoredMessages {
  readonly parcel: string
  readonly positions: string
  readonly steps?: string
}

/** JSON of a cargo, its positions and steps as ranges: an entry of a whole parcel takes some 40 characters. */
export function writeCargo(cargo: Cargo): string {
  if (cargo.kind !== 'messages') return JSON.stringify(cargo)
  const steps = writeRuns(cargo.steps)
  const stored: StoredMessages = {
    parcel: cargo.parcel,
    positions: writeRanges(cargo.positions),
    ...(steps !== '' && { steps }),
  }
  return JSON.stringify(stored)
}

/** Undefined for what another release has written in a way that this one does not know, or nobody has. */
export function readableCargo(text: string): Cargo | undefined {
  try {
    return readCargo(text)
  } catch {
    return undefined
  }
}

export function readCargo(text: string): Cargo {
  const stored = JSON.parse(text) as StoredMessages | Exclude<Cargo, { kind: 'messages' }>
  if ('kind' in stored) return stored
  const positions = readRanges(stored.positions)
  return { kind: 'messages', parcel: stored.parcel, positions, steps: readRuns(stored.steps ?? '', positions.length) }
}
