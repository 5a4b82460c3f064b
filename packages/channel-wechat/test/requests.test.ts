import { inspect } from 'node:util'
import { createReach, message } from '@reachkit/core'
import { isNotSentError } from '@reachkit/core/spec'
import { startHttpVendor } from '@reachkit/testing'
import { expect, it, onTestFinished } from 'vitest'
import { miniProgram, officialAccount, wecom, wecomRobot } from '../src/index.js'
import { driverOf, openProcesses, request } from './support/processes.js'
import { appId, appSecret, robotKey, tokenOffice, wechatContent } from './support/samples.js'

async function vendorThat(accept: Parameters<typeof startHttpVendor>[0]['answers']['accept'] = { text: taken }) {
  const vendor = await startHttpVendor({ answers: { accept }, beside: tokenOffice().beside })
  onTestFinished(async () => vendor.close())
  return vendor
}

/** A msgid that is larger than numbers of JavaScript are exact. */
const taken = '{"errcode":0,"errmsg":"ok","msgid":2402986131285590019}'

async function deliver(channel: Parameters<typeof driverOf>[0], to: unknown, content: unknown) {
  const driver = driverOf(channel)
  onTestFinished(async () => driver.close?.())
  const { context, events } = await openProcesses()
  return { outcome: await driver.deliver(request(to, content), context), events }
}

it('officialAccount sends as "Send a template message" says', async () => {
  const vendor = await vendorThat()
  const content = {
    vendors: {
      officialAccount: {
        template: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
        url: 'http://weixin.qq.com/download',
        miniProgram: { appId: 'xiaochengxuappid12345', page: 'index?foo=bar' },
        data: { keyword1: '巧克力', keyword2: '39.8元', keyword3: '2014年9月22日' },
      },
    },
  }
  const { outcome } = await deliver(
    officialAccount({ endpoint: vendor.url, appId, appSecret }),
    { officialAccount: 'OPENID' },
    content,
  )
  expect(outcome).toEqual({ kind: 'sent', providerId: '2402986131285590019' })
  expect(vendor.requests).toMatchObject([
    {
      method: 'POST',
      url: '/cgi-bin/message/template/send?access_token=token-1',
      headers: { 'content-type': 'application/json' },
      // The body of the document's example, with the key of ours as client_msg_id.
      json: {
        touser: 'OPENID',
        template_id: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
        url: 'http://weixin.qq.com/download',
        miniprogram: { appid: 'xiaochengxuappid12345', pagepath: 'index?foo=bar' },
        client_msg_id: 'parcel.0.wechat.x1',
        data: { keyword1: { value: '巧克力' }, keyword2: { value: '39.8元' }, keyword3: { value: '2014年9月22日' } },
      },
    },
  ])
})

it('miniProgram sends as "Send a subscribe message" says', async () => {
  const vendor = await vendorThat()
  const content = {
    vendors: {
      miniProgram: {
        template: 'TEMPLATE_ID',
        page: 'index',
        data: { number01: '339208499', date01: '2015年01月05日', site01: 'TIT创意园😀', site02: '广州市新港中路397号' },
      },
    },
  }
  const { outcome } = await deliver(
    miniProgram({ endpoint: vendor.url, appId, appSecret, state: 'developer' }),
    { miniProgram: 'OPENID' },
    content,
  )
  expect(outcome).toEqual({ kind: 'sent', providerId: '2402986131285590019' })
  expect(vendor.requests).toMatchObject([
    {
      method: 'POST',
      url: '/cgi-bin/message/subscribe/send?access_token=token-1',
      json: {
        touser: 'OPENID',
        template_id: 'TEMPLATE_ID',
        page: 'index',
        miniprogram_state: 'developer',
        lang: 'zh_CN',
        data: {
          number01: { value: '339208499' },
          date01: { value: '2015年01月05日' },
          site01: { value: 'TIT创意园😀' },
          site02: { value: '广州市新港中路397号' },
        },
      },
    },
  ])
})

it('asks for a stable token as its document says, with a secret that is asked for', async () => {
  const vendor = await vendorThat()
  const channel = officialAccount({ endpoint: vendor.url, appId, appSecret: async () => appSecret })
  await deliver(channel, { officialAccount: 'OPENID' }, wechatContent)
  expect(vendor.besides).toMatchObject([
    {
      method: 'POST',
      url: '/cgi-bin/stable_token',
      json: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false },
    },
  ])
})

it('wecom sends as "Send app messages" says', async () => {
  const vendor = await vendorThat({ json: { errcode: 0, errmsg: 'ok', msgid: 'xxxx' } })
  const options = { endpoint: vendor.url, corpId: 'ww-acme', agentId: 1, secret: 'a&b' }
  const card = {
    title: '领奖通知',
    description: '恭喜你抽中\nIPhone 7😀',
    url: 'https://work.weixin.qq.com',
    button: '更多',
  }
  const text = '你的快递已到\n请前往邮件中心领取'
  for (const content of [{ text }, { markdown: '**事项**' }, { card }]) {
    const { outcome } = await deliver(wecom({ ...options, confidential: true }), 'UserID1', content)
    expect(outcome).toEqual({ kind: 'sent', providerId: 'xxxx' })
  }
  expect(vendor.besides[0]).toMatchObject({ method: 'GET', url: '/cgi-bin/gettoken?corpid=ww-acme&corpsecret=a%26b' })
  expect(vendor.requests.map(({ url }) => url)).toEqual(
    ['token-1', 'token-2', 'token-3'].map((token) => `/cgi-bin/message/send?access_token=${token}`),
  )
  const common = { touser: 'UserID1', agentid: 1, safe: 1 }
  expect(vendor.requests.map(({ json }) => json)).toEqual([
    { ...common, msgtype: 'text', text: { content: text } },
    { ...common, msgtype: 'markdown', markdown: { content: '**事项**' } },
    {
      ...common,
      msgtype: 'textcard',
      textcard: { title: card.title, description: card.description, url: card.url, btntxt: '更多' },
    },
  ])
})

