import type { Journey } from '../dispatch/journey.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import { readData } from '../dispatch/stored-data.js'
import type { MessageRecord } from '../spec/index.js'
import { ownData, withDigest } from './digest-data.js'
import { gathering } from './group.js'
import { byAge } from './members.js'
import { mergeAll } from './merge.js'
import { putOff } from './put-off.js'

const againMs = 1_000
const unreadableMs = 5_000

/** Merges into messages what they lead. Answers those that can be sent, with the data of all that they stand for. */
export async function lead(run: SliceHost, leaders: readonly Journey[]): Promise<Journey[]> {
  const { storeNow, state } = run.context
  const merged = await mergeAll(run, leaders)
  if (!run.holdsLease) {
    run.left = true
    return []
  }
  const going: Journey[] = []
  const gone: { readonly key: string; readonly member: string }[] = []
  for (const leader of leaders) {
    const members = merged.get(leader)
    const whole = members === undefined ? undefined : digestOf(leader, members)
    // One that has moved on is passed over by the ledger.
    if (members === undefined) putOff(run, leader, storeNow() + againMs, gathering)
    else if (whole === undefined) putOff(run, leader, storeNow() + unreadableMs, { code: 'type-unknown' })
    else {
      going.push(whole)
      gone.push(...placesOf(leader, members))
    }
  }
  await state.leave(gone)
  return going
}

/** They are in no group any more. */
function placesOf({ message, progress }: Journey, members: readonly MessageRecord[]) {
  const key = progress.digest?.window ?? ''
  return [message, ...members].map(({ id }) => ({ key, member: id }))
}

/** Undefined where this process cannot read one that another one merged, which knows a newer version of the type. */
function digestOf(leader: Journey, members: readonly MessageRecord[]): Journey | undefined {
  if (members.length === 0) return leader
  const { message, definition, data } = leader
  const own = ownData(data)
  const items: unknown[] = []
  for (const record of [message, ...members].toSorted(byAge)) {
    const read = record === message ? { data: own } : readData(record, definition)
    if (typeof read === 'string') return undefined
    items.push(read.data)
  }
  return { ...leader, data: withDigest(own, items) }
}
