// `weighted().stickyBy('recipient')` from end to end: the choice is the recipient's, not the message's.
import { createReach, message, weighted } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import type { Request } from './support/signals.js'
import { createWorld } from './support/world.js'

const ping = message('ping', { content: { lamp: { text: 'x' } } })
const people = Array.from({ length: 20 }, (_, index) => `u${index}`)

/** Sends ten messages to each of 20 people, and answers which providers each of them was sent to by. */
async function sendAll(by: 'recipient' | 'message', seed = 1) {
  const world = createWorld(seed)
  const first = signal('lamp', [], { provider: 'first' })
  const second = signal('lamp', [], { provider: 'second' })
  const lamp = weighted([first.channel, 50], [second.channel, 50]).stickyBy(by)
  const options = { messages: [ping], channels: { lamp }, directory: everybody }
  const reach = world.open(createReach({ ...world.base, ...options }))
  for (let time = 0; time < 10; time += 1) {
    await reach.notify('ping', people)
    await world.clock.advance('1m')
  }
  return { first: first.requests, second: second.requests }
}

const addresses = (requests: readonly Request[]) => new Set(requests.map(({ to }) => to))
const inBoth = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].filter((address) => b.has(address))

describe("weighted().stickyBy('recipient')", () => {
  it('sends all messages of a recipient by one provider, and uses both.', async () => {
    const { first, second } = await sendAll('recipient')
    expect(first.length + second.length).toBe(200)
    const [byFirst, bySecond] = [addresses(first), addresses(second)]
    expect(inBoth(byFirst, bySecond)).toEqual([])
    expect(Math.min(byFirst.size, bySecond.size)).toBeGreaterThanOrEqual(3)
  })

  it('chooses the same in another process, whose chance is another.', async () => {
    const [one, other] = [await sendAll('recipient', 1), await sendAll('recipient', 2)]
    expect(addresses(other.first)).toEqual(addresses(one.first))
  })

  it("is what makes the difference: by 'message' nearly everybody gets some by each.", async () => {
    const { first, second } = await sendAll('message')
    expect(first.length + second.length).toBe(200)
    expect(inBoth(addresses(first), addresses(second)).length).toBeGreaterThan(15)
  })
})
