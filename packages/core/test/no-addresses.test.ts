// Names come from callers too, and an address stands quickly in the place of one: no error text repeats it.
import { all, channel, createReach, failover, message, sent, split, weighted } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf, textOf } from './support/error-of.js'
import { everybody, signal, untyped } from './support/signals.js'
import { createWorld } from './support/world.js'

const lamp = signal('lamp').channel
const content = { lamp: { text: 'x' } }
const paid = message('order.paid', { data: z.strictObject({ orderId: z.string() }), content })
const divided = message('divided', {
  content: { ...content, horn: { text: 'x' } },
  route: split(['lamp', 1], ['horn', 1]),
})
const keyed = message('keyed', { data: z.record(z.string(), z.number()), content })

function setUp() {
  const world = createWorld()
  const channels = { lamp, horn: signal('horn').channel }
  return world.open(createReach({ ...world.base, messages: [paid, divided, keyed], channels, directory: everybody }))
}

type Reach = ReturnType<typeof setUp>
type Mistake = readonly [what: string, make: (reach: Reach, name: string) => unknown]

const data = { orderId: 'A1' }
const calls: readonly Mistake[] = [
  ['the arguments of notify swapped', (reach, name) => reach.notify(untyped<'order.paid'>(name), 'order.paid', data)],
  ['the arguments of explain swapped', (reach, name) => reach.explain(untyped<'order.paid'>(name), 'u1', data)],
  ['an address as the id', (reach, name) => reach.notify('order.paid', name, { [name]: 1, ...data })],
  ['an unknown field of data', (reach, name) => reach.notify('order.paid', 'u1', untyped({ ...data, [name]: 1 }))],
  ['a wrong value in a record', (reach, name) => reach.notify('keyed', 'u1', untyped({ [name]: 'x' }))],
  ['data that is no JSON', (reach, name) => reach.notify('keyed', 'u1', untyped({ [name]: Number.NaN }))],
  ['a field of a recipient', (reach, name) => reach.notify('order.paid', untyped({ lamp: 'a', [name]: 1 }), data)],
  ['an option', (reach, name) => reach.notify('order.paid', 'u1', data, untyped({ [name]: 1 }))],
  ['receivers of', (reach, name) => reach.receivers.set(untyped<'order.paid'>(name), [])],
  ['weights of', (reach, name) => reach.weights.set(untyped<'lamp'>(name), { lamp: 1 })],
  ['weights of a provider', (reach, name) => reach.weights.set('lamp', { [name]: 1 })],
  ['weights of a channel', (reach, name) => reach.weights.set('divided', { [name]: 1 })],
  ['a filter', (reach, name) => reach.list(untyped({ [name]: 1 }))],
]

const define = untyped<(key: string, options: unknown) => unknown>(message)
const wire = untyped<(options: unknown) => unknown>(createReach)
const named = (name: string, provider: string) =>
  untyped<typeof lamp>({
    name,
    drivers: [{ driver: { ...lamp.drivers[0]?.driver, provider }, weight: 1 }],
    sticky: 'message',
  })
const definitions: readonly Mistake[] = [
  ['an option of message()', (_, name) => define('a', { content, [name]: 1 })],
  ['content', (_, name) => define('a', { content: { [name]: 1 } })],
  ['a route', (_, name) => define('a', { content, route: name })],
  ['a channel twice', (_, name) => all(untyped<'lamp'>(name), untyped<'lamp'>(name))],
  ['a provider twice', (_, name) => weighted([named('lamp', name), 1], [named('lamp', name), 1])],
  ['a provider twice of failover', (_, name) => failover(named('lamp', name), named('lamp', name))],
  [
    'the name of a channel',
    (_, name) => channel({ name, address: z.string(), content: z.object({}), deliver: async () => sent('1') }),
  ],
  ['channels', (_, name) => wire({ messages: [], channels: { [name]: 1 } })],
  ['a channel under another name', (_, name) => wire({ messages: [], channels: { [name]: lamp } })],
  ['a channel of such a name', (_, name) => wire({ messages: [], channels: { lamp: named(name, 'a') } })],
  ['an option of createReach', (_, name) => wire({ messages: [], channels: {}, [name]: 1 })],
]

describe.each(['ann@example.com', '+8613800000000', '13800000000'])('%s is in no error text', (name) => {
  it.each([...calls, ...definitions])('given as %s', async (_what, make) => {
    const error = await errorOf(() => make(setUp(), name))
    expect(textOf(error)).not.toContain(name)
  })
})
