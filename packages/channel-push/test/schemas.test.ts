import type { ChannelDriver } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { jpush, webPush } from '../src/index.js'
import { textFor } from '../src/content/text-for.js'
import { browserKeys, vapid } from './support/keys.js'

const driver = driverOf(jpush({ appKey: 'a'.repeat(24), masterSecret: 's' }))
const browser = driverOf(webPush({ ...vapid, subject: 'https://example.com/contact' }))

function driverOf({ drivers }: { readonly drivers: readonly { readonly driver: unknown }[] }): ChannelDriver {
  return drivers[0]?.driver as ChannelDriver
}

async function faults(schema: ChannelDriver['address'], value: unknown): Promise<string[]> {
  const { issues = [] } = await schema['~standard'].validate(value)
  return issues.map(({ path = [], message }) => [...path.map(String), message].join(' '))
}

describe('an address', () => {
  const web = { endpoint: 'https://push.example/1', keys: browserKeys, expirationTime: null }

  it.for([
    { jpush: 'one' },
    [{ jpush: 'one', platform: 'android', appVersion: '5.2.0' }, { apns: 'A1B2' }, { fcm: 'a:b' }, { web }],
  ])('may be %j', async (address) => {
    expect(await faults(driver.address, address)).toEqual([])
  })

  it.for([
    [undefined, 'must be an object'],
    ['one', 'must be an object'],
    [[], "has no device with an address of 'jpush'"],
    [{ apns: 'a1b2' }, "has no device with an address of 'jpush'"],
    [{ jpush: 'one', fcm: 'two' }, 'must have one address: web, fcm, apns or jpush'],
    [[{ jpush: 'one' }, { platform: 'ios' }], '1 must have one address: web, fcm, apns or jpush'],
    [[{ jpush: 'one' }, { apns: '../x' }], '1 apns must be hexadecimal'],
    [{ jpush: 'a b' }, 'jpush must be a registration id'],
    [[{ jpush: 'one' }, { fcm: 'a\r\nb' }], '1 fcm must be a token'],
    [{ jpush: 'one', colour: 'red' }, 'colour is not a field of this content'],
    [Array.from({ length: 501 }, (_, index) => ({ jpush: `d${index}` })), 'has more than 500 devices'],
  ] as const)('may not be %j', async ([address, fault]) => {
    expect(await faults(driver.address, address)).toContain(fault)
  })

  it.for([
    [{ ...web, endpoint: 'ftp://push.example/1' }, 'web endpoint must be a url'],
    [{ ...web, keys: { ...browserKeys, p256dh: 'AAAA' } }, 'web keys p256dh must be a public key of P-256'],
    [{ ...web, keys: { ...browserKeys, auth: 'AAAA' } }, 'web keys auth must be a secret of 16 bytes'],
    [{ endpoint: web.endpoint }, 'web keys is missing'],
  ] as const)('of a browser may not be %j', async ([subscription, fault]) => {
    expect(await faults(browser.address, { web: subscription })).toContain(fault)
  })
})

describe('content', () => {
  it('may have every field that its type has', async () => {
    const text = {
      title: '',
      body: 'Hello',
      data: { order: 'A1' },
      link: 'app://a',
      image: 'https://a.example/b.png',
      badge: '3',
      sound: 'default',
      collapse: 'a'.repeat(64),
      silent: false,
      vendors: {
        web: { notification: { actions: [] } },
        fcm: { channelId: 'orders', notification: {} },
        apns: { pushType: 'voip', topic: 'com.example.app.voip', aps: {} },
        jpush: { android: {}, harmony: {}, makers: { oppo: { channel_id: '1' } } },
      },
    }
    const variants = [{ when: { platform: ['ios', 'web'], appVersion: '^5.2 || >=7' }, ...text }]
    expect(await faults(driver.content, { ...text, variants })).toEqual([])
    expect(await faults(driver.content, { silent: true })).toEqual([])
  })

  it.for([
    [{}, 'body is missing'],
    [{ body: '' }, 'body must be text that is not empty'],
    [{ body: 'a', collapse: '界'.repeat(22) }, 'collapse must be text of 1 to 64 bytes'],
    [{ body: 'a', badge: '3a' }, 'badge must be a whole number of at least 0'],
    [{ body: 'a', badge: -1 }, 'badge must be a whole number of at least 0'],
    [
      { body: 'a', data: { from: 'x' } },
      'data must be an object of texts, without from, message_type, and names that begin with google or gcm',
    ],
    [
      { body: 'a', variants: [{ when: { appVersion: 'newest' } }] },
      'variants 0 when appVersion must be a range of semver',
    ],
    [{ body: 'a', variants: [{ body: 'b' }] }, 'variants 0 when is missing'],
    [{ body: 'a', variants: {} }, 'variants must be a list'],
    [
      { body: 'a', vendors: { apns: { topic: 'a\r\nb' } } },
      'vendors apns topic must be letters, digits, dots and hyphens',
    ],
  ] as const)('may not be %j', async ([content, fault]) => {
    expect(await faults(driver.content, content)).toContain(fault)
  })
})

describe('variants', () => {
  const content = {
    title: 'Old',
    body: 'Please update',
    vendors: { fcm: { channelId: 'orders' } },
    variants: [
      { when: { platform: 'web' }, body: 'Web' },
      {
        when: { platform: ['ios', 'android'], appVersion: '>=5.2' },
        title: 'New',
        vendors: { apns: { pushType: 'alert' } },
      },
      { when: { appVersion: '4.x' }, body: 'Four' },
    ],
  }

  it.for([
    [{ platform: 'web' }, 'Old', 'Web'],
    [{ platform: 'ios', appVersion: '5.2.0' }, 'New', 'Please update'],
    [{ platform: 'ios', appVersion: '5.2' }, 'New', 'Please update'],
    [{ platform: 'android', appVersion: '5.10.1.1834' }, 'New', 'Please update'],
    [{ platform: 'android', appVersion: '5.3.0-beta.1' }, 'New', 'Please update'],
    [{ platform: 'ios', appVersion: '5.1.9' }, 'Old', 'Please update'],
    [{ platform: 'ios', appVersion: '4.7.1' }, 'Old', 'Four'],
    [{ platform: 'ios', appVersion: 'unknown' }, 'Old', 'Please update'],
    [{ platform: 'ios' }, 'Old', 'Please update'],
    [{}, 'Old', 'Please update'],
  ] as const)('of %j are %s, %s', ([facts, title, body]) => {
    const text = textFor(content, { jpush: 'one', ...facts })
    expect(text).toMatchObject({ title, body, vendors: { fcm: { channelId: 'orders' } } })
    expect(text).not.toHaveProperty('variants')
    expect(text).not.toHaveProperty('when')
  })

  it('go by the kind of the address where no platform is told', () => {
    expect(textFor(content, { web: { endpoint: '', keys: browserKeys } }).body).toBe('Web')
    expect(textFor(content, { apns: 'a1', appVersion: '6.0.0' }).title).toBe('New')
    expect(textFor(content, { fcm: 'a1', appVersion: '6.0.0' }).title).toBe('New')
  })
})
