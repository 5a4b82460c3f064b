import { randomBytes } from 'node:crypto'
import { type EmailContent, smtp } from '@reachkit/channel-email'
import type { ChannelDriver, DeliveryContext } from '@reachkit/core/spec'
import { connections, from, mailOf, messagesPerConnection, type Sender } from './mail.js'

/** The driver alone: what core does around it is measured elsewhere. */
export function createOurs(port: number): Sender {
  const channel = smtp({ host: '127.0.0.1', port, from, pool: { connections, messagesPerConnection } })
  const driver = channel.drivers[0]?.driver as unknown as ChannelDriver<string, EmailContent>
  let next = 0
  return {
    async send() {
      const index = next++
      const outcome = await driver.deliver(requestOf(index), contextOf())
      if (outcome.kind !== 'sent') throw new Error(`${outcome.kind}: ${outcome.reason}`)
    },
    close: async () => driver.close?.(),
  }
}

function requestOf(index: number) {
  const id = `0ht4k9x2${index}.0`
  const fixed = { tenant: 'default', type: 'order.paid', lane: 'P3', purpose: 'transactional', attempt: 1 } as const
  const key = { idempotencyKey: `${id}.email.u4`, recipient: { id: `user-${index}` } }
  return { ...fixed, ...key, id, to: `user${index}@example.com`, content: mailOf(index) }
}

/** With a signal of its own, as where each message has its own deadline. */
function contextOf(): DeliveryContext {
  const { signal } = new AbortController()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  return { signal, clock, random: { bytes: randomBytes } } as unknown as DeliveryContext
}
