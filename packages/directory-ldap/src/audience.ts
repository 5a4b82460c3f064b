import {
  audience,
  itemOf,
  type NamedAudience,
  type NamedAudienceOptions,
  type NamedPlan,
  type StandardSchemaV1,
} from '@reachkit/core/directory'
import {
  type AudienceContext,
  type AudienceFactory,
  type AudienceItem,
  type AudiencePage,
  type AudiencePageRequest,
  ReachError,
} from '@reachkit/core/spec'
import { OptionReader } from '@reachkit/driver-kit'
import { type Client, type Filter, GreaterThanEqualsFilter, LessThanEqualsFilter } from 'ldapts'
import { attributeName } from './attribute-name.js'
import { columnsOf, localeOf } from './attributes.js'
import type { Connections } from './connections.js'
import { type Entry, firstOf, valuesOf } from './entry.js'
import { keySpaces } from './key-kinds.js'
import { isLdapFilter, type LdapFilter, parseFilter } from './ldap-filter.js'
import type { LdapSettings } from './options.js'
import { type Found, nextByRange, readPlace, writePlace } from './ranges.js'
import { allOf, mostValues, oneOf, searchAll, searchUpTo } from './search.js'

export interface LdapAudienceOptions<Args> {
  /** Who is in it, beside the filter of `ldap`: text, or a function that answers ``ldapFilter`...` ``. Everybody unless told. */
  readonly filter?: string | ((args: Args, context: { readonly tenant: string }) => LdapFilter)
  /** Attributes that come along for `column('title')`. */
  readonly columns?: readonly string[]
}

/** An audience of the directory: list it in `createReach({ audiences })`, and call it with its arguments in a task. */
export interface LdapAudience {
  <Schema extends StandardSchemaV1>(
    name: string,
    options: LdapAudienceOptions<StandardSchemaV1.InferOutput<Schema>> & { readonly args: Schema },
  ): NamedAudience<Schema>
  (name: string, options?: LdapAudienceOptions<null>): NamedAudience<undefined>
}

type GivenOptions = LdapAudienceOptions<never> & { readonly args?: StandardSchemaV1 }

export function createLdapAudience(settings: LdapSettings, connections: Connections): LdapAudience {
  return (name: string, given?: GivenOptions): AudienceFactory & ((args?: unknown) => NamedPlan) => {
    const people = new LdapPeople(settings, connections, readColumns(name, given ?? {}))
    const filterOf = readFilter(name, given?.filter)
    const { guard } = settings
    const parts: Omit<NamedAudienceOptions<StandardSchemaV1>, 'args'> = {
      page: async (args, request, of) =>
        guard.run((signal) => people.page(filterOf(args, of), request, signal), of.signal),
      has: async (args, ids, of) => guard.run((signal) => people.has(filterOf(args, of), ids, signal), of.signal),
    }
    return given?.args === undefined ? audience(name, parts) : audience(name, { ...parts, args: given.args })
  }
}

function readColumns(name: string, given: GivenOptions): readonly string[] {
  const options = new OptionReader(`audience '${name}'`, given, ['args', 'filter', 'columns'])
  const columns = options.read('columns', Array.isArray, 'a list of attributes') ?? []
  return columns.map((column) => attributeName('columns', column))
}

function readFilter(
  name: string,
  filter: GivenOptions['filter'],
): (args: unknown, of: AudienceContext) => Filter | undefined {
  if (filter === undefined) return () => undefined
  if (typeof filter === 'string') {
    const parsed = parseFilter(`audience '${name}': filter`, filter)
    return () => parsed
  }
  return (args, of) => {
    // The schema has let them through.
    const answer: unknown = filter(args as never, of)
    if (isLdapFilter(answer)) return parseFilter(`audience '${name}': filter`, answer.text)
    throw new ReachError('REACH_OPTION_INVALID', `audience '${name}': filter must answer ldapFilter\`...\``)
  }
}

/** Entries along their key. */
class LdapPeople {
  readonly #settings: LdapSettings
  readonly #connections: Connections
  readonly #columns: readonly string[]
  readonly #asked: readonly string[]