it('wecom does not call a message sent that its one member does not get', async () => {
  for (const list of ['invaliduser', 'unlicenseduser']) {
    const vendor = await vendorThat({ json: { errcode: 0, errmsg: 'ok', [list]: 'bob|userid1', msgid: 'xxxx' } })
    const { outcome } = await deliver(
      wecom({ endpoint: vendor.url, corpId: 'ww-acme', agentId: 1, secret: 's' }),
      'UserID1',
      { text: 'Hi' },
    )
    expect(outcome).toEqual({ kind: 'rejected', reason: `wecom ${list}`, invalidAddress: false })
  }
})

it('wecomRobot sends as "Group robots" says', async () => {
  const vendor = await vendorThat({ json: { errcode: 0, errmsg: 'ok' } })
  const robot = () => wecomRobot({ endpoint: vendor.url, robots: { ops: robotKey, sales: async () => 'k&2' } })
  const text = '广州今日天气：29度😀'
  expect(await deliver(robot(), 'ops', { text, mentions: ['wangqing', '@all'] })).toMatchObject({
    outcome: { kind: 'sent' },
  })
  await deliver(robot(), 'sales', { markdown: '实时新增用户反馈<font color="warning">132例</font>' })
  expect(vendor.requests.map(({ url, json }) => [url, json])).toEqual([
    [
      `/cgi-bin/webhook/send?key=${robotKey}`,
      { msgtype: 'text', text: { content: text, mentioned_list: ['wangqing', '@all'] } },
    ],
    [
      '/cgi-bin/webhook/send?key=k%262',
      { msgtype: 'markdown', markdown: { content: '实时新增用户反馈<font color="warning">132例</font>' } },
    ],
  ])
  expect((await deliver(robot(), 'nobody', { text })).outcome).toEqual({
    kind: 'rejected',
    reason: 'wecom no-such-robot',
    invalidAddress: true,
  })
})

it('wecomRobot finds robots by a function of the app, and tells nothing of what it says', async () => {
  const vendor = await vendorThat({ json: { errcode: 0, errmsg: 'ok' } })
  const find = async (name: string): Promise<string | undefined> => {
    if (name === 'broken') throw new Error(`no row for ${robotKey}`)
    return name === 'shop-7' ? robotKey : undefined
  }
  const robot = () => wecomRobot({ endpoint: vendor.url, robots: find })
  expect((await deliver(robot(), 'shop-7', { text: 'Hi' })).outcome).toEqual({ kind: 'sent' })
  expect((await deliver(robot(), 'shop-8', { text: 'Hi' })).outcome).toMatchObject({ invalidAddress: true })
  const error: unknown = await deliver(robot(), 'broken', { text: 'Hi' }).catch((thrown: unknown) => thrown)
  expect([isNotSentError(error), inspect(error).includes(robotKey)]).toEqual([true, false])
  expect(vendor.requests).toHaveLength(1)
})

it('what is there for another kind of app only is left to its provider', async () => {
  const vendor = await vendorThat()
  const channel = officialAccount({ endpoint: vendor.url, appId, appSecret })
  const { vendors } = wechatContent
  expect((await deliver(channel, { miniProgram: 'a' }, wechatContent)).outcome).toMatchObject({
    reason: 'wechat no-openid',
    invalidAddress: false,
  })
  const onlyMini = { vendors: { miniProgram: vendors.miniProgram } }
  expect((await deliver(channel, { officialAccount: 'a' }, onlyMini)).outcome).toMatchObject({
    reason: 'wechat no-template',
    invalidAddress: false,
  })
  expect(vendor.requests).toEqual([])
})

it('an openid is dead only once another one was taken: with a wrong appId, every openid would be', async () => {
  const vendor = await vendorThat(({ json }) =>
    (json as { touser?: string }).touser === 'good'
      ? { text: taken }
      : { json: { errcode: 40003, errmsg: 'invalid openid' } },
  )
  const driver = driverOf(officialAccount({ endpoint: vendor.url, appId, appSecret }))
  onTestFinished(async () => driver.close?.())
  const { context, events } = await openProcesses()
  const attempt = async (to: object) => driver.deliver(request(to, wechatContent), context)
  const refused = { kind: 'rejected', reason: 'wechat 40003', invalidAddress: false }
  expect(await attempt({ officialAccount: 'a' })).toEqual(refused)
  expect(events.splice(0)).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'wechat 40003' }])
  expect((await attempt({ officialAccount: 'good' })).kind).toBe('sent')
  expect(await attempt({ officialAccount: 'a' })).toEqual({ ...refused, invalidAddress: true })
  expect(events).toEqual([])
  // A dead openid does not condemn the other one.
  expect(await attempt({ officialAccount: 'a', miniProgram: 'b' })).toEqual(refused)
  expect(events).toEqual([
    { kind: 'address-dead', messageId: 'parcel.0', address: { officialAccount: 'a' }, reason: 'wechat 40003' },
  ])
})

it.each([
  ['officialAccount', officialAccount],
  ['miniProgram', miniProgram],
] as const)('%s: a type without its template is refused at the start', async (name, open) => {
  const { vendors } = wechatContent
  const without = message('order.paid', {
    content: { wechat: { vendors: { ...vendors, [name]: undefined } } },
  } as never)
  const options: unknown = { channels: { wechat: open({ appId, appSecret }) }, messages: [without] }
  const start = (): unknown => Reflect.apply(createReach, undefined, [options])
  expect(start).toThrow(`missing: content.wechat.vendors.${name}`)
})
