import type { Counterpart, DriverSubject } from '@reachkit/testing'
import type { EmailChannel } from '../../src/index.js'
import { driverOf } from './delivery.js'

const to = 'ann@example.com'
const body = 'Thank you for order A1'
export const password = 'open-sesame-77'

/** What an unkind provider writes into its answers. */
export const gossip = `<${to}> was told "${body}" by ${password}`

/** A driver of this package for the conformance suite; `stop` ends its counterpart. */
export function subjectOf(channel: EmailChannel, counterpart: Counterpart, stop: () => Promise<void>): DriverSubject {
  const driver = driverOf(channel)
  return {
    driver,
    counterpart,
    to,
    content: { subject: 'Order A1', text: body },
    secrets: [to, body, password, Buffer.from(`\0shop\0${password}`).toString('base64')],
    async close() {
      await driver.close?.()
      await stop()
    },
  }
}
