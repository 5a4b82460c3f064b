import type { Profile, Segment } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, text, whole } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { Turns } from '../ledger/batches.js'
import { countPeopleScript, lookScript, scanScript, zonesScript } from '../scripts/book.js'
import type { BookPart, BookParts } from './book-keys.js'
import { merge, shareOf } from './merge.js'
import type { Merged, Stream } from './merge.js'
import { partGroups } from './part-calls.js'
import type { People } from './people.js'
import { planCount, planPage } from './plan.js'
import type { CountPlan, IndexCondition } from './plan.js'
import { decodeProfile, idOf } from './profile.js'

const zonesAtOnce = 200

interface Asked {
  readonly tenant: string
  readonly after: string
  readonly limit: number
}

export interface ReadPage {
  readonly profiles: readonly Profile[]
  readonly next: string | undefined
  readonly exact: boolean
}

/** Recipients in the order of their ids, of all parts together: by the index where a segment has to meet it. */
export class Pages {
  constructor(
    readonly scripts: Scripts,
    readonly parts: BookParts,
    readonly people: People,
  ) {}

  async page(asked: Asked, segment: Segment): Promise<ReadPage> {
    const { conditions, exact } = planPage(segment)
    if (conditions.some((names) => names.length === 0)) return { profiles: [], next: undefined, exact: true }
    const read = conditions.length === 0 ? await this.#scan(asked) : await this.#look(asked, conditions)
    return { ...read, exact }
  }

  async #scan(asked: Asked): Promise<Omit<ReadPage, 'exact'>> {
    const { items, next } = await this.#merged(asked, async (parts, most) => {
      const keys = parts.map(({ people }) => people)
      return list(await this.scripts.run(scanScript, keys, [asked.after, most])).map((answer) => {
        const [members, ended] = list(answer)
        const found = list(members).map(bytes)
        return { items: found, upTo: ended === 1 ? undefined : found.at(-1) }
      })
    })
    const turns = new Turns()
    const profiles: Profile[] = []
    for (const member of items) {
      await turns.pass()
      profiles.push(decodeProfile(member).profile)
    }
    return { profiles, next: next && idOf(next) }
  }

  /** Who is found may have changed until it is read: it has to meet the conditions then as well. */
  async #look(asked: Asked, conditions: readonly IndexCondition[]): Promise<Omit<ReadPage, 'exact'>> {
    const args = conditions.flatMap((names) => [names.length, ...names])
    const { items, next } = await this.#merged(asked, async (parts, most) => {
      const keys = parts.map(({ index }) => index)
      return list(await this.scripts.run(lookScript, keys, [asked.after, most, ...args])).map((answer) => {
        const [last, ids] = list(answer)
        const upTo = bytes(last)
        return { items: list(ids).map(bytes), upTo: upTo.length === 0 ? undefined : upTo }
      })
    })
    const ids = items.map((id) => id.toString('utf8'))
    const found = new Map((await this.people.find(asked.tenant, ids)).map((stored) => [stored.profile.id, stored]))
    const profiles = ids.flatMap((id) => {
      const stored = found.get(id)
      const met = stored && conditions.every((names) => names.some((name) => stored.names.has(name)))
      return met === true ? [stored.profile] : []
    })
    return { profiles, next: next?.toString('utf8') }
  }

  async #merged(
    { tenant, limit }: Asked,
    read: (parts: readonly BookPart[], most: number) => Promise<Stream[]>,
  ): Promise<Merged> {
    const parts = this.parts.all(tenant)
    const most = shareOf(limit, parts.length)
    const streams = await fewAtOnce(partGroups(this.scripts, parts, most), async (group) => read(group, most))
    return merge(streams.flat(), limit)
  }

  /** Undefined where the index cannot tell. */
  async count(tenant: string, segment: Segment): Promise<number | undefined> {
    const plan = planCount(segment)
    if (plan === undefined) return undefined
    return this.#counted(tenant, plan)
  }

  async #counted(tenant: string, { names, zoneless, others }: CountPlan): Promise<number> {
    const groups = partGroups(this.scripts, this.parts.all(tenant), 1 + names.length)
    const counts = await fewAtOnce(groups, async (parts) => {
      const keys = parts.flatMap(({ people, index }) => [people, index])
      const [all = 0, zoned = 0, named = 0] = list(await this.scripts.run(countPeopleScript, keys, names)).map(whole)
      const found = named + (zoneless ? all - zoned : 0)
      return others ? all - found : found
    })
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async zones(tenant: string): Promise<readonly (string | null)[]> {
    const zoneless = await this.#counted(tenant, { names: [], zoneless: true, others: false })
    const found = await fewAtOnce(this.parts.all(tenant), async (part) => this.#zonesOf(part))
    return [...new Set([...(zoneless > 0 ? [null] : []), ...found.flat()])]
  }

  async #zonesOf({ index }: BookPart): Promise<readonly string[]> {
    const zones: string[] = []
    for (let last = ''; ; ) {
      const names = list(await this.scripts.run(zonesScript, [index], [last, zonesAtOnce])).map(text)
      zones.push(...names.map((name) => name.slice(1)))
      if (names.length < zonesAtOnce) return zones
      last = names.at(-1) ?? ''
    }
  }
}
