import { memoryStore } from '@reachkit/core'
import { type DeliveryContext, type DeliveryRequest, isNotSentError, sent } from '@reachkit/core/spec'
import { seededRandom, startHttpVendor, virtualClock } from '@reachkit/testing'
import { expect, it, onTestFinished } from 'vitest'
import { createAccessTokens, createHttpDriver, jsonRequest } from '../src/index.js'
import { fields } from './support/fields.js'

it('close does not wait for a token endpoint that never answers, though others may yet use the token', async () => {
  const vendor = await startHttpVendor({ answers: { accept: { json: {} } } })
  onTestFinished(async () => vendor.close())
  await vendor.counterpart.tell('hang')
  const clock = virtualClock()
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random: seededRandom(1), logger })
  const tokens = createAccessTokens({
    vendor: 'acme',
    identity: ['app-1'],
    async fetchToken(call) {
      await call(jsonRequest(vendor.url, {}))
      return { token: 'token-1', expiresInMs: 7_200_000 }
    },
  })
  const driver = createHttpDriver({
    fields,
    settings: {
      provider: 'acme',
      endpoint: vendor.url,
      capabilities: { deduplicates: false, batch: 1, concurrency: 1, timeoutMs: 1_000 },
      http: { connections: 1 },
    },
    deliver: async (_request, call, context) => tokens.use(context, call, async () => sent()),
  })
  const stop = new AbortController()
  const context = { clock, state, signal: stop.signal, fetch } as unknown as DeliveryContext
  const request = {} as unknown as DeliveryRequest
  const delivering = driver.deliver(request, context).catch((error: unknown) => error)
  await expect.poll(() => vendor.requests.length, { timeout: 20_000 }).toBe(1)
  stop.abort()
  expect(isNotSentError(await delivering)).toBe(true)
  expect(vendor.counterpart.connections()).toBe(1)
  await driver.close?.()
  await expect.poll(() => vendor.counterpart.connections(), { timeout: 20_000 }).toBe(0)
})
