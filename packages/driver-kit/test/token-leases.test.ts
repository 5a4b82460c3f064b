import { isNotSentError } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { counting, gated, world } from './support/processes.js'

it('processes that need a token at the same instant ask for one', async () => {
  const { fetchToken, asked } = gated()
  const { process, clock } = await world(fetchToken)
  const drivers = [process(), process(), process(), process()]
  const uses = drivers.flatMap((use) => [use(), use()])
  await clock.advance(200)
  expect(asked).toHaveLength(1)
  asked[0]?.('token-1')
  await clock.advance(50)
  for (const { used } of await Promise.all(uses)) expect(used).toEqual(['token-1'])
  expect(asked).toHaveLength(1)
})

it('processes whose token is refused at the same instant replace it once', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const drivers = [process(), process(), process()]
  for (const use of drivers) await use()
  const uses = drivers.map(async (use) => use({ refuses: 'token-1' }))
  await clock.advance(50)
  for (const { used } of await Promise.all(uses)) expect(used).toEqual(['token-1', 'token-2'])
  expect(count()).toBe(2)
})

it('another process takes over from one that died while it asked', async () => {
  const { fetchToken, asked } = gated()
  const { process, clock } = await world(counting().fetchToken)
  const dead = process(fetchToken)()
  await clock.advance(0)
  const use = process()()
  let over = false
  void use.then(() => (over = true))
  await clock.advance(14_900)
  expect(over).toBe(false)
  await clock.advance(200)
  expect((await use).used).toEqual(['token-1'])
  // It was only slow: its token came later and is not used, since vendors may end the older of two.
  asked[0]?.('token-late')
  expect((await dead).used).toEqual(['token-1'])
  expect((await process()()).used).toEqual(['token-1'])
})

it('who is slow does not end the lease of the one that took over', async () => {
  const slow = gated()
  const next = gated()
  const { process, clock } = await world(counting().fetchToken)
  const first = process(slow.fetchToken)()
  await clock.advance(0)
  const second = process(next.fetchToken)()
  await clock.advance(15_100)
  expect(next.asked).toHaveLength(1)
  const third = gated()
  const waits = process(third.fetchToken)()
  await clock.advance(0)
  slow.asked[0]?.('token-late')
  await clock.advance(200)
  // The late one has stored its token, which the third takes; nobody asks a third time.
  expect(third.asked).toHaveLength(0)
  next.asked[0]?.('token-2')
  await clock.advance(100)
  expect((await waits).used).toEqual((await first).used)
  await second
})

it('who waits for another process ends with its own signal, and the other goes on', async () => {
  const { fetchToken, asked } = gated()
  const { process, clock } = await world(fetchToken)
  const first = process()()
  await clock.advance(0)
  const stop = new AbortController()
  const waiting = process()({ signal: stop.signal }).catch((error: unknown) => error)
  await clock.advance(100)
  stop.abort()
  expect(isNotSentError(await waiting)).toBe(true)
  asked[0]?.('token-1')
  expect((await first).used).toEqual(['token-1'])
  expect(asked).toHaveLength(1)
})

it('who waits in the same process ends with its own signal, and the other goes on', async () => {
  const { fetchToken, asked } = gated()
  const { process, clock } = await world(fetchToken)
  const use = process()
  const first = use()
  await clock.advance(0)
  const stop = new AbortController()
  const waiting = use({ signal: stop.signal }).catch((error: unknown) => error)
  stop.abort()
  expect(isNotSentError(await waiting)).toBe(true)
  asked[0]?.('token-1')
  expect((await first).used).toEqual(['token-1'])
})
