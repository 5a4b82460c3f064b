import { systemClock } from '../clock/system-clock.js'
import { windowStart } from '../spec/index.js'
import type { EventCondition, Profile, ReceivedCondition, Segment } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Yielder } from '../yielding/index.js'
import { attributeTest } from './attribute-test.js'
import type { SegmentFacts } from './segment-facts.js'

/**
 * Which of these recipients a segment holds for, an answer each. The segment was read by `parseSegment`. Each event and each
 * received message that it names is asked for once, for all recipients whose answer hangs on it. Give some hundred at once.
 */
export async function judgeSegment(
  segment: Segment,
  profiles: readonly Profile[],
  facts: SegmentFacts,
): Promise<readonly boolean[]> {
  const held = new Set(await select(segment, profiles, { facts, yielder: createYielder(systemClock) }))
  return profiles.map((profile) => held.has(profile))
}

interface Judging {
  readonly facts: SegmentFacts
  readonly yielder: Yielder
}

/** Those of the asked that the segment holds for, in their order. */
async function select(segment: Segment, asked: readonly Profile[], judging: Judging): Promise<readonly Profile[]> {
  if (asked.length === 0) return asked
  if (judging.yielder.shouldYield()) await judging.yielder.yieldTurn()
  if ('all' in segment) return selectAll(segment.all, asked, judging)
  if ('any' in segment) return selectAny(segment.any, asked, judging)
  if ('not' in segment) return without(asked, await select(segment.not, asked, judging))
  if ('attribute' in segment) return asked.filter(attributeTest(segment))
  if ('group' in segment) return asked.filter(({ groups }) => groups?.includes(segment.group) === true)
  if ('zone' in segment) return asked.filter(({ zone }) => segment.zone.includes(zone ?? null))
  const counts = await count(segment, asked, judging.facts)
  return asked.filter((_, index) => (counts[index] ?? 0) >= (segment.times ?? 1))
}

async function selectAll(
  parts: readonly Segment[],
  asked: readonly Profile[],
  judging: Judging,
): Promise<readonly Profile[]> {
  let left = asked
  for (const part of cheapFirst(parts)) left = await select(part, left, judging)
  return left
}

async function selectAny(
  parts: readonly Segment[],
  asked: readonly Profile[],
  judging: Judging,
): Promise<readonly Profile[]> {
  let left = asked
  for (const part of cheapFirst(parts)) left = without(left, await select(part, left, judging))
  return without(asked, left)
}

function without(all: readonly Profile[], some: readonly Profile[]): readonly Profile[] {
  const gone = new Set(some)
  return all.filter((profile) => !gone.has(profile))
}

async function count(
  condition: EventCondition | ReceivedCondition,
  asked: readonly Profile[],
  facts: SegmentFacts,
): Promise<readonly number[]> {
  const ids = asked.map(({ id }) => id)
  const since = windowStart(condition, facts.now)
  if ('event' in condition) return facts.events(condition.event, ids, since)
  return facts.received(condition.received === true ? undefined : condition.received, ids, since)
}

/** What profiles tell by themselves goes first: of fewer recipients anybody has to be asked for more. */
function cheapFirst(parts: readonly Segment[]): readonly Segment[] {
  return parts.length < 2 ? parts : parts.toSorted((a, b) => Number(asksFacts(a)) - Number(asksFacts(b)))
}

function asksFacts(segment: Segment): boolean {
  if ('all' in segment) return segment.all.some(asksFacts)
  if ('any' in segment) return segment.any.some(asksFacts)
  return 'not' in segment ? asksFacts(segment.not) : 'event' in segment || 'received' in segment
}
