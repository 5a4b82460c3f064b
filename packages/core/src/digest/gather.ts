import { errorName } from '../io/error-name.js'
import type { Journey } from '../dispatch/journey.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import type { DigestPolicy } from '../message/index.js'
import type { DigestNote } from '../route/progress.js'
import type { Settled } from '../spec/index.js'
import { gathering, groupOf, keptMs } from './group.js'
import { lateMs } from './members.js'
import { putOff } from './put-off.js'

/** In a group at once; what comes on top of them is gathered into the next one. */
const mostGathered = 10_000

interface Gathered {
  readonly journey: Journey
  readonly policy: DigestPolicy
  readonly group: string
}

/** Puts messages into the groups that gather now, and has them wait for the end of those. */
export async function gather(run: SliceHost, journeys: readonly Journey[]): Promise<void> {
  const grouped = journeys.map(groupedBy)
  const gathered = grouped.filter((each) => 'group' in each)
  if (gathered.length > 0) await enter(run, gathered)
  for (const each of grouped) if ('refused' in each) run.settle(each.journey.message, each.refused, each.journey)
}

/** A key that cannot be told is content that cannot be made. */
function groupedBy(journey: Journey): Gathered | { readonly journey: Journey; readonly refused: Settled } {
  const policy = journey.definition.digest
  try {
    if (policy === undefined) throw new TypeError('the type has no digest')
    return { journey, policy, group: groupOf(journey, policy) }
  } catch (error) {
    const detail = `digest.key threw ${errorName(error)}`
    return { journey, refused: { state: 'done', outcome: 'rejected', reason: { code: 'content-failed', detail } } }
  }
}

async function enter(run: SliceHost, gathered: readonly Gathered[]): Promise<void> {
  const ends = await endsOf(run, gathered)
  const notes = gathered.map(({ group }) => noteOf(group, ends.get(group)?.end ?? 0))
  const entries = gathered.map(({ journey, policy }, index) => {
    const key = notes[index]?.window ?? ''
    return { key, member: journey.message.id, max: mostGathered, windowMs: keptMs(policy) }
  })
  const answers = await run.context.state.enter(entries)
  for (const [index, { journey, group }] of gathered.entries()) {
    const note = notes[index]
    if (note === undefined) continue
    const due = ends.get(group)?.first === journey ? note.end : note.end + lateMs
    journey.events.push({ step: journey.message.step, kind: 'deferred', reason: gathering.code })
    putOff(run, journey, due, gathering, answers[index]?.entered === true ? note : undefined)
  }
}

interface Ending {
  readonly end: number
  /** The one that began the group, where that is among these: it is the first to be due. */
  readonly first: Journey | undefined
}

/** When the group of each is over: set by the first message of it, whoever has that. */
async function endsOf(run: SliceHost, gathered: readonly Gathered[]): Promise<ReadonlyMap<string, Ending>> {
  const { state, storeNow } = run.context
  const firsts = new Map<string, Gathered>()
  for (const each of gathered) if (!firsts.has(each.group)) firsts.set(each.group, each)
  const asked = [...firsts.values()]
  const now = storeNow()
  const entries = asked.map(({ group, policy }) => {
    return { key: group, value: String(now + policy.windowMs), ttlMs: policy.windowMs - closingMs(policy) }
  })
  const answers = await state.remember(entries)
  const ends = new Map<string, Ending>()
  for (const [index, { group, journey, policy }] of asked.entries()) {
    const { value, first } = answers[index] ?? { value: '', first: false }
    const end = Number(value)
    ends.set(group, { end: Number.isFinite(end) ? end : now + policy.windowMs, first: first ? journey : undefined })
  }
  return ends
}

/** A group takes nobody in its last moments, so that nobody is on the way into one that is being sent. */
function closingMs({ windowMs }: DigestPolicy): number {
  return Math.min(1_000, windowMs / 10)
}

function noteOf(group: string, end: number): DigestNote {
  return { window: `${group}:${end}`, end }
}
