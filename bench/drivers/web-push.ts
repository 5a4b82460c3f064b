// Web Push against `sendNotification` of the package web-push, which signs a VAPID token for each message. The same library
// encrypts on both sides, over as many kept connections to the same HTTPS server in a process of its own.
import { Agent } from 'node:https'
import { webPush } from '@reachkit/channel-push'
import webpush from 'web-push'
import { inFlight } from '../harness.js'
import { Child } from '../processes/child.js'
import { loopbackCertificate } from './push/loopback-certificate.js'
import { content, createSender, type Sender } from './push/sender.js'

const width = 50
const subject = 'mailto:ops@example.com'
const vapid = webpush.generateVAPIDKeys()
const keys = { p256dh: webpush.generateVAPIDKeys().publicKey, auth: 'BTBZMqHH6r4Tts7J_aSIgg' }
const payload = JSON.stringify({ title: content.title, options: { body: content.body, data: content.data } })

let child: Child
let sender: Sender
let agent: Agent
let subscription = { endpoint: '', keys }

export const webPushRow = {
  name: 'drivers/web-push',
  atLeast: 2.5,
  async open(): Promise<void> {
    const tls = loopbackCertificate()
    child = new Child('drivers/push/vendor.ts', { speaks: 'https', tls })
    subscription = { endpoint: `https://127.0.0.1:${await child.ask<number>('port')}/push/1`, keys }
    agent = new Agent({ keepAlive: true, maxSockets: width, ca: tls.cert })
    sender = await createSender(webPush({ subject, ...vapid, allowPrivate: true, ca: tls.cert, concurrency: width }))
  },
  ours: async (count: number): Promise<void> => inFlight(width, count, async () => sender.send({ web: subscription })),
  peer: async (count: number): Promise<void> => inFlight(width, count, plain),
  async close(): Promise<void> {
    agent.destroy()
    await sender.close()
    await child.stop()
  },
}

async function plain(): Promise<void> {
  await webpush.sendNotification(subscription, payload, { vapidDetails: { subject, ...vapid }, agent })
}
