import { windowStart } from '@reachkit/core/spec'
import type { AttributeCondition, Segment } from '@reachkit/core/spec'
import { type RawBuilder, sql } from 'kysely'

/** Ids that an index has in their order, and that everybody of a segment is among. */
export type Source =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'event'; readonly name: string; readonly since: number }
  | { readonly kind: 'zone'; readonly zone: string | null }

/** The better ones have a lower rank. */
const ranks: Readonly<Record<Source['kind'], number>> = { ids: 0, group: 1, event: 2, zone: 3 }
const mostSources = 50

/** Of one of these sources everybody of the segment is; undefined where only all recipients will do. */
export function sourcesOf(segment: Segment, now: number): readonly Source[] | undefined {
  if ('all' in segment) return best(segment.all.map((part) => sourcesOf(part, now)))
  if ('any' in segment) return together(segment.any.map((part) => sourcesOf(part, now)))
  if ('attribute' in segment) return ofIds(segment)
  if ('group' in segment) return [{ kind: 'group', name: segment.group }]
  if ('zone' in segment) return together([...new Set(segment.zone)].map((zone) => [{ kind: 'zone', zone }]))
  if ('event' in segment) return [{ kind: 'event', name: segment.event, since: windowStart(segment, now) }]
  return undefined
}

function ofIds({ of, attribute, is, in: among }: AttributeCondition): readonly Source[] | undefined {
  const ids = is === undefined ? among : [is]
  if (of !== 'recipient' || attribute !== 'id' || ids === undefined) return undefined
  return [{ kind: 'ids', ids: ids.filter((id) => typeof id === 'string') }]
}

function best(all: readonly (readonly Source[] | undefined)[]): readonly Source[] | undefined {
  const [first] = all.filter((sources) => sources !== undefined).toSorted((one, other) => costOf(one) - costOf(other))
  return first
}

/** That of the worst: all of them are read. */
function costOf(sources: readonly Source[]): number {
  return sources.length === 0 ? -1 : Math.max(...sources.map(({ kind }) => ranks[kind])) + sources.length / 1_000
}

function together(all: readonly (readonly Source[] | undefined)[]): readonly Source[] | undefined {
  const found: Source[] = []
  for (const sources of all) {
    if (sources === undefined) return undefined
    found.push(...sources)
  }
  return found.length > mostSources ? undefined : found
}

/** A stretch of the ids of a tenant: behind the one, and up to the other. */
export interface Stretch {
  /** As it is stored. */
  readonly tenant: string
  readonly after: string
  /** Undefined for all that come. */
  readonly upTo?: string | undefined
}

/** Selects `id`, each once. */
export function selectIds(source: Source, stretch: Stretch): RawBuilder<unknown> {
  const { tenant } = stretch
  switch (source.kind) {
    case 'ids': {
      const ids = source.ids.length === 0 ? sql`null` : sql.join(source.ids)
      return sql`select id from reach_profile where tenant = ${tenant} and id in (${ids}) and ${within('id', stretch)}`
    }
    case 'group':
      return sql`select id from reach_membership where tenant = ${tenant} and name = ${source.name}
        and ${within('id', stretch)}`
    case 'event':
      return sql`select distinct recipient as id from reach_event where tenant = ${tenant} and name = ${source.name}
        and ${within('recipient', stretch)} and at >= ${source.since}`
    case 'zone': {
      const zone = source.zone === null ? sql`zone is null` : sql`zone = ${source.zone}`
      return sql`select id from reach_profile where tenant = ${tenant} and ${zone} and ${within('id', stretch)}`
    }
  }
}

/** Behind every id, as they have 512 bytes at most. */
const lastId = '\u{10ffff}'.repeat(129)

/** A condition on a column of ids. With both ends: PostgreSQL takes what has one end for a third of the table. */
export function within(column: string, { after, upTo = lastId }: Stretch): RawBuilder<unknown> {
  return sql`${sql.ref(column)} > ${after} and ${sql.ref(column)} <= ${upTo}`
}
