import type { DeliveryContext, DeliveryRequest, DriverEvent } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { createHttpDriver, jsonRequest, laterMs } from '../src/index.js'
import { fields } from './support/fields.js'

function driverThat(url: string, headers: Readonly<Record<string, string>>) {
  return createHttpDriver({
    fields,
    settings: {
      provider: 'acme',
      endpoint: 'http://127.0.0.1:1',
      capabilities: { deduplicates: false, batch: 2, concurrency: 1, timeoutMs: 1_000 },
      http: { connections: 1 },
    },
    deliver: async (_request, call) => call(jsonRequest(url, {}, headers)).then(neverAnswered),
    deliverBatch: async (_requests, call) => call(jsonRequest(url, {}, headers)).then(neverAnswered),
  })
}

function neverAnswered(): never {
  throw new Error('it was sent')
}

function told() {
  const events: DriverEvent[] = []
  const report = (event: DriverEvent) => events.push(event)
  const context = { signal: new AbortController().signal, fetch, report } as unknown as DeliveryContext
  return { events, context }
}

const requests = ['parcel.0', 'parcel.1'].map((id) => ({ id }) as DeliveryRequest)
const retry = { kind: 'retry', afterMs: laterMs, reason: 'acme header invalid' }
const warning = { kind: 'warning', messageId: 'parcel.0', reason: 'acme header invalid' }

it('a token that no header may hold is a fault of the account: the message waits, and the app is told', async () => {
  const driver = driverThat('http://127.0.0.1:1/', { authorization: 'Bearer open-sésame-77' })
  const { events, context } = told()
  const [request] = requests
  expect(request && (await driver.deliver(request, context))).toEqual(retry)
  expect(events).toEqual([warning])
})

it('so in a batch, of which one message tells', async () => {
  const driver = driverThat('http://127.0.0.1:1/', { authorization: 'Bearer open-sésame-77' })
  const { events, context } = told()
  expect(await driver.deliverBatch?.(requests, context)).toEqual([retry, retry])
  expect(events).toEqual([warning])
})

it.each<[string, Readonly<Record<string, string>>, string]>([
  ['ftp://acme.example/', {}, 'url invalid'],
  ['http://127.0.0.1:1/', { 'x-subject': 'ü' }, 'header invalid'],
  ['http://127.0.0.1:1/', { 'idempotency-key': 'ü' }, 'header invalid'],
])('what only this message holds is its own fault: %s %j', async (url, headers, why) => {
  const driver = driverThat(url, headers)
  const { events, context } = told()
  const [request] = requests
  const outcome = request && (await driver.deliver(request, context))
  expect(outcome).toEqual({ kind: 'rejected', reason: `acme ${why}`, invalidAddress: false })
  expect(events).toEqual([])
})
