import { peer } from '../peer.js'
import { readyContent } from './bench-message.js'

interface Notifme {
  send(request: object): Promise<{ readonly status: string }>
}

const { default: NotifmeSdk } = peer('notifme-sdk') as { default: new (options: object) => Notifme }

/** notifme-sdk with a provider that succeeds at once. It logs failures only, so its log is silent here too. */
const notifme = new NotifmeSdk({
  channels: { email: { providers: [{ type: 'custom', id: 'nowhere', send: async () => 'nowhere-1' }] } },
})

let sentSoFar = 0

/** One message. It renders nothing, so it is handed content that is ready. */
export async function sendOnce(): Promise<void> {
  const n = sentSoFar++
  const { status } = await notifme.send({
    email: { from: 'shop@example.com', to: `address-${n % 10_000}`, ...readyContent },
  })
  if (status !== 'success') throw new Error(`Message ${n} ended as ${status}.`)
}
