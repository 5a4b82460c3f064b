/** The known name that a mistyped one most likely meant, or undefined where none is near: `prority` is `priority`. */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let best = Math.max(1, Math.floor(given.length / 3)) + 1
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase(), best)
    if (distance < best) [nearest, best] = [name, distance]
  }
  return nearest
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; `limit` where it is that or more. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : limit,
      )
    }
    before = previous
    previous = current
  }
  return Math.min(limit, at(previous, to.length))
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
