import type { Lane } from '../spec/index.js'
import type { DriverQueue } from './driver-queue.js'
import type { Attempt, Journey } from './journey.js'

/** Journeys that are begun together: they need the same drivers, and are no more than those can have in flight. */
export interface Slice {
  readonly journeys: readonly Journey[]
  readonly queues: readonly DriverQueue[]
}

/** Sorts journeys that have attempts by the drivers they need, and cuts each group to what its drivers take at once. */
export function sliceGroups(journeys: readonly Journey[], lane: Lane): Slice[] {
  const [first] = journeys
  if (first === undefined) return []
  const key = keyOf(first.attempts)
  if (key !== '' && journeys.every(({ attempts }) => keyOf(attempts) === key)) return cut(journeys, lane)
  const groups = new Map<string, Journey[]>()
  for (const journey of journeys) {
    if (journey.attempts.length === 0) continue
    const needs = keyOf(journey.attempts)
    const group = groups.get(needs)
    if (group === undefined) groups.set(needs, [journey])
    else group.push(journey)
  }
  return [...groups.values()].flatMap((group) => cut(group, lane))
}

function keyOf(attempts: readonly Attempt[]): string {
  const [first] = attempts
  if (attempts.length === 1 && first !== undefined) return first.provider.place
  return attempts.map(placeOf).toSorted().join(',')
}

function placeOf({ provider }: Attempt): string {
  return provider.place
}

function cut(group: readonly Journey[], lane: Lane): Slice[] {
  // One order of queues everywhere: whoever needs two of them never waits in a ring.
  const attempts = (group[0]?.attempts ?? []).toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  const queues = attempts.map(({ provider }) => provider.queue)
  if (group.length === 1) return [{ journeys: group, queues }]
  const size = Math.max(1, Math.min(...queues.map((queue) => queue.sizeFor(lane))))
  const slices: Slice[] = []
  for (let start = 0; start < group.length; start += size) {
    slices.push({ journeys: group.slice(start, start + size), queues })
  }
  return slices
}
