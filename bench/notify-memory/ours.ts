import { createReach } from '@reachkit/core'
import { nowhere, orderOf, orderPaid } from './bench-message.js'

const people = Array.from({ length: 10_000 }, (_, index) => ({
  id: `user-${index}`,
  addresses: { nowhere: `address-${index}` },
}))
const byId = new Map(people.map((person) => [person.id, person]))

/** Reachkit as it comes: memory store, ledger and history on, no gate wired, nothing logged. */
export const reach = createReach({
  messages: [orderPaid],
  channels: { nowhere },
  directory: async (ids) => ids.flatMap((id) => byId.get(id) ?? []),
})

let sentSoFar = 0

/** One message, from `notify` until it is settled. */
export async function notifyOnce(): Promise<void> {
  const n = sentSoFar++
  const accepted = await reach.notify('order.paid', `user-${n % people.length}`, orderOf(n))
  const { outcome } = await accepted.settled()
  if (outcome !== 'sent') throw new Error(`Message ${n} ended as ${outcome}.`)
}
