import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { SESClient } from '@aws-sdk/client-ses'
import { isNotSentError, isReachError } from '@reachkit/core/spec'
import type * as localSes from 'aws-ses-v2-local'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ses, type SesOptions } from '../src/index.js'
import { createSesDriver } from '../src/ses/ses.js'
import { resolveSesOptions } from '../src/ses/ses-options.js'
import { SesSender } from '../src/ses/ses-sender.js'
import { context, driverOf, request } from './support/delivery.js'

const require = createRequire(import.meta.url)
const { default: startSes } = require('aws-ses-v2-local') as typeof localSes.default
const keys = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const local: { endpoint: string; close: () => void } = { endpoint: '', close: () => undefined }

beforeAll(async () => {
  const server = await startSes({ host: '127.0.0.1', port: 0 })
  const { port } = server.address() as AddressInfo
  Object.assign(local, { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() })
})
afterAll(() => local.close())
afterEach(() => fetch(`${local.endpoint}/clear-store`, { method: 'POST' }))

interface Stored {
  readonly messageId: string
  readonly destination: {
    readonly to: readonly string[]
    readonly cc: readonly string[]
    readonly bcc: readonly string[]
  }
  readonly subject: string
  readonly body: { readonly html?: string; readonly text?: string }
}

async function store(): Promise<readonly Stored[]> {
  const answer = (await (await fetch(`${local.endpoint}/store`)).json()) as { readonly emails: readonly Stored[] }
  return answer.emails
}

describe.each<[string, Partial<SesOptions>]>([
  ['the SDK', {}],
  ['the thin client', { client: 'thin' }],
])('ses by %s', (_name, client) => {
  it('sends the mail raw, and answers its MessageId', async () => {
    const driver = driverOf(
      ses({ ...keys, endpoint: local.endpoint, from: 'Shop <shop@example.com>', configurationSet: 'main', ...client }),
    )
    const outcome = await driver.deliver(
      request({ content: { subject: 'Grüße 👟', html: '<p>ä</p>', text: 'ä', cc: 'bob@example.com' } }),
      context(),
    )
    const [mail] = await store()
    expect(outcome).toEqual({ kind: 'sent', providerId: mail?.messageId })
    expect(mail).toMatchObject({ subject: 'Grüße 👟', body: { html: '<p>ä</p>', text: 'ä' } })
    await driver.close?.()
    await driver.close?.()
  })

  it('sends nothing where the signal is aborted before', async () => {
    const driver = driverOf(ses({ ...keys, endpoint: local.endpoint, from: 'shop@example.com', ...client }))
    expect(await driver.deliver(request(), context(AbortSignal.abort()))).toEqual({
      kind: 'retry',
      reason: 'ses aborted',
    })
    expect(await store()).toEqual([])
  })
})

describe('ses', () => {
  it('takes a client of the app’s own, and leaves it open', async () => {
    const client = new SESClient({ ...keys, endpoint: local.endpoint, maxAttempts: 1 })
    const driver = driverOf(ses({ client, from: 'shop@example.com' }))
    expect((await driver.deliver(request(), context())).kind).toBe('sent')
    await driver.close?.()
    const again = driverOf(ses({ client, from: 'shop@example.com' }))
    expect((await again.deliver(request(), context())).kind).toBe('sent')
    client.destroy()
  })

  it('says what to install where the SDK is missing, and tries again later', async () => {
    const settings = resolveSesOptions({ from: 'shop@example.com' })
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    const driver = createSesDriver(settings, new SesSender(settings, () => Promise.reject(missing)))
    const error = await driver.deliver(request(), context()).catch((thrown: unknown) => thrown)
    expect(isNotSentError(error)).toBe(true)
    const cause = error instanceof Error ? error.cause : undefined
    expect(isReachError(cause, 'REACH_CHANNEL_INVALID') && cause.message).toMatch(/npm install @aws-sdk\/client-ses/)
  })

  it.each<[Partial<SesOptions>, RegExp]>([
    [{ client: 'thin', credentials: keys.credentials }, /region must be given/],
    [{ client: 'thin', region: 'eu-west-1' }, /credentials must be given/],
    [{ client: { send: async () => {} }, region: 'eu-west-1' }, /region must be left out beside client/],
  ])('refuses %j', (options, why) => expect(() => ses({ from: 'shop@example.com', ...options })).toThrow(why))

  it('finds the address of the region by itself', () => {
    const { thin } = resolveSesOptions({ ...keys, from: 'shop@example.com', client: 'thin' })
    expect(thin?.endpoint).toBe('https://email.eu-west-1.amazonaws.com')
  })
})