  constructor(settings: LdapSettings, connections: Connections, columns: readonly string[]) {
    const { attributes, key } = settings
    this.#settings = settings
    this.#connections = connections
    this.#columns = columns
    const all = [attributes.id, attributes.locale, attributes.zone, key.attribute, ...columns]
    this.#asked = [...new Set(all.filter((name) => name !== undefined))]
  }

  async page(
    own: Filter | undefined,
    { cursor, limit }: AudiencePageRequest,
    signal: AbortSignal,
  ): Promise<AudiencePage> {
    const space = keySpaces[this.#settings.key.kind]
    const place = readPlace(space, cursor)
    const { all, next } = await this.#connections.use(async (client) => {
      const page = await nextByRange(space, place, limit, (from, to) => this.#find(client, own, limit, from, to))
      if (cursor === '' && page.all.length === 0) await this.#refuseUnordered(client, own)
      return page
    }, signal)
    const items: AudienceItem[] = []
    const rejects: { line: number; reason: string }[] = []
    for (const [index, entry] of all.entries()) {
      const item = this.#itemOf(entry)
      if (typeof item === 'string') rejects.push({ line: index + 1, reason: item })
      else items.push(item)
    }
    return { items, rejects, next: next === undefined ? undefined : writePlace(next) }
  }

  async has(own: Filter | undefined, ids: readonly string[], signal: AbortSignal): Promise<readonly boolean[]> {
    const { base, attributes } = this.#settings
    const found = new Set<string>()
    await this.#connections.use(async (client) => {
      for (let start = 0; start < ids.length; start += mostValues) {
        const wanted = this.#filter(own, oneOf(attributes.id, ids.slice(start, start + mostValues)))
        // The first one is under which an entry is in the audience.
        for (const entry of await searchAll(client, base, wanted, [attributes.id])) {
          for (const id of valuesOf(entry, attributes.id).slice(0, 1)) found.add(id)
        }
      }
    }, signal)
    return ids.map((id) => found.has(id))
  }

  async #find(client: Client, own: Filter | undefined, limit: number, from: bigint, to: bigint): Promise<Found<Entry>> {
    const { base, key } = this.#settings
    const { attribute } = key
    const space = keySpaces[key.kind]
    const range = allOf(
      new GreaterThanEqualsFilter({ attribute, value: space.write(from) }),
      new LessThanEqualsFilter({ attribute, value: space.write(to) }),
    )
    const { entries, isAll } = await searchUpTo(client, base, this.#filter(own, range), this.#asked, limit)
    if (!isAll) return { some: entries.flatMap((entry) => this.#keyOf(entry) ?? []) }
    return { all: entries.toSorted((one, other) => ((this.#keyOf(one) ?? 0n) < (this.#keyOf(other) ?? 0n) ? -1 : 1)) }
  }

  /** A server that cannot compare the key finds nobody, and says nothing. */
  async #refuseUnordered(client: Client, own: Filter | undefined): Promise<void> {
    const { base, filter, key } = this.#settings
    const anybody = own === undefined ? filter : allOf(filter, own)
    const { entries } = await searchUpTo(client, base, anybody, [key.attribute], 1)
    if (entries.length === 0) return
    const text = `the server has people, and finds none of them by ${key.attribute}>=: set another key`
    throw new ReachError('REACH_AUDIENCE_INVALID', text)
  }

  #filter(own: Filter | undefined, more: Filter): Filter {
    const { filter } = this.#settings
    return own === undefined ? allOf(filter, more) : allOf(filter, own, more)
  }

  #keyOf(entry: Entry): bigint | undefined {
    const { attribute, kind } = this.#settings.key
    return keySpaces[kind].read(firstOf(entry, attribute) ?? '')
  }

  #itemOf(entry: Entry): AudienceItem | string {
    const { id, zone, locale } = this.#settings.attributes
    const roles = { id: 'id', zone: 'zone', locale: 'locale' }
    const values: Readonly<Record<string, unknown>> = {
      id: firstOf(entry, id),
      zone: zone === undefined ? undefined : firstOf(entry, zone),
      locale: localeOf(entry, locale),
    }
    return itemOf(roles, (name) => values[name], columnsOf(entry, this.#columns))
  }
}
