import { messageId } from '@reachkit/core/spec'
import type { Body, ParcelBodies } from '../ledger/bodies.js'
import type { BulkTarget } from '../ledger/bulk.js'
import { laneNumber } from '../ledger/entries.js'
import type { Standing } from '../ledger/standing.js'
import type { LoggedEvent } from './packed.js'

export const messageTarget: BulkTarget<'reach_message'> = {
  table: 'reach_message',
  columns: [
    'id',
    'parcel',
    'tenant',
    'type',
    'recipient',
    'lane',
    'category',
    'group_name',
    'module',
    'line',
    'accepted_at',
    'state',
    'outcome',
    'reason',
    'channels',
  ],
  keys: 1,
  onKnown: 'replace',
}

export const providerIdTarget: BulkTarget<'reach_provider_id'> = {
  table: 'reach_provider_id',
  columns: ['provider_id', 'provider', 'message', 'parcel'],
  keys: 2,
  onKnown: 'replace',
}

/** How long a text may be that lists are searched by, in UTF-16 units; longer ones are cut, in rows and in filters alike. */
export const longestRecipient = 400
export const longestName = 200

/** As it can be stored by every server: PostgreSQL refuses the character 0. */
export function storable(text: string, most: number): string {
  const cut = text.length > most ? text.slice(0, most) : text
  return cut.includes('\u0000') ? cut.replaceAll('\u0000', '\ufffd') : cut
}

function name(text: string | undefined): string | null {
  return text === undefined ? null : storable(text, longestName)
}

/** Channels that have an event, by position, each as it was met first. */
export function channelsOf(events: readonly LoggedEvent[]): Map<number, string> {
  const channels = new Map<number, string>()
  for (const { position, event } of events) {
    if (event.channel === undefined) continue
    const known = channels.get(position) ?? ','
    const more = `${storable(event.channel, longestName)},`
    if (!known.includes(`,${more}`)) channels.set(position, known + more)
  }
  return channels
}

export function messageValues(
  standing: Standing,
  position: number,
  { tenant, acceptedAt, bodies }: ParcelBodies,
  channels: string,
): readonly unknown[] | undefined {
  const body: Body | undefined = bodies[position]
  const state = standing.state(position)
  if (body === undefined || state === undefined) return undefined
  const { category, group, module, line } = body.labels
  return [
    messageId(standing.parcel, position),
    standing.parcel,
    storable(tenant, longestName),
    storable(body.type, longestName),
    storable(body.recipient, longestRecipient),
    laneNumber(body.lane),
    name(category),
    name(group),
    name(module),
    name(line),
    acceptedAt,
    state,
    standing.outcome(position) ?? null,
    name(standing.reason(position)?.code),
    channels,
  ]
}

export function providerIdValues(parcel: string, events: readonly LoggedEvent[]): (readonly unknown[])[] {
  const rows = new Map<string, readonly unknown[]>()
  for (const { position, event } of events) {
    if (event.providerId === undefined) continue
    const provider = storable(event.provider ?? '', longestName)
    const id = storable(event.providerId, longestRecipient)
    rows.set(`${id}\n${provider}`, [id, provider, messageId(parcel, position), parcel])
  }
  return [...rows.values()]
}
