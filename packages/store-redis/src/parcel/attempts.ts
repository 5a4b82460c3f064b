import { decodePositions, decodeRuns } from './runs.js'

/** What is about to be attempted, one a position: said once where it is the same for all. */
export function encodeAttempting(attempting: readonly string[]): string {
  const [first] = attempting
  return JSON.stringify(attempting.every((other) => other === first) ? (first ?? '') : attempting)
}

/** Reads the slices that were begun under an entry. Each position was begun once at most. */
export function readAttempts(slices: readonly string[]): Map<number, { attempting: string; slice: number }> {
  const attempts = new Map<number, { attempting: string; slice: number }>()
  for (const text of slices) {
    const [, slice = '0', left = '', runs = '', json = '""'] =
      /^(\d+)\|[^|]*\|([\d,]*)\|([\d,:-]*)\|(.*)$/s.exec(text) ?? []
    const not = decodePositions(left)
    const attempting = JSON.parse(json) as string | string[]
    for (const [index, position] of decodeRuns(runs).positions.entries()) {
      if (not.has(position)) continue
      const one = typeof attempting === 'string' ? attempting : (attempting[index] ?? '')
      attempts.set(position, { attempting: one, slice: Number(slice) })
    }
  }
  return attempts
}
