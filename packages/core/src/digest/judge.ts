import type { Journey } from '../dispatch/journey.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import type { DigestPolicy } from '../message/index.js'
import type { DigestNote } from '../route/progress.js'
import { gathering, keptMs } from './group.js'
import { partOf } from './members.js'
import { putOff } from './put-off.js'
import { readRecords } from './read-records.js'

const againMs = 1_000

/** A message that is in a group. */
interface Gathered {
  readonly journey: Journey
  readonly policy: DigestPolicy
  readonly note: DigestNote
  /** Others of its group, the oldest first: not all of a large one. */
  readonly others: readonly string[]
  readonly isWhole: boolean
}

/**
 * What becomes of messages whose group is over. One that leads others is stored as such, and merges them when it comes
 * again: whoever takes over from it then merges the same ones. Answers those that go alone.
 */
export async function judge(run: SliceHost, journeys: readonly Journey[]): Promise<Journey[]> {
  const { context } = run
  const gathered = await readGroups(run, journeys)
  const records = await readRecords(
    run,
    gathered.flatMap(({ others }) => others),
  )
  const alone: Journey[] = []
  const gone: { readonly key: string; readonly member: string }[] = []
  const now = context.storeNow()
  for (const { journey, policy, note, others, isWhole } of gathered) {
    const { id } = journey.message
    const known = others.flatMap((other) => records.get(other) ?? [])
    for (const other of known) if (other.state === 'done') gone.push({ key: note.window, member: other.id })
    const own = { id, note, definition: journey.definition, max: policy.max }
    const part = partOf(own, known, isWhole, now)
    if (part === 'waits') putOff(run, journey, now + againMs, gathering)
    else if (part.leads.length > 0) putOff(run, journey, now, gathering, { ...note, members: part.leads })
    else {
      journey.progress = { ...journey.progress, digest: { ...note, members: [] } }
      gone.push({ key: note.window, member: id })
      alone.push(journey)
    }
  }
  if (gone.length > 0) await context.state.leave(gone)
  return alone
}

async function readGroups(run: SliceHost, journeys: readonly Journey[]): Promise<readonly Gathered[]> {
  const asked = journeys.flatMap((journey) => {
    const policy = journey.definition.digest
    const note = journey.progress.digest
    return policy === undefined || note === undefined ? [] : [{ journey, policy, note }]
  })
  const windows = new Map(
    asked.map(({ policy, note: { window: key } }) => [key, { key, windowMs: keptMs(policy), limit: policy.max * 2 }]),
  )
  const lists = await run.context.state.members([...windows.values()])
  const members = new Map([...windows.keys()].map((key, index) => [key, lists[index] ?? []]))
  return asked.map(({ journey, policy, note }) => {
    const list = members.get(note.window) ?? []
    const others = list.filter((id) => id !== journey.message.id)
    return { journey, policy, note, others, isWhole: others.length < list.length || list.length < policy.max * 2 }
  })
}
