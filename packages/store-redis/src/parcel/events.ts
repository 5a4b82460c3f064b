import type { HistoryEvent } from '@reachkit/core/spec'
import { squeeze, unsqueeze } from './body.js'
import { decodePositions, decodeRuns, encodeRuns } from './runs.js'

/** What one settlement tells of messages: events in common, and the ids of providers, which differ. */
type Told = readonly [
  runs: string,
  events: readonly HistoryEvent[],
  providerIds?: Readonly<Record<string, readonly (string | null)[]>>,
]

export interface EventsOf {
  readonly position: number
  readonly events: readonly HistoryEvent[]
}

const smallest = 400
const packedMark = 1

/** Packs events as scripts keep them, and what providers call the messages; empty where there is nothing to tell. */
export function encodeEvents(results: readonly EventsOf[]): {
  readonly events: Buffer | string
  readonly providers: string
} {
  const groups = new Map<
    string,
    { positions: number[]; events: readonly HistoryEvent[]; ids: Record<string, (string | null)[]> }
  >()
  const providers: (readonly [number, string, string])[] = []
  let last: { events: readonly HistoryEvent[]; key: string } | undefined
  for (const { position, events } of results) {
    if (events.length === 0) continue
    const bare = events.map(withoutProviderId)
    const key: string = last?.events === events ? last.key : JSON.stringify(bare)
    last = { events, key }
    const group = groups.get(key) ?? { positions: [], events: bare, ids: {} }
    groups.set(key, group)
    group.positions.push(position)
    if (events.every(({ providerId }) => providerId === undefined)) continue
    group.ids[position] = events.map(({ providerId }) => providerId ?? null)
    for (const { provider, providerId } of events) {
      if (providerId !== undefined) providers.push([position, provider ?? '', providerId])
    }
  }
  if (groups.size === 0) return { events: '', providers: '' }
  const told = [...groups.values()].map(({ positions, events, ids }): Told => {
    const runs = encodeRuns(positions, 0)
    return Object.keys(ids).length === 0 ? [runs, events] : [runs, events, ids]
  })
  return { events: pack(JSON.stringify(told)), providers: providers.length === 0 ? '' : JSON.stringify(providers) }
}

function withoutProviderId(event: HistoryEvent): HistoryEvent {
  if (event.providerId === undefined) return event
  const { providerId: _, ...rest } = event
  return rest
}

function pack(json: string): Buffer | string {
  if (json.length < smallest) return json
  return Buffer.concat([Buffer.from([packedMark]), squeeze(Buffer.from(json, 'utf8'))])
}

export interface StampedEvent extends HistoryEvent {
  readonly at: number
}

/** Adds what one stored element tells, to the events by position. What is told twice is kept once. */
export function readEvents(stored: Buffer, into: Map<number, StampedEvent[]>): void {
  const first = stored.indexOf('|')
  const second = stored.indexOf('|', first + 1)
  const now = Number(stored.toString('latin1', 0, first))
  const left = decodePositions(stored.toString('latin1', first + 1, second))
  for (const [runs, events, ids] of unpack(stored.subarray(second + 1))) {
    for (const position of decodeRuns(runs).positions) {
      if (left.has(position)) continue
      const known = into.get(position) ?? []
      into.set(position, known)
      for (const [index, event] of events.entries()) {
        if (known.some((other) => same(other, event))) continue
        const providerId = ids?.[position]?.[index] ?? undefined
        known.push({ ...event, at: event.at ?? now, ...(providerId !== undefined && { providerId }) })
      }
    }
  }
}

function unpack(bytes: Buffer): readonly Told[] {
  const json = bytes[0] === packedMark ? unsqueeze(bytes.subarray(1)) : bytes
  return JSON.parse(json.toString('utf8')) as readonly Told[]
}

function same(a: HistoryEvent, b: HistoryEvent): boolean {
  return a.step === b.step && a.kind === b.kind && a.channel === b.channel
}
