import { ReachError } from '@reachkit/core/spec'
import type { Profile } from '@reachkit/core/spec'
import { squeeze, unsqueeze } from '../parcel/body.js'

/** Packing pays from here on, and takes too long at a stretch from there on. */
const [smallest, largest] = [1_024, 65_536]
const plain = 0x5b

/** What a recipient is found by: groups and a zone. */
export const groupName = (group: string): string => `g${group}`
export const zoneName = (zone: string): string => `z${zone}`

/** A recipient as it is kept, and the names that it is found by. */
export interface StoredProfile {
  readonly profile: Profile
  readonly names: ReadonlySet<string>
}

/**
 * A recipient as one member of a sorted set: the id, the names that it is found by, and the rest as a list in JSON, packed
 * where it is long. U+0000, which no text holds, is behind the id, behind each name, and behind the last one once more: so
 * that the order of members is that of ids.
 */
export function encodeProfile(profile: Profile, compress: boolean): Buffer {
  const head = `${profile.id}\0${namesOf(profile).map(closed).join('')}\0`
  const rest = Buffer.from(JSON.stringify(restOf(profile)), 'utf8')
  const packed = compress && rest.length >= smallest && rest.length <= largest
  return Buffer.concat([Buffer.from(head, 'utf8'), packed ? Buffer.concat([Buffer.of(0), squeeze(rest)]) : rest])
}

/** In their order, the zone first. */
export function namesOf({ zone, groups }: Profile): string[] {
  return [...(zone === undefined ? [] : [zoneName(zone)]), ...(groups ?? []).map(groupName)]
}

function closed(name: string): string {
  return `${name}\0`
}

/** What is not in the head. No group is not the same as none given. */
function restOf(profile: Profile): unknown[] {
  const { id: _id, zone: _zone, groups, addresses, attributes, locale, devices, ...others } = profile
  const more = { ...others, ...(groups?.length === 0 && { groups }) }
  const rest = [addresses, attributes, locale, devices, Object.keys(more).length > 0 ? more : undefined]
  while (rest.at(-1) === undefined && rest.length > 1) rest.pop()
  return rest
}

export function decodeProfile(member: Buffer): StoredProfile {
  const end = member.indexOf(0)
  // Behind the last name, or where there is none behind the id.
  const head = member.indexOf('\0\0') + 1
  if (end < 1 || head < 1) throw new ReachError('REACH_STORE_UNAVAILABLE', 'a recipient of the book cannot be read')
  const names = member
    .toString('utf8', end + 1, head)
    .split('\0')
    .slice(0, -1)
  const zone = names.find((name) => name.startsWith('z'))
  const groups = names.filter((name) => name.startsWith('g')).map((name) => name.slice(1))
  const profile = {
    ...readRest(member.subarray(head + 1)),
    id: member.toString('utf8', 0, end),
    ...(zone !== undefined && { zone: zone.slice(1) }),
    ...(groups.length > 0 && { groups }),
  }
  return { profile, names: new Set(names) }
}

export function idOf(member: Buffer): string {
  const end = member.indexOf(0)
  return member.toString('utf8', 0, end < 0 ? member.length : end)
}

function readRest(bytes: Buffer): Omit<Profile, 'id'> {
  const text = (bytes[0] === plain ? bytes : unsqueeze(bytes.subarray(1))).toString('utf8')
  const [addresses, attributes, locale, devices, others] = JSON.parse(text) as [Profile['addresses'], ...unknown[]]
  const given = Object.entries({ attributes, locale, devices }).filter(
    ([, value]) => value !== undefined && value !== null,
  )
  return { ...(others as Partial<Profile> | null | undefined), ...Object.fromEntries(given), addresses }
}
