import { messageId } from '../spec/index.js'
import type { Cargo, ClaimGranted, MessageRecord } from '../spec/index.js'
import { parseProgress } from '../route/progress.js'
import type { DispatchContext } from './dispatch-context.js'
import { fateOfAttempt } from './fate-of-attempt.js'
import { reservationOf, unbegunLimit } from './takeover.js'

/**
 * Ends the reservations of the leases that ran out, by what the ledger knows: sent is confirmed, certainly not sent is
 * released, what is being resolved stays. Slices after the last begun one were never begun: all of theirs is released.
 * False where something could not be ended: it is to be asked for again.
 */
export async function resolveReservations(
  { entry, before }: ClaimGranted,
  { parcel, positions, steps }: Extract<Cargo, { kind: 'messages' }>,
  context: DispatchContext,
): Promise<boolean> {
  if (!context.gates.consumes) return true
  const ids = positions.map((position) => messageId(parcel, position))
  const records = await context.ledger.get(ids)
  const ends = records.flatMap((record, index) =>
    record === undefined ? [] : endsOf(record, entry, steps[index] ?? record.step, context),
  )
  const confirm = ends.flatMap((end) => (end.counts ? end.id : []))
  const release = ends.flatMap((end) => (end.counts ? [] : end.id))
  for (const { token, slices } of before) {
    for (let slice = 0; slice < slices + unbegunLimit; slice += 1) {
      const wasBegun = slice < slices
      const [spent, givenBack] = wasBegun ? [confirm, release] : [[], undefined]
      if (!(await context.gates.end(reservationOf(entry, token, slice), spent, givenBack))) return false
    }
  }
  return true
}

interface DeliveryEnd {
  readonly id: string
  readonly counts: boolean
}

/** By channel, for the attempt at the step that the entry has; what nobody knows of stays as it is. */
function endsOf(record: MessageRecord, entry: string, step: number, context: DispatchContext): DeliveryEnd[] {
  const definition = context.definitions.get(record.type)
  if (definition === undefined) return []
  const progress = parseProgress(record.progress)
  return [...definition.content.keys()].flatMap((channel) => {
    const counts = fateOfAttempt({ entry, step, channel, definition }, record, progress, context)
    return counts === undefined ? [] : [{ id: `${record.id}/${channel}`, counts }]
  })
}
