import { messageId } from '../spec/index.js'
import type { Change, Ledger, NewMessage, NewParcel, Settled } from '../spec/index.js'

const parked = { state: 'done', outcome: 'parked', reason: { code: 'spooled-too-long' } } as const
/** Nobody is to send it in between: the year 3000. */
const never = 32_503_680_000_000

/**
 * Accepts a parcel that waited for too long, and parks its messages. Whoever dies in between leaves messages that are
 * due never, and that the next one parks. Their keys are left out: what is parked is not to swallow what is sent anew.
 */
export async function parkSpooled(
  parcel: NewParcel,
  ledger: Ledger,
  ended: (id: string, to: Settled) => void,
): Promise<void> {
  const messages = parcel.messages.map((message): NewMessage => ({ ...message, digest: undefined }))
  const entries = parcel.entries.map((entry) => ({ ...entry, due: never }))
  await ledger.accept([{ ...parcel, messages, entries, announced: true }])
  const ids = messages.map((_, position) => messageId(parcel.id, position))
  const records = await ledger.get(ids)
  // What was accepted in time, before somebody died, goes its way.
  const waiting = records.filter((record) => record?.state === 'waiting' && record.due === never)
  const changes = waiting.flatMap((record) => (record === undefined ? [] : [changeOf(record.id, record.step)]))
  if (changes.length > 0) await ledger.change(changes)
  for (const { id } of changes) ended(id, parked)
}

function changeOf(id: string, step: number): Change {
  const event = { step, kind: 'done', outcome: 'parked', reason: parked.reason.code } as const
  return { id, step, from: ['waiting'], to: parked, events: [event] }
}
