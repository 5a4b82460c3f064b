import type { Lane } from '@reachkit/core'
import type { Random } from '@reachkit/core/spec'
import type { BatchMessage } from '../app/producer.js'
import type { ChaosOptions } from './options.js'

/** What is done to the run, once so many recipients were reached. */
export interface PlannedEvent {
  readonly at: number
  readonly kind:
    | 'kill'
    | 'kill-reader'
    | 'stop'
    | 'restart'
    | 'move'
    | 'lose-pool'
    | 'restart-pool'
    | 'kill-producer'
    | 'pause'
    | 'deploy'
  /** Whom it meets, as a number in [0, 1). */
  readonly pick: number
  /** After how long the process comes back. */
  readonly backAfterMs: number
}

/** What of a run can be killed and lost beside its processes. */
interface Breakable {
  readonly server: { readonly restart: unknown; readonly move?: unknown }
  readonly pool: { readonly restart: unknown } | undefined
}

const tenants = ['north', 'south', 'west']

/** The audience in calls of 1 to 500 recipients: most of one tenant and lane, as in life. */
export function planBatches(messages: number, random: Random): readonly BatchMessage[] {
  const batches: BatchMessage[] = []
  for (let start = 0; start < messages; ) {
    const wanted = random.next() < 0.2 ? 1 + Math.floor(random.next() * 20) : 100 + Math.floor(random.next() * 401)
    const count = Math.min(wanted, messages - start)
    const tenant = tenants[Math.floor(random.next() ** 2 * tenants.length)] ?? 'north'
    batches.push({ kind: 'batch', index: batches.length, start, count, tenant, lane: laneOf(random.next()) })
    start += count
  }
  return batches
}

function laneOf(drawn: number): Lane {
  if (drawn < 0.05) return 'P0'
  if (drawn < 0.15) return 'P1'
  return drawn < 0.5 ? 'P2' : 'P3'
}

/** Everything that goes wrong, spread over the run. Every fifth kill comes at the same moment as the one before. */
export function planEvents(
  { messages, kills, way }: ChaosOptions,
  { server, pool }: Breakable,
  random: Random,
): readonly PlannedEvent[] {
  const some = kills === 0 ? 0 : Math.max(1, Math.round(kills / 10))
  const drawn = (at: number, kind: PlannedEvent['kind']): PlannedEvent => {
    return { at: Math.floor(at), kind, pick: random.next(), backAfterMs: Math.floor(random.next() * 600) }
  }
  const anywhere = (): number => messages * (0.1 + random.next() * 0.75)
  const events: PlannedEvent[] = []
  for (let index = 0, at = 0; index < kills; index += 1) {
    if (index % 5 !== 4) at = (messages * 0.93 * (index + random.next())) / kills
    // What is read is always ahead of what is sent.
    if (way === 'task' && index % 2 === 1) events.push(drawn(at * 0.75, 'kill-reader'))
    else events.push(drawn(at, 'kill'))
  }
  const times = (count: number, kind: PlannedEvent['kind']): void => {
    for (let index = 0; index < count; index += 1) events.push(drawn(anywhere(), kind))
  }
  times(some, 'stop')
  times(some, 'kill-producer')
  if (server.restart !== undefined) times(some, 'restart')
  if (server.move !== undefined) times(some, 'move')
  if (pool !== undefined) times(some, 'lose-pool')
  if (pool?.restart !== undefined) times(some, 'restart-pool')
  if (way === 'task') {
    times(some, 'pause')
    times(1, 'deploy')
  }
  return events.toSorted((a, b) => a.at - b.at)
}
