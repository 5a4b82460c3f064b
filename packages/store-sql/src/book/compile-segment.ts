import { windowStart } from '@reachkit/core/spec'
import type { Condition, EventCondition, Segment, ZoneCondition } from '@reachkit/core/spec'
import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import { ofRecipient } from './entries.js'
import { always, and, hasEntry, listsEntries, or, searched } from './search.js'
import { wantedOf } from './wanted.js'

/** What is compiled; of what recipients were sent, only the history knows. `lists`: whether the server has a table of a list. */
export function isCompiled(condition: Condition, lists: boolean): boolean {
  if ('received' in condition) return false
  return lists || !('attribute' in condition) || !listsEntries(wantedOf(condition))
}

export interface SegmentPlace {
  readonly dialect: Pick<Dialect, 'name'>
  /** As it is stored. */
  readonly tenant: string
  readonly now: number
}

/**
 * A segment as a condition on `reach_profile as p`: true or false of each, never null, so that `not` is `not`. It is
 * made of conditions that `isCompiled` holds for.
 */
export function compileSegment(segment: Segment, place: SegmentPlace): RawBuilder<SqlBool> {
  if ('all' in segment) return and(segment.all.map((part) => compileSegment(part, place)))
  if ('any' in segment) return or(segment.any.map((part) => compileSegment(part, place)))
  if ('not' in segment) return sql`not (${compileSegment(segment.not, place)})`
  if ('attribute' in segment) return searched(place.dialect, wantedOf(segment))
  if ('group' in segment) return hasEntry(place.dialect, ofRecipient.group + segment.group)
  if ('zone' in segment) return inZone(segment)
  if ('event' in segment) return didEvent(segment, place)
  return always
}

/** Without `is not null`, by which SQLite would look through an index of zones for each recipient. */
function inZone({ zone }: ZoneCondition): RawBuilder<SqlBool> {
  const known = zone.filter((one) => one !== null)
  const parts: RawBuilder<SqlBool>[] = zone.includes(null) ? [sql`p.zone is null`] : []
  if (known.length > 0) parts.push(sql`coalesce(p.zone in (${sql.join(known)}), false)`)
  return or(parts)
}

/** Counted by a query of its own: a server that joins for `exists` joins some tens of tables at most. */
function didEvent(condition: EventCondition, { tenant, now }: SegmentPlace): RawBuilder<SqlBool> {
  const { event, times = 1 } = condition
  return sql`(select count(*) from reach_event as e where e.tenant = ${tenant} and e.recipient = p.id
    and e.name = ${event} and e.at >= ${windowStart(condition, now)}) >= ${times}`
}
