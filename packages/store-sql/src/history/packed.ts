import type { HistoryEvent } from '@reachkit/core/spec'
import { packText, unpackText } from '../ledger/bodies.js'

/** An event of the message at a position of the parcel that its row is about. */
export interface LoggedEvent {
  readonly position: number
  readonly event: HistoryEvent
  readonly at: number
}

/** What events of one settlement have in common: all but the instant and the provider's id. */
type Template = Omit<HistoryEvent, 'at' | 'providerId'>

interface StoredEvents {
  readonly base: number
  readonly templates: readonly Template[]
  /** Three numbers an event: its position, its template, and milliseconds since the base. */
  readonly events: readonly number[]
  /** By index of the event; left out where there are none. */
  readonly ids?: Readonly<Record<string, string>>
}

/** A settlement's events mostly differ in instant and provider's id alone, so they are stored as a few templates and numbers. */
export function packEvents(logged: readonly LoggedEvent[]): Uint8Array {
  const base = logged[0]?.at ?? 0
  const templates: HistoryEvent[] = []
  const events: number[] = []
  const ids: Record<string, string> = {}
  let some = false
  for (const [index, { position, event, at }] of logged.entries()) {
    let template = templates.findLastIndex((known) => sameBut(known, event))
    if (template < 0) template = templates.push(event) - 1
    events.push(position, template, at - base)
    if (event.providerId === undefined) continue
    some = true
    ids[index] = event.providerId
  }
  const stored: StoredEvents = {
    base,
    templates: templates.map(templateOf),
    events,
    ...(some && { ids }),
  }
  return packText(JSON.stringify(stored))
}

function templateOf(event: HistoryEvent): Template {
  const { step, kind, channel, provider, attempt, reason, detail, outcome, cost } = event
  return {
    step,
    kind,
    ...(channel !== undefined && { channel }),
    ...(provider !== undefined && { provider }),
    ...(attempt !== undefined && { attempt }),
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
    ...(outcome !== undefined && { outcome }),
    ...(cost !== undefined && { cost }),
  }
}

export function unpackEvents(packed: Uint8Array): LoggedEvent[] {
  const { base, templates, events, ids = {} } = JSON.parse(unpackText(packed)) as StoredEvents
  const logged: LoggedEvent[] = []
  for (let index = 0; index * 3 < events.length; index += 1) {
    const template = templates[events[index * 3 + 1] ?? 0]
    if (template === undefined) continue
    const at = base + (events[index * 3 + 2] ?? 0)
    const providerId = ids[index]
    const event = { ...template, at, ...(providerId !== undefined && { providerId }) }
    logged.push({ position: events[index * 3] ?? 0, event, at })
  }
  return logged
}

function sameBut(one: HistoryEvent, other: HistoryEvent): boolean {
  return (
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
}
