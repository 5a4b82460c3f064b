import '../../test/types/channels.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sent, type AnyChannel, type DeliveryContext, type DeliveryRequest } from '../spec/index.js'
import { channel, driver, failover, isChannel, preview, weighted } from './index.js'

const address = z.string()
const content = z.object({ text: z.string() })
const deliver = async (): Promise<ReturnType<typeof sent>> => sent('1')

function named(provider: string): ReturnType<typeof driver<'text'>> {
  return driver('text', { provider, deliver })
}

/** What untyped code may call a function with. */
function untyped(call: (...given: never[]) => unknown, ...given: unknown[]): () => unknown {
  return () => Reflect.apply(call, undefined, given)
}

function drivers(wired: Pick<AnyChannel, 'drivers'>): readonly (readonly [string, number])[] {
  return wired.drivers.map(({ driver: { provider }, weight }) => [provider, weight])
}

describe('channel', () => {
  test('has one driver with every default', async () => {
    const pager = channel({ name: 'pager', address, content, deliver })
    expect(pager).toMatchObject({ name: 'pager', sticky: 'message', drivers: [{ weight: 1 }] })
    expect(pager.drivers[0]?.driver).toMatchObject({
      specVersion: 1,
      channel: 'pager',
      provider: 'pager',
      addressing: 'address',
      html: [],
      address,
      content,
      capabilities: { deduplicates: false, batch: 1, concurrency: 128, timeoutMs: 30_000 },
    })
    expect(pager.drivers[0]?.driver).not.toHaveProperty('deliverBatch')
    expect([pager, pager.drivers[0]?.driver].every(Object.isFrozen)).toBe(true)
    expect(isChannel(pager)).toBe(true)
  })

  test('keeps what it was told, and `this` of its methods', async () => {
    const options = {
      name: 'pager',
      provider: 'acme',
      address,
      content,
      html: ['text'],
      addressing: 'recipient',
      capabilities: { deduplicates: true, batch: 10, rate: { count: 5, perMs: 1_000 } },
      id: undefined,
      async deliver() {
        return sent(this.provider)
      },
      deliverBatch: async () => [],
      receipts: { verify: () => true, parse: () => [] },
      close: async () => {},
    } as const
    const { id: _, ...told } = options
    const { driver: made } = channel(told).drivers[0] ?? {}
    expect(made).toMatchObject({ provider: 'acme', html: ['text'], addressing: 'recipient', receipts: told.receipts })
    expect(made?.capabilities).toMatchObject({ deduplicates: true, batch: 10, concurrency: 128 })
    expect(await made?.deliver({} as never, {} as never)).toEqual(sent('acme'))
  })

  test.each<[string, object, string]>([
    ['an unknown option', { delivr: 1 }, "channel(): there is no option 'delivr'. Did you mean 'deliver'?"],
    ['no name', { name: undefined }, 'channel(): name must be a letter and then letters'],
    ['a name with a space', { name: 'a b' }, 'and was another string.'],
    ['a field of recipients as name', { name: 'locale' }, "'locale' is a field of recipients; choose another name."],
    ['a provider', { provider: '' }, "channel 'pager': provider must be"],
    ['an address that is no schema', { address: String }, 'channel(): address must be a schema that follows'],
    ['content that is no schema', { content: {} }, 'channel(): content must be a schema that follows'],
    [
      'no deliver',
      { deliver: undefined },
      "channel 'pager': deliver must be a function that sends one message, and was missing.",
    ],
    ['a close', { close: 1 }, 'close must be a function'],
    ['an addressing', { addressing: 'id' }, 'addressing must be one of address, recipient'],
    ['html', { html: 'text' }, 'html must be an array of the names of content fields'],
    ['receipts', { receipts: { verify: deliver } }, 'receipts must be an object with the functions verify and parse'],
    ['a capability', { capabilities: { concurency: 1 } }, "Did you mean 'concurrency'?"],
    ['no concurrency', { capabilities: { concurrency: 0 } }, 'concurrency must be a whole number of at least 1'],
    [
      'a rate',
      { capabilities: { rate: { count: 1 } } },
      'perMs must be a whole number of at least 1, and was missing.',
    ],
    ['a cost', { capabilities: { cost: { micros: 1 } } }, 'currency must be the code of a currency'],
    [
      'a batch without deliverBatch',
      { capabilities: { batch: 2 } },
      'deliverBatch must be a function, where capabilities.batch',
    ],
    ['deliverBatch without a batch', { deliverBatch: deliver }, 'capabilities must be given with `batch`'],
  ])('refuses %s', (_, wrong, text) => {
    const make = untyped(channel, { name: 'pager', address, content, deliver, ...wrong })
    expect(make).toThrow('REACH_CHANNEL_INVALID')
    expect(make).toThrow(text)
  })
})

