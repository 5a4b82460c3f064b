// APNs on one warm session against a new session for each message, with the same kept token.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { connect } from 'node:http2'
import { apns } from '@reachkit/channel-push'
import { inFlight } from '../harness.js'
import { Child } from '../processes/child.js'
import { loopbackCertificate } from './push/loopback-certificate.js'
import { content, createSender, type Sender } from './push/sender.js'

const width = 50
const token = 'a1b2c3d4'.repeat(8)
const { title, body: text, data } = content
const body = JSON.stringify({ ...data, aps: { alert: { title, body: text } } })

let child: Child
let sender: Sender
let endpoint = ''
let tls = { key: '', cert: '' }

export const apnsRow = {
  name: 'drivers/apns',
  atLeast: 2,
  async open(): Promise<void> {
    tls = loopbackCertificate()
    child = new Child('drivers/push/vendor.ts', { speaks: 'http2', tls })
    endpoint = `https://127.0.0.1:${await child.ask<number>('port')}`
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const options = {
      endpoint,
      ca: tls.cert,
      key: { keyId: 'ABCDE12345', privateKey: pem },
      teamId: 'TEAM123456',
      topic: 'com.example.app',
    }
    sender = await createSender(apns(options))
  },
  ours: async (count: number): Promise<void> => inFlight(width, count, async () => sender.send({ apns: token })),
  peer: async (count: number): Promise<void> => inFlight(width, count, newSession),
  async close(): Promise<void> {
    await sender.close()
    await child.stop()
  },
}

function newSession(): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = connect(endpoint, { ca: tls.cert })
    session.on('error', reject)
    const headers = { authorization: 'bearer token', 'apns-id': randomUUID(), 'apns-topic': 'com.example.app' }
    const stream = session.request({ ':method': 'POST', ':path': `/3/device/${token}`, ...headers })
    stream.on('response', ({ ':status': status }) => {
      stream.resume().on('end', () => session.close(() => (status === 200 ? resolve() : reject(new Error('refused')))))
    })
    stream.on('error', reject).end(body)
  })
}
