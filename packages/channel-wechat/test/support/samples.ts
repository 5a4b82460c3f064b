import type { VendorAnswer, VendorRequest } from '@reachkit/testing'
import { miniProgram, officialAccount, wecom, wecomRobot } from '../../src/index.js'

export const appId = 'wx0123456789abcdef'
export const appSecret = 'open-sesame-77'
export const robotKey = '693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa'

/** What an official account and a mini-program say of the same order. */
export const wechatContent = {
  vendors: {
    officialAccount: {
      template: 'tpl-oa',
      data: { thing1: '巧克力', amount2: '¥39.80' },
      url: 'https://shop.example/A1',
    },
    miniProgram: { template: 'tpl-mp', data: { thing1: '巧克力', amount2: '¥39.80' }, page: 'pages/order?id=A1' },
  },
}

/** Answers each request for an access token: token-1, and so on. */
export function tokenOffice(secondsOfLife = 7_200) {
  let count = 0
  return {
    count: () => count,
    beside: ({ url }: VendorRequest): VendorAnswer | undefined => {
      if (!/^\/cgi-bin\/(stable_token|gettoken)/.test(url)) return undefined
      return { json: { errcode: 0, errmsg: 'ok', access_token: `token-${(count += 1)}`, expires_in: secondsOfLife } }
    },
  }
}

/** Each driver, with its endpoint at a stand-in, and how a message for it looks. */
export const drivers = [
  {
    name: 'officialAccount',
    open: (endpoint: string) => officialAccount({ endpoint, appId, appSecret }),
    to: { officialAccount: 'openid-ann' },
    content: wechatContent,
    dead: undefined,
    busy: 45011,
    refused: 43004,
  },
  {
    name: 'miniProgram',
    open: (endpoint: string) => miniProgram({ endpoint, appId, appSecret }),
    to: { miniProgram: 'openid-ann' },
    content: wechatContent,
    dead: undefined,
    busy: 45009,
    refused: 43101,
  },
  {
    name: 'wecom',
    open: (endpoint: string) => wecom({ endpoint, corpId: 'ww-acme', agentId: 1_000_002, secret: appSecret }),
    to: 'ann.lee',
    content: { text: 'Order A1 is paid' },
    dead: undefined,
    busy: 45033,
    refused: 81013,
  },
  {
    name: 'wecomRobot',
    open: (endpoint: string) => wecomRobot({ endpoint, robots: { ops: robotKey } }),
    to: 'ops',
    content: { text: 'Order A1 is paid' },
    dead: 93000,
    busy: 45009,
    refused: 40058,
  },
] as const
