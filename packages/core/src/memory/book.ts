import { storableCopy } from '../json/index.js'
import { judgeSegment, segmentFacts } from '../segment/index.js'
import type { Book, BookEvent, BookPage, BookQuery, Clock, History, ListItem, Profile } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { Deeds } from './deeds.js'
import { Lists } from './lists.js'
import { People } from './people.js'

/** So many are judged before others have a turn. */
const judgedAtOnce = 500

interface TenantBook {
  readonly people: People
  readonly deeds: Deeds
}

/** The recipients in this process' memory, in the order of their ids; a segment that asks for a group looks only there. */
export class MemoryBook implements Book {
  readonly specVersion = 1
  readonly #clock: Clock
  readonly #history: History
  readonly #eventsForMs: number
  readonly #tenants = new Map<string, TenantBook>()
  readonly #lists = new Lists()

  constructor(clock: Clock, history: History, eventsForMs: number) {
    this.#clock = clock
    this.#history = history
    this.#eventsForMs = eventsForMs
  }

  async upsert(tenant: string, profiles: readonly Profile[]): Promise<void> {
    const { people } = this.#of(tenant)
    const yielder = createYielder(this.#clock)
    for (const profile of profiles) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      people.put(storableCopy(profile, 'a recipient') as Profile)
    }
    await yielder.handOver()
  }

  async remove(tenant: string, ids: readonly string[]): Promise<number> {
    const { people, deeds } = this.#of(tenant)
    for (const id of ids) deeds.forget(id)
    return ids.filter((id) => people.remove(id)).length
  }

  async recipients(tenant: string, ids: readonly string[]): Promise<readonly Profile[]> {
    const { people } = this.#of(tenant)
    return ids.flatMap((id) => people.get(id) ?? [])
  }

  async page(
    query: BookQuery,
    { after, limit }: { readonly after: string; readonly limit: number },
  ): Promise<BookPage> {
    const looked = this.#of(query.tenant).people.after(after, limit, query.segment)
    const profiles = await this.#judged(query, looked)
    return { profiles, next: looked.length < limit ? undefined : looked.at(-1)?.id, exact: true }
  }

  async count(query: BookQuery): Promise<number> {
    const { people } = this.#of(query.tenant)
    const yielder = createYielder(this.#clock)
    let count = 0
    for (let after = ''; ; ) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      const looked = people.after(after, judgedAtOnce, query.segment)
      count += (await this.#judged(query, looked)).length
      after = looked.at(-1)?.id ?? ''
      if (looked.length < judgedAtOnce) break
    }
    await yielder.handOver()
    return count
  }

  async zones(tenant: string): Promise<readonly (string | null)[]> {
    return this.#of(tenant).people.zones()
  }

  async record(tenant: string, events: readonly BookEvent[]): Promise<void> {
    this.#of(tenant).deeds.record(events, this.#clock.now())
  }

  async events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    const { deeds } = this.#of(tenant)
    return recipients.map((recipient) => deeds.count(name, recipient, since))
  }

  async append(list: string, chunk: number, items: readonly ListItem[]): Promise<void> {
    this.#lists.append(list, chunk, items)
  }

  async chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined> {
    return this.#lists.chunk(list, chunk)
  }

  async has(list: string, ids: readonly string[]): Promise<readonly boolean[]> {
    return ids.map((id) => this.#lists.has(list, id))
  }

  async size(list: string): Promise<number> {
    return this.#lists.size(list)
  }

  async drop(list: string): Promise<void> {
    this.#lists.drop(list)
  }

  #of(tenant: string): TenantBook {
    const known = this.#tenants.get(tenant)
    if (known !== undefined) return known
    const made = { people: new People(), deeds: new Deeds(this.#eventsForMs) }
    this.#tenants.set(tenant, made)
    return made
  }

  async #judged({ tenant, segment, now }: BookQuery, profiles: readonly Profile[]): Promise<readonly Profile[]> {
    if (segment === undefined) return profiles
    const facts = segmentFacts(tenant, now, this, this.#history)
    const yielder = createYielder(this.#clock)
    const held: Profile[] = []
    for (let start = 0; start < profiles.length; start += judgedAtOnce) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      const part = profiles.slice(start, start + judgedAtOnce)
      const answers = await judgeSegment(segment, part, facts)
      held.push(...part.filter((_, index) => answers[index] === true))
    }
    await yielder.handOver()
    return held
  }
}
