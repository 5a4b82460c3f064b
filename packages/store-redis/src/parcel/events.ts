import type { HistoryEvent } from '@reachkit/core/spec'
import { printProviderId, providerPrintBytes } from '../history/fingerprint.js'
import { squeeze, unsqueeze } from './body.js'
import { decodePositions, decodeRuns, encodeRuns } from './runs.js'

/**
 * What one settlement tells of messages to which the same things happened: those once, and of all messages, one event
 * after the other, what differs: instants, each as the difference to the one before, and the ids of providers.
 */
type Told = readonly [
  runs: string,
  events: readonly HistoryEvent[],
  instants: readonly (number | null)[] | 0,
  providerIds?: readonly (string | null)[],
]

export interface EventsOf {
  readonly position: number
  readonly events: readonly HistoryEvent[]
}

const smallest = 400
const packedMark = 1

interface Group {
  readonly events: readonly HistoryEvent[]
  readonly positions: number[]
  readonly members: (readonly HistoryEvent[])[]
}

/** Packs events as scripts keep them, and for an index, what providers call the messages; empty where there is nothing to tell. */
export function encodeEvents(
  results: readonly EventsOf[],
  indexed: boolean,
): { readonly events: Buffer | string; readonly providers: Buffer | string } {
  const groups = groupsOf(results)
  if (groups.length === 0) return { events: '', providers: '' }
  return { events: pack(JSON.stringify(groups.map(toldOf))), providers: indexed ? printsOf(results) : '' }
}

function groupsOf(results: readonly EventsOf[]): readonly Group[] {
  const groups: Group[] = []
  let last: Group | undefined
  for (const { position, events } of results) {
    if (events.length === 0) continue
    const happened =
      last !== undefined && alike(last.events, events) ? last : groups.find((one) => alike(one.events, events))
    last = happened ?? { events, positions: [], members: [] }
    if (happened === undefined) groups.push(last)
    last.positions.push(position)
    last.members.push(events)
  }
  return groups
}

/** Apart from when, and from what the provider calls it. */
function alike(some: readonly HistoryEvent[], others: readonly HistoryEvent[]): boolean {
  return (
    some === others ||
    (some.length === others.length &&
      some.every((one, index) => {
        const other = others[index]
        return (
          other !== undefined &&
          one.kind === other.kind &&
          one.step === other.step &&
          one.channel === other.channel &&
          one.provider === other.provider &&
          one.attempt === other.attempt &&
          one.outcome === other.outcome &&
          one.reason === other.reason &&
          one.detail === other.detail &&
          one.cost?.micros === other.cost?.micros &&
          one.cost?.currency === other.cost?.currency
        )
      }))
  )
}

function toldOf({ events, positions, members }: Group): Told {
  const instants: (number | null)[] = []
  const ids: (string | null)[] = []
  let before = 0
  let timed = false
  let named = false
  for (const member of members) {
    for (const { at, providerId } of member) {
      instants.push(at === undefined ? null : at - before)
      ids.push(providerId ?? null)
      if (at !== undefined) before = at
      timed ||= at !== undefined
      named ||= providerId !== undefined
    }
  }
  const told = [encodeRuns(positions, 0), events.map(bare), timed ? instants : 0] as const
  return named ? [...told, ids] : told
}

function bare(event: HistoryEvent): HistoryEvent {
  const rest: { -readonly [Field in keyof HistoryEvent]: HistoryEvent[Field] } = { ...event }
  delete rest.at
  delete rest.providerId
  return rest
}

/** The ids of providers, for their index: each behind the position of its message. */
function printsOf(results: readonly EventsOf[]): Buffer | string {
  let count = 0
  for (const { events } of results) for (const { providerId } of events) if (providerId !== undefined) count += 1
  if (count === 0) return ''
  const prints = Buffer.allocUnsafe(count * (2 + providerPrintBytes))
  let at = 0
  for (const { position, events } of results) {
    for (const { provider, providerId } of events) {
      if (providerId === undefined) continue
      prints.writeUInt16BE(position, at)
      printProviderId(provider ?? '', providerId, prints, at + 2)
      at += 2 + providerPrintBytes
    }
  }
  return prints
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
  for (const told of unpack(stored.subarray(second + 1))) {
    for (const [position, events] of eventsOf(told, now)) {
      if (left.has(position)) continue
      const known = into.get(position) ?? []
      into.set(position, known)
      for (const event of events) if (!known.some((other) => same(other, event))) known.push(event)
    }
  }
}

function eventsOf([runs, events, instants, ids]: Told, now: number): (readonly [number, readonly StampedEvent[]])[] {
  let before = 0
  return decodeRuns(runs).positions.map((position, member) => {
    const own = events.map((event, index): StampedEvent => {
      const place = member * events.length + index
      const since = instants === 0 ? null : (instants[place] ?? null)
      if (since !== null) before += since
      const providerId = ids?.[place] ?? undefined
      return { ...event, at: since === null ? now : before, ...(providerId !== undefined && { providerId }) }
    })
    return [position, own]
  })
}

function unpack(bytes: Buffer): readonly Told[] {
  const json = bytes[0] === packedMark ? unsqueeze(bytes.subarray(1)) : bytes
  return JSON.parse(json.toString('utf8')) as readonly Told[]
}

function same(a: HistoryEvent, b: HistoryEvent): boolean {
  return a.step === b.step && a.kind === b.kind && a.channel === b.channel
}
