import type { Profile, Segment } from '../spec/index.js'
import { SortedIds } from './sorted-ids.js'

/** The recipients of one tenant: by id, in order, by group, and how many live in each zone. */
export class People {
  readonly #profiles = new Map<string, Profile>()
  readonly #ids = new SortedIds()
  readonly #groups = new Map<string, SortedIds>()
  readonly #zones = new Map<string | null, number>()

  put(profile: Profile): void {
    this.#forget(profile.id)
    this.#profiles.set(profile.id, profile)
    this.#ids.add(profile.id)
    this.#countZone(profile.zone ?? null, 1)
    for (const group of profile.groups ?? []) this.#group(group).add(profile.id)
  }

  /** True where there was one. */
  remove(id: string): boolean {
    this.#ids.delete(id)
    return this.#forget(id)
  }

  get(id: string): Profile | undefined {
    return this.#profiles.get(id)
  }

  zones(): readonly (string | null)[] {
    return [...this.#zones.keys()]
  }

  /** The profiles behind an id in order, at most so many of those that may be of a segment. */
  after(id: string, most: number, segment?: Segment): readonly Profile[] {
    const group = segment && requiredGroup(segment)
    const ids = group === undefined ? this.#ids : this.#groups.get(group)
    return (ids?.after(id, most) ?? []).flatMap((one) => this.#profiles.get(one) ?? [])
  }

  /** Everything but its place in the order. */
  #forget(id: string): boolean {
    const profile = this.#profiles.get(id)
    if (profile === undefined) return false
    this.#profiles.delete(id)
    this.#countZone(profile.zone ?? null, -1)
    for (const group of profile.groups ?? []) this.#leave(group, id)
    return true
  }

  #group(name: string): SortedIds {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const made = new SortedIds()
    this.#groups.set(name, made)
    return made
  }

  #leave(name: string, id: string): void {
    const ids = this.#groups.get(name)
    ids?.delete(id)
    if (ids?.size === 0) this.#groups.delete(name)
  }

  #countZone(zone: string | null, by: number): void {
    const count = (this.#zones.get(zone) ?? 0) + by
    if (count === 0) this.#zones.delete(zone)
    else this.#zones.set(zone, count)
  }
}

/** A group that everybody of the segment is in, so that nobody else is looked at. */
function requiredGroup(segment: Segment): string | undefined {
  if ('group' in segment) return segment.group
  if (!('all' in segment)) return undefined
  for (const part of segment.all) {
    const group = requiredGroup(part)
    if (group !== undefined) return group
  }
  return undefined
}
