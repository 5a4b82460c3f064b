import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { feishu } from '../src/index.js'
import { attempt, faultsOf, kindOf, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const text = 'Order A1 is paid 🎉 ü'
const secret = 'open-sesame-77'
const hook = '/open-apis/bot/v2/hook/5e3d587e-open-sesame-78'
const gossip = `"${text}" by ${secret} at ${hook}`
const success = { json: { code: 0, msg: 'success', data: {}, Extra: null, StatusCode: 0, StatusMessage: 'success' } }
const refusal = (code: number, msg = gossip) => ({ json: { code, msg, data: {} } })
const at = (url: string) => feishu({ robots: { ops: { url: `${url}${hook}`, secret } } })

describe('feishu', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: success,
        refuse: refusal(9_499),
        'refuse-address': refusal(19_001),
        'refuse-inside': refusal(19_024),
        throttle: refusal(11_232),
      },
      channel: ({ url }) => at(url),
      to: 'ops',
      content: { text },
      secrets: [text, secret, hook],
    }),
  )
})

describe('feishu: what is sent', () => {
  it("is signed as the sample of Feishu's document signs", async () => {
    const vendor = await vendorThat(success)
    const robots = { ops: { url: `${vendor.url}${hook}`, secret: 'demo' } }
    await attempt(feishu({ robots }), { to: 'ops', content: { text } }, 1_599_360_473_999)
    // What the Python sample of "Custom bot usage guide" answers for its timestamp and the secret `demo`.
    expect(vendor.requests).toMatchObject([
      {
        method: 'POST',
        url: hook,
        headers: { 'content-type': 'application/json' },
        json: { timestamp: '1599360473', sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=' },
      },
    ])
  })

  it('is a post, in which no value can call for everybody', async () => {
    const vendor = await vendorThat(success)
    const robots = { ops: { url: `${vendor.url}${hook}` } }
    const wicked = '<at user_id="all">everybody</at>'
    const content = { title: 'Order 🎉', text: `one\r\n\n${wicked}`, at: ['ou_7d8a6e', 'all'] }
    await attempt(feishu({ robots }), { to: 'ops', content })
    const line = (given: string) => [{ tag: 'text', text: given }]
    const mentions = [
      { tag: 'at', user_id: 'ou_7d8a6e' },
      { tag: 'at', user_id: 'all' },
    ]
    expect(vendor.requests[0]?.json).toEqual({
      msg_type: 'post',
      content: { post: { zh_cn: { title: 'Order 🎉', content: [line('one'), line(' '), line(wicked), mentions] } } },
    })
  })

  it('is a card where there is one', async () => {
    const vendor = await vendorThat(success)
    const card = { elements: [{ tag: 'div', text: { tag: 'lark_md', content: text } }] }
    await attempt(feishu({ robots: { ops: { url: vendor.url } } }), { to: 'ops', content: { card } })
    expect(vendor.requests[0]?.json).toEqual({ msg_type: 'interactive', card })
  })

  it('has 20 KB at most', async () => {
    const vendor = await vendorThat(success)
    const { outcome } = await attempt(at(vendor.url), { to: 'ops', content: { text: '中'.repeat(7_000) } })
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'feishu over 20480 bytes' })
    expect(vendor.requests).toEqual([])
  })
})

describe('feishu: what answers mean', () => {
  it.each([
    [9_499, 'Bad Request', 'rejected'],
    [9_499, 'too many request', 'retry'],
    [11_232, 'frequency limited', 'retry'],
    [11_246, 'card content error', 'rejected'],
    [19_001, 'param invalid: incoming webhook access token invalid', 'dead'],
    [19_002, 'params error', 'rejected'],
    [19_007, 'Bot Not Enabled', 'fault'],
    [19_021, 'sign match fail or timestamp is not within one hour from current time', 'fault'],
    [19_022, 'Ip Not Allowed', 'fault'],
    [19_024, 'Key Words Not Found', 'rejected'],
    [99_999, 'something new', 'rejected'],
  ])('%i %s: %s', async (code, msg, kind) => {
    const vendor = await vendorThat(refusal(code, msg))
    expect(kindOf(await attempt(at(vendor.url), { to: 'ops', content: { text } }))).toBe(kind)
  })

  it('is sent by the older form of success as well', async () => {
    const vendor = await vendorThat({ json: { StatusCode: 0, StatusMessage: 'success' } })
    expect((await attempt(at(vendor.url), { to: 'ops', content: { text } })).outcome).toEqual({ kind: 'sent' })
  })
})

it('feishu: content that is refused before', async () => {
  const channel = at('https://open.feishu.example')
  expect(await faultsOf(channel, { text: '' })).toHaveLength(1)
  expect(await faultsOf(channel, { text, card: {} })).toHaveLength(1)
  expect(await faultsOf(channel, { text, title: 'a\nb' })).toHaveLength(1)
  expect(await faultsOf(channel, { text, at: ['<at>'] })).toHaveLength(1)
  expect(await faultsOf(channel, { card: 'x' })).toHaveLength(1)
})
