import { rejected, retry, sent, unknown, type DeliveryOutcome, invalidAddress } from '@reachkit/core/spec'
import { startHttpVendor } from '@reachkit/testing'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { apns, byDevice, fcm, jpush } from '../src/index.js'
import { mergeOutcomes } from '../src/deliver/merge-outcomes.js'
import { startApnsServer } from './support/apns-server.js'
import { delivering } from './support/deliver.js'
import { ec, rsa } from './support/keys.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** What is answered to a token says what becomes of the device. */
const answers: Readonly<Record<string, { status: number; json: object }>> = {
  dead: { status: 400, json: { error: { code: 1011 } } },
  busy: { status: 429, json: { error: { code: 2002 } } },
  wrong: { status: 400, json: { error: { code: 1003 } } },
  lost: { status: 500, json: { error: { code: 1000 } } },
}
const device = (id: string) => ({ jpush: id })

async function phones() {
  const vendor = await startHttpVendor({
    answers: { accept: ({ json }) => answers[idOf(json)] ?? { json: { msg_id: idOf(json) } } },
  })
  const channel = await delivering(jpush({ endpoint: vendor.url, appKey: 'a'.repeat(24), masterSecret: 'secret' }))
  closing.push(
    async () => channel.driver.close?.(),
    async () => vendor.close(),
  )
  return { ...channel, vendor }
}

function idOf(json: unknown): string {
  return (json as { audience: { registration_id: string[] } }).audience.registration_id[0] ?? ''
}

describe('several devices', () => {
  it('are all reached, each once, and the message has the id of the first', async () => {
    const { deliver, vendor, reported } = await phones()
    expect(await deliver(['one', 'two', 'one', 'three'].map(device), { body: 'Hello' })).toEqual(sent('one'))
    expect(vendor.requests.map(({ json }) => idOf(json)).toSorted()).toEqual(['one', 'three', 'two'])
    expect(reported).toEqual([])
  })

  it('make a message sent where one took it; what became of the others is told of each', async () => {
    const { deliver, reported } = await phones()
    await deliver(device('before'), { body: 'Hello' })
    const to = ['dead', 'busy', 'one', 'lost', 'wrong'].map(device)
    expect(await deliver(to, { body: 'Hello' })).toEqual(sent('one'))
    expect(reported).toEqual([
      { kind: 'address-dead', messageId: 'parcel.0', address: device('dead'), reason: 'jpush 1011' },
      { kind: 'warning', messageId: 'parcel.0', address: device('busy'), reason: 'jpush 2002' },
      { kind: 'warning', messageId: 'parcel.0', address: device('lost'), reason: 'jpush 1000' },
      { kind: 'warning', messageId: 'parcel.0', address: device('wrong'), reason: 'jpush 1003' },
    ])
  })

  it.for([
    [['busy', 'lost', 'dead'], 'unknown', false],
    [['busy', 'dead', 'wrong'], 'retry', false],
    [['dead', 'wrong'], 'rejected', false],
    [['dead', 'dead-too'], 'sent', false],
    [['dead'], 'rejected', true],
  ] as const)('that answer %s make it %s', async ([ids, kind, dead]) => {
    const { deliver } = await phones()
    await deliver(device('before'), { body: 'Hello' })
    const outcome = await deliver(ids.map(device), { body: 'Hello' })
    expect([outcome.kind, outcome.kind === 'rejected' && outcome.invalidAddress]).toEqual([kind, dead])
  })

  it('get what is written for their platform and version', async () => {
    const { deliver, vendor } = await phones()
    const content = { body: 'old', variants: [{ when: { appVersion: '>=5' }, body: 'new' }] }
    await deliver(
      [{ jpush: 'one', appVersion: '4.9' }, { jpush: 'two', appVersion: '5.0.1' }, { jpush: 'three' }],
      content,
    )
    const alerts = vendor.requests.map(({ json }) => [idOf(json), (json as Body).notification.android.alert])
    expect(Object.fromEntries(alerts)).toEqual({ one: 'old', two: 'new', three: 'old' })
  })
})

