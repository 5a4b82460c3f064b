import type { Profile, Segment } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, text, whole } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { Turns } from '../ledger/batches.js'
import { countPeopleScript, lookScript, scanScript, zonesScript } from '../scripts/book.js'
import type { BookPart, BookParts } from './book-keys.js'
import { merge, shareOf } from './merge.js'
import type { Merged, Stream } from './merge.js'
import type { People } from './people.js'
import { planCount, planPage } from './plan.js'
import type { CountPlan, IndexCondition } from './plan.js'
import { decodeProfile, idOf } from './profile.js'

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
    const { items, next } = await this.#merged(asked, async (part, most) => {
      const [members, ended] = list(await this.scripts.run(scanScript, [part.people], [asked.after, most]))
      const found = list(members).map(bytes)
      return [{ items: found, upTo: ended === 1 ? undefined : found.at(-1) }]
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
    const { items, next } = await this.#merged(asked, async (part, most) => {
      const answers = list(await this.scripts.run(lookScript, [part.index], [asked.after, most, ...args]))
      return answers.map((answer) => {
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

  async #merged({ tenant, limit }: Asked, read: (part: BookPart, most: number) => Promise<Stream[]>): Promise<Merged> {
    const parts = this.parts.all(tenant)
    const most = shareOf(limit, parts.length)
    return merge((await fewAtOnce(parts, async (part) => read(part, most))).flat(), limit)
  }

  /** Undefined where the index cannot tell. */
  async count(tenant: string, segment: Segment): Promise<number | undefined> {
    const plan = planCount(segment)
    if (plan === undefined) return undefined
    const counts = await fewAtOnce(this.parts.all(tenant), async (part) => this.#countPart(part, plan))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async #countPart({ people, index }: BookPart, { names, zoneless, others }: CountPlan): Promise<number> {
    const [all = 0, zoned = 0, ...counts] = list(await this.scripts.run(countPeopleScript, [people, index], names)).map(
      whole,
    )
    const found = counts.reduce((sum, count) => sum + count, zoneless ? all - zoned : 0)
    return others ? all - found : found
  }

  async zones(tenant: string): Promise<readonly (string | null)[]> {
    const found = await fewAtOnce(this.parts.all(tenant), async (part) => this.#zonesOf(part))
    return [...new Set(found.flat())]
  }

  async #zonesOf(part: BookPart): Promise<(string | null)[]> {
    const zoneless = await this.#countPart(part, { names: [], zoneless: true, others: false })
    const zones: (string | null)[] = zoneless > 0 ? [null] : []
    for (let last = ''; ; ) {
      const names = list(await this.scripts.run(zonesScript, [part.index], [last])).map(text)
      zones.push(...names.map((name) => name.slice(1)))
      last = names.at(-1) ?? ''
      if (last === '') return zones
    }
  }
}
