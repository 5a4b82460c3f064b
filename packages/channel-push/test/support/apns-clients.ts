import apn from '@parse/node-apn'
import { tokenRefused } from '@reachkit/driver-kit'
import { ApnsClient, ApnsError, Notification } from 'apns2'
import { Pool } from 'undici'
import { onTestFinished } from 'vitest'
import { apns } from '../../src/index.js'
import { delivering } from './deliver.js'

/** What all clients are given. */
export interface ApnsAccount {
  readonly url: string
  readonly ca: string
  readonly keyId: string
  readonly teamId: string
  readonly privateKey: string
  readonly topic: string
}

/** One message, in the words of Apple. */
interface ApnsMessage {
  readonly id: string
  readonly collapseId: string
  readonly title: string
  readonly body: string
}

/** Sends one message to a device: the reason of the refusal, or `taken`. */
interface ApnsSender {
  readonly now: () => number
  send(device: string, message: ApnsMessage): Promise<string>
}

type OpenSender = (account: ApnsAccount) => Promise<ApnsSender>

const ours: OpenSender = async ({ url, keyId, privateKey, ...account }) => {
  const options = { ...account, key: { keyId, privateKey }, endpoint: url }
  const { driver, clock, deliver } = await delivering(apns(options))
  onTestFinished(async () => driver.close?.())
  return {
    now: () => clock.now(),
    async send(device, { id, collapseId, title, body }) {
      const outcome = await deliver({ apns: device }, { title, body, collapse: collapseId }, { id })
      if (outcome.kind === 'sent') return 'taken'
      return outcome.reason === tokenRefused.reason
        ? 'ExpiredProviderToken'
        : String(outcome.reason).slice('apns '.length)
    },
  }
}

/** By undici and fast-jwt. It speaks to Apple's port alone, so its pool is taken over by one to this machine. */
const apns2: OpenSender = async ({ url, ca, keyId, teamId, privateKey, topic }) => {
  const client = new ApnsClient({ team: teamId, keyId, signingKey: privateKey, defaultTopic: topic })
  await client.client.close()
  Object.assign(client, { client: new Pool(url, { allowH2: true, connect: { ca } }) })
  onTestFinished(async () => client.close())
  return {
    now: Date.now,
    async send(device, { id, collapseId, title, body }) {
      const notification = new Notification(device, { alert: { title, body }, data: { messageId: id }, collapseId })
      return client.send(notification).then(() => 'taken', reasonOf)
    },
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ApnsError) return error.reason
  throw error
}

/** By node:http2 and jsonwebtoken. */
const nodeApn: OpenSender = async ({ url, ca, keyId, teamId, privateKey, topic }) => {
  const { hostname, port } = new URL(url)
  const token = { key: privateKey, keyId, teamId }
  const provider = new apn.Provider({ token, address: hostname, port: Number(port), ca: [ca], connectionRetryLimit: 1 })
  onTestFinished(async () => provider.shutdown())
  return {
    now: Date.now,
    async send(device, { id, collapseId, title, body }) {
      const notification = new apn.Notification({ topic, collapseId, pushType: 'alert', alert: { title, body } })
      notification.payload = { messageId: id }
      const { failed } = await provider.send(notification, device)
      const [failure] = failed
      // It tries a token that has expired anew, and says then by an error what it says elsewhere by the answer.
      return failure === undefined ? 'taken' : (failure.response?.reason ?? String(failure.error?.message))
    },
  }
}

/** Ours, and two that others wrote, of which neither shares code with ours or with the other one. */
export const apnsClients: readonly (readonly [string, OpenSender])[] = [
  ['ours', ours],
  ['apns2', apns2],
  ['node-apn', nodeApn],
]
