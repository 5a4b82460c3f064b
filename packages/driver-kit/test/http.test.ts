import { isNotSentError } from '@reachkit/core/spec'
import { type HttpVendor, startHttpVendor, type VendorAnswer } from '@reachkit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttp, type Http, type HttpRequest, type HttpSettings, jsonRequest } from '../src/index.js'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

async function vendorThat(accept: VendorAnswer = { json: { id: 'a1' } }): Promise<HttpVendor> {
  const vendor = await startHttpVendor({ answers: { accept } })
  opened.push(async () => vendor.close())
  return vendor
}

function httpWith(settings: Partial<HttpSettings> = {}): Http {
  const http = createHttp({ connections: 2, ...settings })
  opened.push(async () => http.close())
  return http
}

const context = { signal: new AbortController().signal, fetch }

async function failureOf(http: Http, request: HttpRequest, signal = context.signal): Promise<string> {
  return http.send(request, { signal, fetch }).then(
    () => 'answered',
    (error: unknown) => (isNotSentError(error) ? 'not sent: ' : '') + (error as Error).message,
  )
}

// The same by connections of our own, and by a fetch of the app.
describe.each<[string, Partial<HttpSettings>]>([
  ['own connections', {}],
  ['a fetch of the app', { fetch: async (...given) => fetch(...given) }],
])('http by %s', (_name, settings) => {
  it('sends, and reads the answer', async () => {
    const vendor = await vendorThat({ status: 202, headers: { 'x-id': '7' }, json: { id: 'ü😀' } })
    const answer = await httpWith(settings).send(jsonRequest(`${vendor.url}/a?b=1`, { text: 'ü😀' }), context)
    expect([answer.status, answer.ok, answer.header('x-id'), answer.json]).toEqual([202, true, '7', { id: 'ü😀' }])
    expect(vendor.requests).toMatchObject([{ method: 'POST', url: '/a?b=1', json: { text: 'ü😀' } }])
  })

  it('answers no JSON as undefined', async () => {
    const vendor = await vendorThat({ text: '<html>' })
    expect((await httpWith(settings).send(jsonRequest(vendor.url, {}), context)).json).toBeUndefined()
  })

  it('is cut off at so many bytes, and not before', async () => {
    const vendor = await vendorThat({ text: 'x'.repeat(1_000) })
    const request = jsonRequest(vendor.url, {})
    expect(await failureOf(httpWith({ ...settings, maxAnswerBytes: 1_000 }), request)).toBe('answered')
    expect(await failureOf(httpWith({ ...settings, maxAnswerBytes: 999 }), request)).toBe('answer too long')
  })

  it('follows no redirect', async () => {
    const vendor = await vendorThat()
    await vendor.counterpart.tell('redirect')
    expect((await httpWith(settings).send(jsonRequest(vendor.url, {}), context)).status).toBe(307)
    expect(vendor.requests).toHaveLength(1)
  })

  it('writes no header that breaks a line', async () => {
    const vendor = await vendorThat()
    for (const headers of [{ 'x-a': 'b\r\nx-c: d' }, { 'x-a\r\nx-c': 'd' }, { 'x-a': 'ü' }]) {
      expect(await failureOf(httpWith(settings), jsonRequest(vendor.url, {}, headers))).toBe('header invalid')
    }
    expect(vendor.requests).toEqual([])
  })

  it('knows what never left', async () => {
    const vendor = await vendorThat()
    await vendor.counterpart.tell('break-before')
    expect(await failureOf(httpWith(settings), jsonRequest(vendor.url, {}))).toBe('not sent: ECONNREFUSED')
    // It speaks no TLS.
    await vendor.counterpart.tell('accept')
    const tls = vendor.url.replace('http:', 'https:')
    expect(await failureOf(httpWith(settings), jsonRequest(tls, {}))).toMatch(/^not sent: ERR_SSL/)
    expect(await failureOf(httpWith(settings), jsonRequest(vendor.url, {}), AbortSignal.abort())).toBe(
      'not sent: aborted',
    )
    expect(vendor.requests).toEqual([])
  })

  it('does not know where the connection breaks later', async () => {
    const vendor = await vendorThat()
    await vendor.counterpart.tell('break-after')
    expect(await failureOf(httpWith(settings), jsonRequest(vendor.url, {}))).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/)
  })
})

describe('own connections', () => {
  it('are kept, bounded, and closed', async () => {
    const vendor = await vendorThat()
    const http = httpWith()
    await Promise.all(Array.from({ length: 9 }, async () => http.send(jsonRequest(vendor.url, {}), context)))
    expect(vendor.requests).toHaveLength(9)
    expect(vendor.counterpart.connections()).toBe(2)
    await http.close()
    await expect.poll(() => vendor.counterpart.connections()).toBe(0)
  })

  it('what waits for a connection when it is aborted never left', async () => {
    const vendor = await vendorThat()
    await vendor.counterpart.tell('hang')
    const http = httpWith({ connections: 1 })
    const stop = new AbortController()
    const first = failureOf(http, jsonRequest(vendor.url, {}), stop.signal)
    await expect.poll(() => vendor.requests.length).toBe(1)
    const second = failureOf(http, jsonRequest(vendor.url, {}), stop.signal)
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    expect(await Promise.all([first, second])).toEqual(['aborted', 'not sent: aborted'])
    expect(vendor.requests).toHaveLength(1)
  })

  it('give way to a fetch that createReach was given', async () => {
    const answer = await httpWith().send(jsonRequest('http://127.0.0.1:1/', {}), {
      ...context,
      fetch: async () => Response.json({ id: 'faked' }),
    })
    expect(answer.json).toEqual({ id: 'faked' })
  })

  it('refuse private addresses, whether by number or by name', async () => {
    const vendor = await vendorThat()
    const http = httpWith({ refusePrivate: true })
    const { port } = new URL(vendor.url)
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
      expect(await failureOf(http, jsonRequest(`http://${host}:${port}/`, {}))).toBe('private address')
    }
    expect(vendor.requests).toEqual([])
  })
})