describe('driver', () => {
  test('takes any address and content without schemas', async () => {
    const { driver: made } = named('acme').drivers[0] ?? {}
    expect(made).toMatchObject({ channel: 'text', provider: 'acme' })
    expect(made?.content['~standard'].validate({ any: 1 })).toEqual({ value: { any: 1 } })
  })

  test('uses schemas where it has some', () => {
    const checked = driver('text', { provider: 'acme', deliver, content })
    expect(checked.drivers[0]?.driver.content).toBe(content)
  })

  test.each<[string, unknown[], string]>([
    ['a channel', ['', { provider: 'a', deliver }], 'driver(): the channel must be'],
    ['no options', ['text'], "driver for 'text': the options must be an object, and were missing."],
    ['no provider', ['text', { deliver }], "driver for 'text': provider must be"],
    ['a schema', ['text', { provider: 'a', deliver, address: 1 }], 'address must be a schema'],
    ['a name in the options', ['text', { provider: 'a', deliver, name: 'x' }], "there is no option 'name'"],
  ])('refuses %s', (_, given, text) => {
    expect(untyped(driver, ...given)).toThrow('REACH_CHANNEL_INVALID')
    expect(untyped(driver, ...given)).toThrow(text)
  })
})

describe('weighted and failover', () => {
  test('join providers of one channel', () => {
    const joined = weighted([named('a'), 70], [named('b'), 30])
    expect([joined.name, joined.sticky, drivers(joined)]).toEqual([
      'text',
      'message',
      [
        ['a', 70],
        ['b', 30],
      ],
    ])
    expect(joined.stickyBy('recipient')).toMatchObject({ name: 'text', sticky: 'recipient' })
    expect(joined.sticky).toBe('message')
    expect(drivers(failover(named('a'), named('b'), named('c')))).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 0],
    ])
  })

  const other = driver('mail', { provider: 'm', deliver })
  test.each<[string, () => unknown, string]>([
    ['what is no pair', untyped(weighted, named('a')), 'REACH_CHANNEL_INVALID: weighted(), provider 1 must be a pair'],
    ['nothing', untyped(weighted), 'weighted(), provider 1 must be a pair'],
    ['what is no channel', untyped(weighted, [{}, 1]), 'weighted(), provider 1 must be a channel, and was an object.'],
    [
      'another channel',
      untyped(weighted, [named('a'), 1], [other, 1]),
      'providers of one channel, and was given text, mail.',
    ],
    ['a name twice', () => weighted([named('a'), 1], [named('a'), 1]), "weighted() has the provider 'a' twice"],
    [
      'several at once',
      () => weighted([failover(named('a'), named('b')), 1]),
      'provider 1 has several providers already',
    ],
    ['a weight that is text', untyped(weighted, [named('a'), '1']), 'REACH_WEIGHTS_INVALID'],
    ['a weight below 0', () => weighted([named('a'), -1]), 'REACH_WEIGHTS_INVALID'],
    ['only weights of 0', () => weighted([named('a'), 0]), 'REACH_WEIGHTS_INVALID'],
    ['another stickiness', untyped(weighted([named('a'), 1]).stickyBy, 'day'), 'REACH_OPTION_INVALID'],
    ['no channel at all', untyped(failover, undefined), 'failover(), provider 1 must be a channel, and was missing.'],
    ['a standby of another channel', untyped(failover, named('a'), other), 'failover() takes providers of one channel'],
    ['a standby twice', () => failover(named('a'), named('a')), "failover() has the provider 'a' twice"],
  ])('refuse %s', (_, make, text) => {
    expect(make).toThrow(text)
  })
})

describe('preview', () => {
  test('prints what would be sent', async () => {
    let printed = ''
    const shown = preview('mail', { writer: { write: (text: string) => (printed += text) } })
    const request = { id: 'p.0', type: 'order.paid', to: 'ann@example.com', content: { subject: 'Hi', tags: ['a'] } }
    const outcome = await shown.drivers[0]?.driver.deliver(
      request as DeliveryRequest<never, never>,
      {} as DeliveryContext,
    )
    expect(outcome).toEqual(sent())
    expect(printed).toBe('mail to ann@example.com: order.paid (p.0)\n  subject: Hi\n  tags: ["a"]\n')
  })

  test('prints to standard output unless told, and refuses what is no writer', () => {
    expect(preview('mail').drivers[0]?.driver.provider).toBe('preview')
    expect(untyped(preview, 'mail', { writer: console.log })).toThrow("preview of 'mail': writer must be an object")
    expect(untyped(preview, 'mail', { wirter: process.stderr })).toThrow("Did you mean 'writer'?")
  })
})
