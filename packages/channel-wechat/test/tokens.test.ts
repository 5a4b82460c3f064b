import { type ChannelDriver, isNotSentError } from '@reachkit/core/spec'
import { startHttpVendor, type VendorAnswer, type VendorRequest } from '@reachkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { driverOf, openProcesses, request } from './support/processes.js'
import { drivers } from './support/samples.js'

const [account, mini, app] = drivers
const hour = 3_600_000

/**
 * A vendor with one valid token, as its documents tell: asking again answers the same one; WeChat replaces it when it is
 * forced to, WeCom where it has ended the token by itself.
 */
async function vendorWithTokens() {
  let number = 1
  let ended = false
  let refuse: number | undefined
  const answer = ({ url }: VendorRequest): VendorAnswer => {
    const valid = url.endsWith(`access_token=token-${number}`) && !ended
    return { json: valid && refuse === undefined ? { errcode: 0, msgid: 1 } : { errcode: refuse ?? 42001 } }
  }
  const vendor = await startHttpVendor({
    answers: { accept: answer },
    beside({ url, json }) {
      if (!/^\/cgi-bin\/(stable_token|gettoken)/.test(url)) return undefined
      if (ended && (url.includes('gettoken') || JSON.stringify(json).includes('"force_refresh":true'))) {
        number += 1
        ended = false
      }
      return { json: { access_token: `token-${number}`, expires_in: 7_200 } }
    },
  })
  onTestFinished(async () => vendor.close())
  return {
    ...vendor,
    /** Ends the token before its time; whoever asks gets the same one until it is replaced. */
    end: () => void (ended = true),
    /** Another system has replaced it. */
    replace: () => void (number += 1),
    refuse: (code: number) => void (refuse = code),
  }
}

/** So many processes of one app, and a message by each of them so many times at once. */
async function appOf({ open, to, content }: (typeof drivers)[number], url: string, processes: number) {
  const world = await openProcesses()
  const each: readonly ChannelDriver[] = Array.from({ length: processes }, () => driverOf(open(url)))
  onTestFinished(async () => {
    for (const driver of each) await driver.close?.()
  })
  const sendAll = async (times: number) =>
    Promise.all(
      each.flatMap((driver) =>
        Array.from({ length: times }, async () =>
          driver.deliver(request(to, content), { ...world.context, signal: new AbortController().signal }),
        ),
      ),
    )
  return { ...world, sendAll }
}

const kinds = (outcomes: readonly { readonly kind: string }[]): string =>
  [...new Set(outcomes.map(({ kind }) => kind))].join()

describe.each([account, mini, app])('the access token of $name', (driver) => {
  it('is asked for once by 6 processes that send 10 messages each at once', async () => {
    const vendor = await vendorWithTokens()
    const { sendAll } = await appOf(driver, vendor.url, 6)
    expect(kinds(await sendAll(10))).toBe('sent')
    expect(vendor.besides).toHaveLength(1)
  })

  it('is renewed early by one of them, and nobody waits', async () => {
    const vendor = await vendorWithTokens()
    const { sendAll, clock } = await appOf(driver, vendor.url, 4)
    await sendAll(1)
    clock.advance(2 * hour - 4 * 60_000)
    vendor.replace()
    // The old one is refused by now: all go on with the new one.
    expect(kinds(await sendAll(10))).toBe('sent')
    await expect.poll(() => vendor.besides.length).toBe(2)
    expect(kinds(await sendAll(10))).toBe('sent')
    expect(vendor.besides).toHaveLength(2)
  })

  it.each([40014, 42001, 41001])(
    'that is refused for good (%s) is asked for once more, and that is told',
    async (code) => {
      const vendor = await vendorWithTokens()
      const { sendAll, clock, events } = await appOf(driver, vendor.url, 1)
      await sendAll(1)
      clock.advance(30_000)
      vendor.refuse(code)
      const [outcome] = await sendAll(1)
      const reason = `${driver === app ? 'wecom' : 'wechat'} access token refused`
      expect(outcome).toEqual({ kind: 'retry', afterMs: 300_000, reason })
      expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason }])
      // The first request and one after it; for WeChat the same token came back, so it was forced.
      expect(vendor.besides).toHaveLength(driver === app ? 2 : 3)
      // Fresh ones are refused as well: the vendor is asked no more.
      await sendAll(10)
      expect(vendor.besides).toHaveLength(driver === app ? 2 : 3)
    },
  )

  it('is replaced once for all processes where it ended before its time', async () => {
    const vendor = await vendorWithTokens()
    const { sendAll, clock } = await appOf(driver, vendor.url, 4)
    await sendAll(5)
    clock.advance(30_000)
    const asked = vendor.besides.length
    vendor.end()
    expect(kinds(await sendAll(5))).toBe('sent')
    // WeChat answers the same one first, and a new one by force.
    expect(vendor.besides.length - asked).toBe(driver === app ? 1 : 2)
  })

  it('says why there is none, without the secret', async () => {
    const vendor = await startHttpVendor({
      answers: { accept: { json: { errcode: 0 } } },
      beside: ({ url }) =>
        /token/.test(url.split('?')[0] ?? '') ? { json: { errcode: 40125, errmsg: 'open-sesame-77' } } : undefined,
    })
    onTestFinished(async () => vendor.close())
    const { sendAll } = await appOf(driver, vendor.url, 1)
    const error: unknown = await sendAll(1).catch((thrown: unknown) => thrown)
    expect(isNotSentError(error) && error.message).toMatch(/^(wechat|wecom) no access token: (wechat|wecom) 40125$/)
    expect(isNotSentError(error) && error.afterMs).toBe(300_000)
    expect(vendor.requests).toEqual([])
  })

  it.each([{ json: { errcode: -1, errmsg: 'system busy' } }, { status: 502, text: 'Bad Gateway' }])(
    'that cannot be had just now (%j) is asked for again soon',
    async (answer) => {
      const vendor = await startHttpVendor({
        answers: { accept: { json: { errcode: 0 } } },
        beside: ({ url }) => (/token/.test(url.split('?')[0] ?? '') ? answer : undefined),
      })
      onTestFinished(async () => vendor.close())
      const { sendAll } = await appOf(driver, vendor.url, 1)
      const error: unknown = await sendAll(1).catch((thrown: unknown) => thrown)
      expect(isNotSentError(error) && error.afterMs).toBe(30_000)
    },
  )
})

it('a token of WeChat is forced once in two hours at most', async () => {
  const vendor = await vendorWithTokens()
  const { sendAll, clock } = await appOf(account, vendor.url, 3)
  const forced = () => vendor.besides.filter(({ text }) => text.includes('"force_refresh":true')).length
  await sendAll(1)
  clock.advance(30_000)
  vendor.refuse(40001)
  expect(kinds(await sendAll(10))).toBe('retry')
  expect(kinds(await sendAll(10))).toBe('retry')
  expect(forced()).toBe(1)
  clock.advance(2 * hour)
  // At its end it is asked for without force, and the fresh one is not replaced at once.
  await sendAll(1)
  expect(forced()).toBe(1)
  clock.advance(30_000)
  await sendAll(1)
  expect(forced()).toBe(2)
})
