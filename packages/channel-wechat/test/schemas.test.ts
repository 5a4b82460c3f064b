import { describe, expect, it } from 'vitest'
import { driverOf } from './support/processes.js'
import { appId, appSecret, drivers, wechatContent } from './support/samples.js'
import { miniProgram, officialAccount, wecom, wecomRobot } from '../src/index.js'

const [account, , app, robot] = drivers
const { address: openids, content: wechat } = driverOf(account.open('http://127.0.0.1'))
const { address: userid, content: toMember } = driverOf(app.open('http://127.0.0.1'))
const { address: group, content: toGroup } = driverOf(robot.open('http://127.0.0.1'))

async function issues(schema: typeof wechat, value: unknown): Promise<number> {
  return ((await schema['~standard'].validate(value)).issues ?? []).length
}

const bytes2048 = `${'字'.repeat(682)}ab`

describe('what fits', () => {
  it.each([
    ['openids', openids, { officialAccount: 'oABC-_1' }],
    ['openids', openids, { officialAccount: 'a', miniProgram: 'b' }],
    ['userid', userid, 'Ann.Lee@acme-1'],
    ['group', group, 'ops'],
    ['wechat', wechat, wechatContent],
    ['member', toMember, { text: `两行\n😀` }],
    ['member', toMember, { text: bytes2048 }],
    ['member', toMember, { card: { title: 'a', description: 'b\nc', url: 'https://a.example/' } }],
    ['group', toGroup, { text: 'Hi', mentions: ['ann', '@all'] }],
    ['group', toGroup, { markdown: '字'.repeat(1_365) }],
  ] as const)('%s %#', async (_name, schema, value) => {
    expect(await issues(schema, value)).toBe(0)
  })
})

describe('what does not', () => {
  it.each([
    ['openids', openids, 'oABC'],
    ['openids', openids, {}],
    ['openids', openids, { officialAccount: undefined }],
    ['openids', openids, { officialAccount: 'a"b' }],
    ['openids', openids, { miniprogram: 'a' }],
    ['userid', userid, '@all'],
    ['userid', userid, 'ann|bob'],
    ['userid', userid, 'a'.repeat(65)],
    ['group', group, 'https://qyapi.weixin.qq.com/?key=1'],
    ['wechat', wechat, {}],
    ['wechat', wechat, { vendors: {} }],
    ['wechat', wechat, { vendors: { officialAccount: { template: 'a b', data: {} } } }],
    ['wechat', wechat, { vendors: { officialAccount: { template: 'a', data: {}, url: 'javascript:alert(1)' } } }],
    ['wechat', wechat, { vendors: { miniProgram: { template: 'a', data: { thing1: 'x'.repeat(21) } } } }],
    ['wechat', wechat, { vendors: { miniProgram: { template: 'a', data: {}, page: 'a\nb' } } }],
    ['member', toMember, {}],
    ['member', toMember, { text: 'a', markdown: 'b' }],
    ['member', toMember, { text: `${bytes2048}c` }],
    ['member', toMember, { text: 'bell\u0007' }],
    ['member', toMember, { card: { title: 'a'.repeat(129), description: 'b', url: 'https://a.example/' } }],
    ['member', toMember, { card: { title: 'a', description: 'b'.repeat(513), url: 'https://a.example/' } }],
    ['member', toMember, { card: { title: 'a', description: 'b', url: 'a.example' } }],
    ['group', toGroup, { markdown: '字'.repeat(1_366) }],
    ['group', toGroup, { markdown: 'a', mentions: ['ann lee'] }],
  ] as const)('%s %#', async (_name, schema, value) => {
    expect(await issues(schema, value)).toBe(1)
  })
})

describe('options that are wrong are refused when the driver is built', () => {
  it.each([
    [() => officialAccount({ appId: 'ww1', appSecret }), 'officialAccount: appId must be'],
    [() => officialAccount({ appId, appSecret: '' }), 'officialAccount: appSecret must be'],
    [() => miniProgram({ appId, appSecret, state: 'draft' as 'trial' }), 'miniProgram: state must be'],
    [() => wecom({ corpId: 'ww1', agentId: 0, secret: 's' }), 'wecom: agentId must be'],
    [() => wecom({ corpId: '', agentId: 1, secret: 's' }), 'wecom: corpId must be'],
    [() => wecomRobot({ robots: {} }), 'wecomRobot: robots must be'],
    [() => wecomRobot({ robots: { 'a b': 'k' } }), 'wecomRobot: robots must be'],
    [() => wecomRobot({ robots: { ops: 'a\nb' } }), 'wecomRobot robots: ops must be'],
  ])('%#', (build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'REACH_OPTION_INVALID' }))
    expect(build).toThrow(message)
  })
})
