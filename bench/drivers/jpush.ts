// JPush on warm connections against a new connection for each message.
import { jpush } from '@reachkit/channel-push'
import { inFlight } from '../harness.js'
import { Child } from '../processes/child.js'
import { newRequest } from './push/new-request.js'
import { content, createSender, type Sender } from './push/sender.js'

const width = 50
const appKey = 'a'.repeat(24)
const authorization = `Basic ${Buffer.from(`${appKey}:secret`).toString('base64')}`
const { title, body: alert, data: extras } = content
const android = { title, alert, extras }
const audience = { registration_id: ['device-1'] }
const body = JSON.stringify({ platform: ['android'], audience, notification: { android } })

let child: Child
let sender: Sender
let endpoint = ''

export const jpushRow = {
  name: 'drivers/jpush',
  atLeast: 0.9,
  async open(): Promise<void> {
    child = new Child('drivers/push/vendor.ts', { speaks: 'http' })
    endpoint = `http://127.0.0.1:${await child.ask<number>('port')}`
    sender = await createSender(jpush({ endpoint, appKey, masterSecret: 'secret', concurrency: width }))
  },
  ours: async (count: number): Promise<void> => inFlight(width, count, async () => sender.send({ jpush: 'device-1' })),
  peer: async (count: number): Promise<void> =>
    inFlight(width, count, async () => newRequest(`${endpoint}/v3/push`, authorization, body)),
  async close(): Promise<void> {
    await sender.close()
    await child.stop()
  },
}
