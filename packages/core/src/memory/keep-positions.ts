import type { NewEntry } from '../spec/index.js'

/** The entry with some of its messages only; undefined where none is left. Other cargo stays as it is. */
export function keepPositions(entry: NewEntry, keeps: (position: number) => boolean): NewEntry | undefined {
  const { cargo } = entry
  if (cargo.kind !== 'messages') return entry
  const positions: number[] = []
  const steps: number[] = []
  for (const [index, position] of cargo.positions.entries()) {
    if (!keeps(position)) continue
    positions.push(position)
    steps.push(cargo.steps[index] ?? 0)
  }
  return positions.length === 0 ? undefined : { ...entry, cargo: { ...cargo, positions, steps } }
}
