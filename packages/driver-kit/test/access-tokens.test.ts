import { type DriverEvent, isNotSentError, NotSentError } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { laterMs } from '../src/index.js'
import { counting, gated, world } from './support/processes.js'

it('is asked for once by all processes', async () => {
  const { fetchToken, count } = counting()
  const { process } = await world(fetchToken)
  const [one, other] = [process(), process()]
  expect((await one()).used).toEqual(['token-1'])
  expect((await other()).used).toEqual(['token-1'])
  expect(count()).toBe(1)
})

it('is replaced once where it is refused, and another process takes the new one over', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const [one, other] = [process(), process()]
  await one()
  await other()
  await clock.advance(30_000)
  expect((await one({ refuses: 'token-1' })).used).toEqual(['token-1', 'token-2'])
  expect((await other({ refuses: 'token-1' })).used).toEqual(['token-1', 'token-2'])
  expect(count()).toBe(2)
})

it('is renewed early, while nobody waits', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const use = process()
  await use()
  await clock.advance(7_200_000 - 200_000)
  expect((await use()).used).toEqual(['token-1'])
  await expect.poll(async () => (await use()).used).toEqual(['token-2'])
  expect(count()).toBe(2)
})

it('is not sent where the vendor gives none, and the vendor is left alone for a second', async () => {
  let asked = 0
  const { process } = await world(async () => {
    asked += 1
    throw new Error('secret-77')
  })
  const use = process()
  // The message that meets the pause waits as long as the one before it.
  for (const _ of [1, 2]) {
    const error: unknown = await use().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'acme no access token: Error', afterMs: 30_000 })
    expect(isNotSentError(error)).toBe(true)
  }
  expect(asked).toBe(1)
})

it('a fault of the account waits as long as such faults do, and each message that meets it tells of it', async () => {
  const { process } = await world(async () => {
    throw new NotSentError('acme 40125', { afterMs: laterMs })
  })
  const events: DriverEvent[] = []
  const use = process()
  for (const messageId of ['parcel.0', 'parcel.1']) {
    await expect(use({ messageId, report: (event) => events.push(event) })).rejects.toMatchObject({ afterMs: laterMs })
  }
  const reason = 'acme no access token: acme 40125'
  expect(events).toEqual([
    { kind: 'warning', messageId: 'parcel.0', reason },
    { kind: 'warning', messageId: 'parcel.1', reason },
  ])
})

it('an attempt that ends while it waits for the token is no fault', async () => {
  const { fetchToken } = gated()
  const { process, clock } = await world(fetchToken)
  const events: DriverEvent[] = []
  const stop = new AbortController()
  const using = process()({ messageId: 'parcel.0', signal: stop.signal, report: (event) => events.push(event) })
  const ended = using.catch((error: unknown) => error)
  await clock.advance(100)
  stop.abort()
  expect(await ended).toMatchObject({ name: 'NotSentError', message: 'aborted', afterMs: undefined })
  expect(events).toEqual([])
})
