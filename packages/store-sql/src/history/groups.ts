import type { Selectable } from 'kysely'
import type { GroupTable } from '../database/tables.js'
import type { Body, ParcelBodies } from '../ledger/bodies.js'
import type { BulkTarget } from '../ledger/bulk.js'
import { laneNumber } from '../ledger/entries.js'
import { readRanges, writeRanges } from '../ledger/ranges.js'
import type { Standing } from '../ledger/standing.js'
import type { LoggedEvent } from './packed.js'
import { longestName, storable } from './texts.js'

export type GroupRow = Selectable<GroupTable>

export const groupTarget: BulkTarget<'reach_group'> = {
  table: 'reach_group',
  columns: [
    'parcel',
    'ordinal',
    'tenant',
    'type',
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
    'size',
    'positions',
  ],
  keys: 2,
  onKnown: 'replace',
}

/** Channels that have an event, by position, each as it was met first: `,email,sms,`. */
export function addChannels(channels: Map<number, string>, events: readonly LoggedEvent[]): void {
  for (const { position, event } of events) {
    if (event.channel === undefined) continue
    const known = channels.get(position) ?? ','
    const more = `${storable(event.channel, longestName)},`
    if (!known.includes(`,${more}`)) channels.set(position, known + more)
  }
}

/** The channels that the groups of a parcel tell. */
export function channelsIn(groups: readonly Pick<GroupRow, 'channels' | 'positions'>[]): Map<number, string> {
  const channels = new Map<number, string>()
  for (const { channels: told, positions } of groups)
    if (told !== '') for (const position of readRanges(positions)) channels.set(position, told)
  return channels
}

interface Group {
  readonly body: Body
  readonly state: string
  readonly outcome: string | undefined
  readonly reason: string | undefined
  readonly channels: string
  readonly positions: number[]
}

/** The messages of a parcel, those that stand alike as one row each: mostly one for the whole parcel. */
export function groupRows(
  standing: Standing,
  parcel: ParcelBodies,
  channels: ReadonlyMap<number, string>,
): (readonly unknown[])[] {
  const groups: Group[] = []
  let last: Group | undefined
  for (const [position, body] of parcel.bodies.entries()) {
    const state = standing.state(position)
    if (state === undefined) continue
    const one: Omit<Group, 'positions'> = {
      body,
      state,
      outcome: standing.outcome(position),
      reason: standing.reason(position)?.code,
      channels: channels.get(position) ?? '',
    }
    // Mostly it is that of the message before.
    if (last === undefined || !alike(last, one)) last = groups.find((group) => alike(group, one))
    if (last === undefined) groups.push((last = { ...one, positions: [] }))
    last.positions.push(position)
  }
  return groups.map((group, ordinal) => valuesOf(group, ordinal, standing.parcel, parcel))
}

function alike(one: Group, other: Omit<Group, 'positions'>): boolean {
  return (
    one.state === other.state &&
    one.outcome === other.outcome &&
    one.reason === other.reason &&
    one.channels === other.channels &&
    one.body.type === other.body.type &&
    one.body.lane === other.body.lane &&
    alikeIn(one.body.labels, other.body.labels)
  )
}

function alikeIn(one: Body['labels'], other: Body['labels']): boolean {
  if (one === other) return true
  return (
    one.category === other.category &&
    one.group === other.group &&
    one.module === other.module &&
    one.line === other.line
  )
}

function valuesOf(
  { body, state, outcome, reason, channels, positions }: Group,
  ordinal: number,
  parcel: string,
  { tenant, acceptedAt }: ParcelBodies,
): readonly unknown[] {
  const { category, group, module, line } = body.labels
  return [
    parcel,
    ordinal,
    storable(tenant, longestName),
    storable(body.type, longestName),
    laneNumber(body.lane),
    name(category),
    name(group),
    name(module),
    name(line),
    acceptedAt,
    state,
    outcome ?? null,
    name(reason),
    channels,
    positions.length,
    writeRanges(positions),
  ]
}

function name(text: string | undefined): string | null {
  return text === undefined ? null : storable(text, longestName)
}