interface Body {
  readonly notification: { readonly android: { readonly alert: string } }
}

const outcomes = fc.constantFrom<DeliveryOutcome>(
  sent('1'),
  unknown('u'),
  retry(5_000, 'r'),
  retry(undefined, 'r'),
  rejected('x'),
  invalidAddress('d'),
)

describe('what an attempt ended in', () => {
  it('is never a retry, nor a rejection, where a device has the message or may have it', () => {
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 1, maxLength: 6 }), (all) => {
        const { kind } = mergeOutcomes(all)
        if (all.some((each) => each.kind === 'sent')) return kind === 'sent'
        if (all.some((each) => each.kind === 'unknown')) return kind === 'unknown'
        return kind === (all.some((each) => each.kind === 'retry') ? 'retry' : 'rejected')
      }),
    )
  })

  it('does not hang on how the devices are grouped', () => {
    const list = fc.array(outcomes, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(list, list, (one, other) => {
        const { kind } = mergeOutcomes([mergeOutcomes(one), mergeOutcomes(other)])
        expect(kind).toBe(mergeOutcomes([...one, ...other]).kind)
      }),
    )
  })
})

describe('byDevice', () => {
  async function services() {
    const apple = await startApnsServer()
    const aurora = await startHttpVendor({ answers: { accept: { json: { msg_id: '1' } } } })
    const channel = byDevice(
      apns({
        key: { keyId: 'ABCDE12345', privateKey: ec.privateKey },
        teamId: 'TEAM123456',
        topic: 'com.example',
        endpoint: apple.url,
      }),
      jpush({ endpoint: aurora.url, appKey: 'a'.repeat(24), masterSecret: 'secret', concurrency: 7 }),
    )
    const world = await delivering(channel)
    closing.push(
      async () => world.driver.close?.(),
      async () => apple.close(),
      async () => aurora.close(),
    )
    return { ...world, apple, aurora }
  }
  const iphone = { apns: 'a1b2' }

  it('has each device reached by its own service', async () => {
    const { deliver, apple, aurora, driver } = await services()
    expect(await deliver([iphone, device('one'), { apns: 'c3d4' }], { body: 'Hello' })).toMatchObject({ kind: 'sent' })
    expect(apple.posts.map(({ path }) => path).toSorted()).toEqual(['/3/device/a1b2', '/3/device/c3d4'])
    expect(aurora.requests).toHaveLength(1)
    expect(driver.capabilities.concurrency).toBe(7)
  })

  it('makes a message sent where one service took it, and tells what the other did not', async () => {
    const { deliver, apple, reported } = await services()
    apple.answer = ({ path }) =>
      path.endsWith('a1b2') ? { status: 410, reason: 'Unregistered' } : { status: 503, reason: 'Shutdown' }
    const other = { apns: 'c3d4' }
    expect(await deliver([iphone, device('one'), other], { body: 'Hello' })).toEqual(sent('1'))
    expect(reported.map(({ kind, reason, address }) => [kind, reason, address])).toEqual([
      ['address-dead', 'apns Unregistered', iphone],
      ['warning', 'apns Shutdown', iphone],
      ['warning', 'apns Shutdown', other],
    ])
  })

  it('tells of a device that no service is for', async () => {
    const { deliver, reported } = await services()
    expect(await deliver([{ fcm: 'token' }], { body: 'Hello' })).toEqual(rejected('no device'))
    expect(reported).toMatchObject([{ kind: 'warning', address: { fcm: 'token' }, reason: 'devices no service' }])
  })

  it('takes one provider a service, and at least one', () => {
    const serviceAccount = { project_id: 'acme', client_email: 'a@b.example', private_key: rsa.privateKey }
    const split = { ...fcm({ serviceAccount }), drivers: [] }
    for (const given of [[], [split]])
      expect(() => byDevice(...given)).toThrow(expect.objectContaining({ code: 'REACH_OPTION_INVALID' }))
  })
})
