import type { DeliveryOutcome } from '@reachkit/core/spec'
import { laterMs } from '@reachkit/driver-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { twilio, twilioCall, type TwilioCallOptions, type TwilioOptions } from '../src/index.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { fieldsOf, readTwilioOpenApi, startTwilioByOpenApi } from './support/twilio-by-openapi.js'
import { closing } from './support/vendors.js'
import { trim } from './twilio-openapi/trim.js'

const to = '+12025550123'
const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'open-sesame-77' }
const from = '+12025550199'
const statusCallback = 'https://shop.example/twilio'
const text = 'Order A1 is paid 😀 & more'
const templated = { text, vendors: { twilio: { template: `HX${'3'.repeat(32)}`, params: { id: '😀' } } } }
const everyCallOption = { statusCallback, ringSeconds: 20, voice: 'Polly.Joanna' }
const everyCallContent = { text, language: 'en-GB', times: 2 }

let vendor: Awaited<ReturnType<typeof startTwilioByOpenApi>>
beforeAll(async () => (vendor = await startTwilioByOpenApi()))
afterAll(async () => vendor.close())

const message = async (options: Partial<TwilioOptions> = { from }, content: object = { text }) => {
  const driver = closing(driverOf(twilio({ ...account, endpoint: vendor.url, ...options })))
  return driver.deliver(requestTo(to, content), contextOf())
}
const call = async (options: Partial<TwilioCallOptions> = {}, content: object = { text }) => {
  const driver = closing(driverOf(twilioCall({ ...account, from, endpoint: vendor.url, ...options })))
  return driver.deliver(requestTo(to, content), contextOf())
}

describe('Twilio’s own OpenAPI document', () => {
  it.each<[string, Partial<TwilioOptions>, object?]>([
    ['from a number', { from, statusCallback }],
    ['by an API key', { from, apiKeySid: `SK${'1'.repeat(32)}` }],
    ['from a messaging service', { messagingServiceSid: `MG${'2'.repeat(32)}` }],
    ['by a template', { from }, templated],
  ])('allows a message %s', async (_, options, content) => {
    expect(await message(options, content)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/^SM\w{32}$/) })
  })

  it.each<[string, Partial<TwilioCallOptions>, object?]>([
    ['as it is', {}],
    ['with all options', everyCallOption, everyCallContent],
  ])('allows a call %s', async (_, options, content) => {
    expect(await call(options, content)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/^CA\w{32}$/) })
  })

  it('refuses a template that has no id of Twilio', async () => {
    const wrong = { text, vendors: { twilio: { template: 'order-paid' } } }
    expect(await message({ from }, wrong)).toEqual(outcomeOf(422))
  })
})

interface Sent {
  url: string
  readonly headers: Record<string, string>
  readonly form: URLSearchParams
}

/** A `fetch` that spoils what the driver made, and only then sends it. */
function spoiling(spoil: (request: Sent) => void): typeof fetch {
  return async (url, init) => {
    const headers = { ...(init?.headers as Record<string, string>) }
    const request = { url: url as string, headers, form: new URLSearchParams(init?.body as string) }
    spoil(request)
    return fetch(request.url, { ...init, headers: request.headers, body: request.form.toString() })
  }
}

const without = (field: string) => (request: Sent) => request.form.delete(field)
const spoilt: [string, (request: Sent) => void, number][] = [
  ['has no To', without('To'), 422],
  ['names no url to call back', ({ form }) => form.set('StatusCallback', 'shop'), 422],
  ['goes to another path', (request) => (request.url = request.url.replace('.json', '')), 404],
  ['names no account', (request) => (request.url = request.url.replace('AC0', 'ACx')), 422],
  ['is not said to be a form', ({ headers }) => (headers['content-type'] = 'text/plain'), 415],
  ['has no login', ({ headers }) => delete headers['authorization'], 401],
  ['has another kind of login', ({ headers }) => (headers['authorization'] = 'Bearer open-sesame-77'), 401],
  ['has half a login', ({ headers }) => (headers['authorization'] = `Basic ${btoa(account.accountSid)}`), 401],
]
const outcomeOf = (status: number) =>
  status === 401
    ? { kind: 'retry', afterMs: laterMs, reason: 'twilio http 401' }
    : { kind: 'rejected', invalidAddress: false, reason: `twilio http ${status}` }

describe.each<[string, (spoil: (request: Sent) => void) => Promise<DeliveryOutcome>]>([
  ['a message', async (spoil) => message({ from, fetch: spoiling(spoil) })],
  ['a call', async (spoil) => call({ fetch: spoiling(spoil) })],
])('%s that is spoilt on its way', (_name, sending) => {
  it('by nothing is sent', async () => expect(await sending(() => {})).toMatchObject({ kind: 'sent' }))

  it.each(spoilt)('and %s is never called sent', async (_, spoil, status) =>
    expect(await sending(spoil)).toEqual(outcomeOf(status)),
  )
})

it('a call from nobody is never called sent', async () => {
  expect(await call({ fetch: spoiling(without('From')) })).toEqual(outcomeOf(422))
})

it('no field is sent that Twilio’s document does not list', async () => {
  const sent: string[][] = []
  const watching = spoiling(({ form }) => sent.push([...form.keys()]))
  await message({ from, statusCallback, fetch: watching })
  await message({ messagingServiceSid: `MG${'2'.repeat(32)}`, fetch: watching }, templated)
  await call({ ...everyCallOption, fetch: watching }, everyCallContent)
  const [first = [], second = [], third = []] = sent
  expect(fieldsOf('CreateMessage')).toEqual(expect.arrayContaining([...first, ...second]))
  expect(fieldsOf('CreateCall')).toEqual(expect.arrayContaining(third))
})

it('what is kept of the document is all that these two operations need', () => {
  const document = readTwilioOpenApi()
  expect(trim(document)).toEqual(document)
  expect(Object.values(document.paths).map(({ post }) => post?.operationId)).toEqual(['CreateCall', 'CreateMessage'])
})
