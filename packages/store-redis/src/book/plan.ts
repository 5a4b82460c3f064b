import type { Segment } from '@reachkit/core/spec'
import { groupName, zoneName } from './profile.js'

/** With so many names of all conditions the index is asked, at most. */
const mostNames = 32
/** Names whose recipients are counted, at most. */
const mostCounted = 256

/** Lists names, one of which a recipient has to be found by. */
export type IndexCondition = readonly string[]

export interface PagePlan {
  /** All of them have to be met. Without any, everybody is looked at; one without names is met by nobody. */
  readonly conditions: readonly IndexCondition[]
  /** Whoever meets them is of the segment. */
  readonly exact: boolean
}

/** What of a segment the index of groups and zones answers: what has to be met at its top level. */
export function planPage(segment: Segment): PagePlan {
  const parts = allOf(segment).map(conditionOf)
  const conditions: IndexCondition[] = []
  let left = mostNames
  for (const names of parts) {
    if (names === undefined || names.length > left) continue
    conditions.push(names)
    left -= names.length
  }
  return { conditions, exact: conditions.length === parts.length }
}

function allOf(segment: Segment): readonly Segment[] {
  return 'all' in segment ? segment.all.flatMap(allOf) : [segment]
}

/** Undefined for what the index cannot answer. Nobody is found by having no zone. */
function conditionOf(segment: Segment): IndexCondition | undefined {
  if ('group' in segment) return [groupName(segment.group)]
  if ('zone' in segment) {
    const zones = segment.zone.filter((zone) => zone !== null)
    return zones.length < segment.zone.length ? undefined : [...new Set(zones.map(zoneName))]
  }
  if (!('any' in segment)) return undefined
  const parts = segment.any.map(conditionOf)
  const names = parts.flatMap((part) => part ?? [])
  return parts.includes(undefined) ? undefined : [...new Set(names)]
}

/** How many have one of these names, none of which two are had by one recipient; or how many have not. */
export interface CountPlan {
  readonly names: readonly string[]
  /** Those without a zone too. */
  readonly zoneless: boolean
  readonly others: boolean
}

/** How a segment is counted by the index alone; undefined where it cannot be. */
export function planCount(segment: Segment): CountPlan | undefined {
  if ('all' in segment) return countParts(segment.all, true)
  if ('any' in segment) return countParts(segment.any, false)
  if ('not' in segment) {
    const inner = planCount(segment.not)
    return inner && { ...inner, others: !inner.others }
  }
  if ('group' in segment) return { names: [groupName(segment.group)], zoneless: false, others: false }
  if (!('zone' in segment)) return undefined
  const names = [...new Set(segment.zone)].filter((zone) => zone !== null).map(zoneName)
  if (names.length > mostCounted) return undefined
  return { names, zoneless: segment.zone.includes(null), others: false }
}

/** Of nothing, or of one part: of two, somebody may be in both. */
function countParts(parts: readonly Segment[], everybody: boolean): CountPlan | undefined {
  const [first, second] = parts
  if (first === undefined) return { names: [], zoneless: false, others: everybody }
  return second === undefined ? planCount(first) : undefined
}
