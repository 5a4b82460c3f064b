import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { dingtalk, feishu, type Robots, slack } from '../src/index.js'
import { attempt, driverOf, takesAddress, vendorThat } from './support/attempt.js'

const success = { json: { code: 0, msg: 'success' } }
const content = { text: 'Hello' }
const url = 'https://hooks.example/open-sesame-77'

describe('robots by name', () => {
  it('a name that is not set up is a dead address, and nothing is called', async () => {
    const vendor = await vendorThat(success)
    const channel = feishu({ robots: { ops: { url: vendor.url } } })
    for (const to of ['sales', 'constructor', '__proto__'])
      expect((await attempt(channel, { to, content })).outcome).toEqual({
        kind: 'rejected',
        reason: 'feishu no such robot',
        invalidAddress: true,
      })
    expect(vendor.requests).toEqual([])
  })

  it('an address is a name, and never the url', async () => {
    const channel = slack({ robots: { ops: { url } } })
    for (const fine of ['ops', 'shop-7', '运维']) expect(await takesAddress(channel, fine)).toBe(true)
    for (const wrong of [url, '', 'a b', 'a/b', 'a\nb', 7, 'x'.repeat(65)])
      expect(await takesAddress(channel, wrong)).toBe(false)
  })

  it('are found by a function of the app, when a message is sent', async () => {
    const vendor = await vendorThat(success)
    const asked: string[] = []
    const robots: Robots = async (name) => {
      asked.push(name)
      return name === 'shop-7' ? { url: `${vendor.url}/a`, secret: async () => 'demo' } : undefined
    }
    const channel = feishu({ robots, allowPrivate: true })
    expect((await attempt(channel, { to: 'shop-7', content })).outcome).toEqual({ kind: 'sent' })
    expect((await attempt(channel, { to: 'shop-8', content })).outcome).toMatchObject({ invalidAddress: true })
    expect(asked).toEqual(['shop-7', 'shop-8'])
    expect(vendor.requests).toMatchObject([{ url: '/a', json: { timestamp: '0' } }])
  })

  it('that strangers gave lead to no private address', async () => {
    const vendor = await vendorThat({ text: 'ok' })
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const given = vendor.url.replace('127.0.0.1', host)
      expect((await attempt(slack({ robots: () => ({ url: given }) }), { to: 'shop-7', content })).outcome).toEqual({
        kind: 'rejected',
        reason: 'slack private address',
        invalidAddress: false,
      })
    }
    expect(vendor.requests).toEqual([])
  })

  it.each<[string, Robots, string]>([
    ['fails', async () => Promise.reject(new Error(url)), 'dingtalk the function for robots failed'],
    ['answers no url', () => ({ url: 'open-sesame-77' }), 'dingtalk the function for robots answered no robot'],
    [
      'answers another field',
      () => ({ url, token: 'a' }) as never,
      'dingtalk the function for robots answered no robot',
    ],
    [
      'answers a url later that is none',
      () => ({ url: async () => 'open-sesame-77' }),
      'dingtalk the url of a robot is none',
    ],
  ])('where the function %s, nothing was sent, and nothing is told of it', async (_, robots, reason) => {
    expect((await attempt(dingtalk({ robots }), { to: 'ops', content })).outcome).toEqual({ kind: 'retry', reason })
  })

  it('stay hidden', () => {
    const shown = inspect(driverOf(slack({ robots: { ops: { url } } })), { depth: 20, showHidden: true })
    expect(shown).not.toContain('open-sesame')
  })

  it('are checked when the channel is made', () => {
    const wrong =
      (robots: unknown, over: object = {}) =>
      () =>
        feishu({ robots, ...over } as never)
    expect(wrong(undefined)).toThrow('REACH_OPTION_INVALID: feishu: robots must be given')
    expect(wrong({ ops: { url: 'ftp://a.example' } })).toThrow('feishu robot: url must be an http or https address')
    expect(wrong({ ops: { url: 'https://user:open-sesame@a.example' } })).toThrow(
      /^(?!.*open-sesame).*feishu robot: url/,
    )
    expect(wrong({ ops: { secret: 'a' } })).toThrow('feishu robot: url must be given')
    expect(wrong({ 'a b': { url } })).toThrow('keyed by names')
    expect(wrong({ ops: { url, token: 'a' } })).toThrow("there is no option 'token'")
    expect(wrong({ ops: { url } }, { endpoint: url })).toThrow("there is no option 'endpoint'")
    expect(() => slack({ robots: { ops: { url, secret: 'a' } } as never })).toThrow("there is no option 'secret'")
  })
})
