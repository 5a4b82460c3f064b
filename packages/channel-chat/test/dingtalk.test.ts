import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { dingtalk } from '../src/index.js'
import { attempt, faultsOf, kindOf, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const text = 'Order A1 is paid 🎉 ü'
const secret = 'SECopen-sesame-77'
const hook = '/robot/send?access_token=open-sesame-78'
const gossip = `"${text}" by ${secret} at ${hook}`
const success = { json: { errcode: 0, errmsg: 'ok' } }
const refusal = (errcode: number, errmsg = gossip) => ({ json: { errcode, errmsg } })
const at = (url: string) => dingtalk({ robots: { ops: { url: `${url}${hook}`, secret } } })

describe('dingtalk', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: success,
        refuse: refusal(40_035),
        'refuse-address': refusal(400_013),
        'refuse-inside': refusal(430_102),
        throttle: refusal(130_101),
      },
      channel: ({ url }) => at(url),
      to: 'ops',
      content: { text },
      secrets: [text, secret, hook, 'open-sesame-78'],
    }),
  )
})

describe('dingtalk: what is sent', () => {
  it("is signed as the sample of DingTalk's document signs", async () => {
    const vendor = await vendorThat(success)
    const robots = { ops: { url: `${vendor.url}${hook}`, secret: 'this is secret' } }
    await attempt(dingtalk({ robots }), { to: 'ops', content: { text } }, 1_577_808_000_000)
    // What the Python sample of "Security settings of custom robots" answers for this time and its secret.
    expect(vendor.requests).toMatchObject([
      {
        method: 'POST',
        url: `${hook}&timestamp=1577808000000&sign=ijHEivi6YiCNPZOq4hZstmvZ3sPfbioAiMhP30ae7W0%3D`,
        headers: { 'content-type': 'application/json' },
      },
    ])
  })

  it('is text, Markdown or a card, with mentions', async () => {
    const vendor = await vendorThat(success)
    const channel = dingtalk({ robots: { ops: { url: `${vendor.url}${hook}` } } })
    const markdown = '### Paid\n\n> A1 🎉'
    const send = async (content: unknown) => attempt(channel, { to: 'ops', content })
    await send({ text, at: { mobiles: ['+86-13800000000'], userIds: ['user01'], all: true } })
    await send({ markdown, title: 'Paid' })
    await send({ markdown, title: 'Paid', buttons: [{ text: 'Open', url: 'https://shop.example/A1' }] })
    expect(vendor.requests.map(({ url, json }) => [url, json])).toEqual([
      [
        hook,
        {
          msgtype: 'text',
          text: { content: text },
          at: { atMobiles: ['+86-13800000000'], atUserIds: ['user01'], isAtAll: true },
        },
      ],
      [hook, { msgtype: 'markdown', markdown: { title: 'Paid', text: markdown } }],
      [
        hook,
        {
          msgtype: 'actionCard',
          actionCard: {
            title: 'Paid',
            text: markdown,
            btnOrientation: '0',
            btns: [{ title: 'Open', actionURL: 'https://shop.example/A1' }],
          },
        },
      ],
    ])
  })

  it('has 20,000 bytes at most', async () => {
    const vendor = await vendorThat(success)
    const { outcome } = await attempt(at(vendor.url), { to: 'ops', content: { text: '中'.repeat(6_700) } })
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'dingtalk over 20000 bytes' })
    expect(vendor.requests).toEqual([])
  })
})

describe('dingtalk: what answers mean', () => {
  it.each([
    [-1, '系统繁忙', 'retry'],
    [88, '鉴权异常', 'fault'],
    [404, '请求的URI地址不存在', 'fault'],
    [40_035, '缺少参数 json', 'rejected'],
    [40_035, '缺少参数 access_token', 'fault'],
    [43_004, '无效的HTTP HEADER Content-Type', 'rejected'],
    [130_101, 'send too fast, exceed 20 times per minute', 'retry later'],
    [300_001, 'token is not exist', 'dead'],
    [300_005, 'token is not exist', 'dead'],
    [310_000, 'keywords not in content', 'rejected'],
    [310_000, 'description:机器人发送签名不匹配;', 'fault'],
    [310_000, 'invalid timestamp', 'fault'],
    [310_000, 'sign not match', 'fault'],
    [310_000, 'ip 192.0.2.1 not in whitelist', 'fault'],
    [400_013, '群已被解散', 'dead'],
    [400_101, 'access_token不存在', 'dead'],
    [400_102, '机器人已停用', 'fault'],
    [400_105, '不支持的消息类型', 'rejected'],
    [400_106, '机器人不存在', 'dead'],
    [410_100, '发送速度太快而限流', 'retry later'],
    [430_101, '含有不安全的外链', 'rejected'],
    [430_102, '含有不合适的文本', 'rejected'],
    [430_103, '含有不合适的图片', 'rejected'],
    [430_104, '含有不合适的内容', 'rejected'],
    [460_101, 'message too long, exceed 20000 bytes', 'rejected'],
    [999_999, 'something new', 'rejected'],
  ])('%i %s: %s', async (code, message, kind) => {
    const vendor = await vendorThat(refusal(code, message))
    expect(kindOf(await attempt(at(vendor.url), { to: 'ops', content: { text } }))).toBe(kind)
  })
})

it('dingtalk: content that is refused before', async () => {
  const channel = at('https://oapi.dingtalk.example')
  expect(await faultsOf(channel, { markdown: 'a' })).toEqual(['title: must be given with markdown, and only there'])
  expect(await faultsOf(channel, { text, title: 'a' })).toHaveLength(1)
  expect(await faultsOf(channel, { text, buttons: [{ text: 'a', url: 'https://a.example' }] })).toHaveLength(1)
  expect(await faultsOf(channel, { text, at: { mobiles: ['1\n2'], all: 'yes' } })).toHaveLength(2)
})
