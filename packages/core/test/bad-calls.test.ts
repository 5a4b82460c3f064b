import { createReach, cron, memoryStore, message, nextFiring, receivers, split, weighted } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { z } from 'zod'
import { errorOf, textOf } from './support/error-of.js'
import { everybody, signal, untyped } from './support/signals.js'
import type { Signal } from './support/signals.js'
import { createWorld } from './support/world.js'

const canary = 'canary-7391'

function setUp() {
  const world = createWorld()
  const lamp = signal('lamp')
  const paid = message('order.paid', {
    data: z.object({ orderId: z.string(), amount: z.number().optional() }),
    content: { lamp: { text: 'Paid {{ orderId }}' } },
  })
  const plain = message('plain', {
    data: v.object({ code: v.pipe(v.string(), v.email()) }),
    content: { lamp: { text: 'x' } },
  })
  const open = message('open', {
    data: z.object({ any: z.any() }),
    content: { lamp: { text: 'x' } },
    ttl: '1m',
  })
  const reach = world.open(
    createReach({
      ...world.base,
      messages: [paid, plain, open],
      channels: { lamp: lamp.channel },
      directory: everybody,
    }),
  )
  return { ...world, lamp, reach }
}

describe('A wrong call ends in a coded error', () => {
  it('An unknown key is answered with the nearest one.', async () => {
    const { reach } = setUp()
    const error = await errorOf(() => reach.notify(untyped<'order.paid'>('order.payed'), 'u1', { orderId: 'A' }))
    expect(error.code).toBe('REACH_MESSAGE_UNKNOWN')
    expect(error.message).toMatch(/did you mean 'order\.paid'\?/i)
    expect((await errorOf(() => reach.notify(untyped<'order.paid'>(7), 'u1', { orderId: 'A' }))).code).toBe(
      'REACH_MESSAGE_UNKNOWN',
    )
  })

  it('Wrong data names every field that is wrong, and no value.', async () => {
    const { reach } = setUp()
    const error = await errorOf(() => reach.notify('order.paid', 'u1', untyped({ orderId: 4711, amount: canary })))
    expect(error.code).toBe('REACH_DATA_INVALID')
    expect(error.message).toContain('orderId')
    expect(error.message).toContain('amount')
    expect(textOf(error)).not.toContain(canary)
    expect(textOf(error)).not.toContain('4711')
  })

  it('A schema that quotes what it was given does not get that into the error.', async () => {
    const { reach } = setUp()
    const wrongType = await errorOf(() => reach.notify('plain', 'u1', untyped({ code: 4711 })))
    const wrongForm = await errorOf(() => reach.notify('plain', 'u1', { code: canary }))
    expect([wrongType.code, wrongForm.code]).toEqual(['REACH_DATA_INVALID', 'REACH_DATA_INVALID'])
    expect(textOf(wrongType)).not.toContain('4711')
    expect(textOf(wrongForm)).not.toContain(canary)
    expect(wrongForm.message).toContain('code: Invalid email')
  })

  it('A message of the app about a value, and a key that is an address, stay out of the error.', async () => {
    const world = createWorld()
    const strict = message('strict', {
      data: z.object({
        code: z.string().refine((code) => code === 'x', { error: ({ input }) => `no such code: ${String(input)}` }),
        byAddress: z.record(z.string(), z.number()),
      }),
      content: { lamp: { text: 'x' } },
    })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [strict],
        channels: { lamp: signal('lamp').channel },
        directory: everybody,
      }),
    )
    const error = await errorOf(() =>
      reach.notify('strict', 'u1', untyped({ code: canary, byAddress: { 'ann@example.com': 'many' } })),
    )
    expect(error.code).toBe('REACH_DATA_INVALID')
    expect(error.message).toContain('code')
    expect(error.message).toContain('byAddress')
    expect(textOf(error)).not.toContain(canary)
    expect(textOf(error)).not.toContain('ann@example.com')
  })

  it('A schema or dedupe function that throws ends in a coded error.', async () => {
    const world = createWorld()
    const bad = message('bad', {
      data: untyped<z.ZodString>({
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: () => {
            throw new Error(canary)
          },
        },
      }),
      content: { lamp: { text: 'x' } },
    })
    const key = message('key', {
      data: z.object({ code: z.string() }),
      dedupe: () => {
        throw new Error(canary)
      },
      content: { lamp: { text: 'x' } },
    })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [bad, key],
        channels: { lamp: signal('lamp').channel },
        directory: everybody,
      }),
    )
    const schema = await errorOf(() => reach.notify('bad', 'u1', untyped('x')))
    const dedupe = await errorOf(() => reach.notify('key', 'u1', { code: 'x' }))
    expect([schema.code, dedupe.code]).toEqual(['REACH_DATA_INVALID', 'REACH_MESSAGE_INVALID'])
    expect(schema.message + dedupe.message).not.toContain(canary)
  })

  it('Data that is circular, or no JSON, is refused and named by its place.', async () => {
    const { reach } = setUp()
    const circular: { self?: unknown } = {}
    circular.self = circular
    const error = await errorOf(() => reach.notify('open', 'u1', { any: circular }))
    expect(error.code).toBe('REACH_DATA_NOT_JSON')
    expect(error.message).toContain('data.any.self is a circular reference')
    expect((await errorOf(() => reach.notify('open', 'u1', { any: 1n }))).code).toBe('REACH_DATA_NOT_JSON')
  })

  it('A recipient must be an id or have an address of a wired channel.', async () => {
    const { reach } = setUp()
    for (const to of [{}, { lamp: undefined }, { smoke: 'x' }, 7, null, '', [], [{}], { id: '' }]) {
      const error = await errorOf(() => reach.notify('order.paid', untyped<string>(to), { orderId: 'A' }))
      expect([to, error.code]).toEqual([to, 'REACH_RECIPIENT_INVALID'])
    }
  })

  it('An address in the place of an id is refused with a hint that does not repeat it.', async () => {
    const { reach } = setUp()
    for (const address of [`${canary}@example.com`, '+49 30 1234567']) {
      const error = await errorOf(() => reach.notify('order.paid', ['u1', address], { orderId: 'A' }))
      expect(error.code).toBe('REACH_RECIPIENT_INVALID')
      expect(error.message).toContain('{ email: … }')
      expect(textOf(error)).not.toContain(address)
    }
  })

  it('An id without a directory is refused; nobody set as receiver is too.', async () => {
    const world = createWorld()
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({ ...world.base, messages: [ping], channels: { lamp: signal('lamp').channel } }),
    )
    expect((await errorOf(() => reach.notify('ping', 'u1'))).code).toBe('REACH_DIRECTORY_MISSING')
    expect((await errorOf(() => reach.notify('ping', receivers))).code).toBe('REACH_RECEIVERS_EMPTY')
  })

  it('A ttl in the past, an unknown option and wrong times are refused.', async () => {
    const { reach } = setUp()
    const code = async (options: object) => (await errorOf(() => reach.notify('open', 'u1', { any: 1 }, options))).code
    expect(await code({ ttl: '0s' })).toBe('REACH_TTL_PAST')
    expect(await code({ ttl: '-1s' })).toBe('REACH_OPTION_INVALID')
    expect(await code({ at: new Date(Number.NaN) })).toBe('REACH_OPTION_INVALID')
    expect(await code({ at: new Date(), after: '1s' })).toBe('REACH_OPTION_INVALID')
    expect(await code({ priority: 'P9' })).toBe('REACH_OPTION_INVALID')
    expect(await code({ idempotencyKey: '' })).toBe('REACH_OPTION_INVALID')
    const misspelt = await errorOf(() => reach.notify('open', 'u1', { any: 1 }, untyped({ aftr: '1s' })))
    expect(misspelt.message).toContain("Did you mean 'after'?")
  })

  it('An unknown channel is named with the nearest one.', async () => {
    const { reach } = setUp()
    const error = await errorOf(() => reach.weights.set(untyped<'lamp'>('lmap'), { lamp: 1 }))
    expect([error.code, error.message]).toEqual([
      'REACH_CHANNEL_UNKNOWN',
      expect.stringMatching(/did you mean 'lamp'\?/i),
    ])
    const ping = message('ping', { content: { horn: { text: 'x' } } })
    const unwired = await errorOf(() =>
      createReach({ messages: [ping], channels: untyped<{ horn: Signal<'horn'> }>({ lamp: signal('lamp').channel }) }),
    )
    expect(unwired.code).toBe('REACH_CHANNEL_UNKNOWN')
  })

  it('Weights that are negative or all zero are refused wherever they are given.', async () => {
    const { reach } = setUp()
    const a = signal('lamp', [], { provider: 'a' }).channel
    const b = signal('lamp', [], { provider: 'b' }).channel
    const codes = await Promise.all([
      errorOf(() => weighted([a, -1], [b, 2])),
      errorOf(() => weighted([a, 0], [b, 0])),
      errorOf(() => split(['lamp', -1], ['horn', 1])),
      errorOf(() => split(['lamp', 0])),
      errorOf(() => reach.weights.set('lamp', { lamp: -1 })),
      errorOf(() => reach.weights.set('lamp', { lamp: 0 })),
      errorOf(() => reach.weights.set('lamp', { nobody: 1 })),
    ])
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['REACH_WEIGHTS_INVALID']))
    expect(await reach.weights.get('lamp')).toEqual({ lamp: 1 })
  })

  it('A cron that never fires is refused.', async () => {
    const error = await errorOf(async () => nextFiring(cron('0 0 30 2 *'), 0, { createdAt: 0 }))
    expect(error.code).toBe('REACH_SCHEDULE_NEVER')
  })

  it('A template that cannot be parsed refuses the first call, opens nothing, and is not forgotten.', async () => {
    const world = createWorld()
    let opened = 0
    const inner = memoryStore()
    const bad = message('bad', { content: { lamp: { text: 'Hello {% if %}' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [bad],
        channels: { lamp: signal('lamp').channel },
        directory: everybody,
        store: {
          ...inner,
          open(context) {
            opened += 1
            return inner.open(context)
          },
        },
      }),
    )
    for (let call = 0; call < 2; call += 1)
      expect((await errorOf(() => reach.notify('bad', 'u1'))).code).toBe('REACH_TEMPLATE_INVALID')
    expect(opened).toBe(0)
  })

  it('One wrong recipient refuses the whole call, and nothing of it is stored.', async () => {
    const { reach, lamp, clock } = setUp()
    const error = await errorOf(() => reach.notify('order.paid', ['u1', 'u2', untyped<string>({})], { orderId: 'A' }))
    expect(error.code).toBe('REACH_RECIPIENT_INVALID')
    await clock.advance('10s')
    expect((await reach.list()).rows).toEqual([])
    expect(lamp.requests).toEqual([])
  })
})
