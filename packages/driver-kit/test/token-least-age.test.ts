import { type DeliveryOutcome, type DriverEvent, NotSentError, retry } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { laterMs } from '../src/index.js'
import { counting, world } from './support/processes.js'

const everyToken = /^token-/
const fault = retry(laterMs, 'acme access token refused')

it('a vendor that refuses each fresh token is asked for one in 30 seconds, by all processes together', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const processes = [process(), process(), process(), process()]
  const outcomes: DeliveryOutcome[] = []
  for (let second = 0; second < 120; second += 1) {
    const uses = processes.flatMap((use) => [use({ refuses: everyToken }), use({ refuses: everyToken })])
    await clock.advance(1_000)
    for (const { outcome } of await Promise.all(uses)) outcomes.push(outcome)
  }
  // The first one, and one more at 30, 60 and 90 seconds.
  expect(count()).toBe(4)
  expect(outcomes).toHaveLength(960)
  expect(outcomes.every((outcome) => JSON.stringify(outcome) === JSON.stringify(fault))).toBe(true)
})

it('a fresh token that is refused is a fault of the account, which each message tells', async () => {
  const { fetchToken, count } = counting()
  const { process } = await world(fetchToken)
  const events: DriverEvent[] = []
  const use = process()
  for (const messageId of ['parcel.0', 'parcel.1']) {
    const { used, outcome } = await use({ refuses: everyToken, messageId, report: (event) => events.push(event) })
    expect([used, outcome]).toEqual([['token-1'], fault])
  }
  expect(count()).toBe(1)
  const reason = 'acme access token refused'
  expect(events).toEqual([
    { kind: 'warning', messageId: 'parcel.0', reason },
    { kind: 'warning', messageId: 'parcel.1', reason },
  ])
})

it('so is the one that has just replaced another, and the next one after 30 seconds is taken', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const [one, other] = [process(), process()]
  await one()
  await clock.advance(30_000)
  expect(await one({ refuses: everyToken })).toEqual({ used: ['token-1', 'token-2'], outcome: fault })
  await clock.advance(29_999)
  // A process that has not seen it before knows its age by the state.
  expect(await other({ refuses: everyToken })).toEqual({ used: ['token-2'], outcome: fault })
  await clock.advance(1)
  expect((await other({ refuses: 'token-2' })).used).toEqual(['token-2', 'token-3'])
  expect((await one({ refuses: 'token-2' })).used).toEqual(['token-2', 'token-3'])
  expect(count()).toBe(3)
})

it('a token that lives shorter than that is replaced at its end', async () => {
  let asked = 0
  const { process, clock } = await world(async () => ({ token: `token-${(asked += 1)}`, expiresInMs: 10_000 }))
  const use = process()
  expect((await use()).used).toEqual(['token-1'])
  await clock.advance(10_000)
  expect((await use({ refuses: 'token-1' })).used).toEqual(['token-2'])
})

it('an endpoint that gives no token for a fault of the account is asked once in 30 seconds by a process', async () => {
  let asked = 0
  const { process, clock } = await world(async () => {
    asked += 1
    throw new NotSentError('acme 40125', { afterMs: laterMs })
  })
  const use = process()
  for (let second = 0; second < 60; second += 1) {
    await expect(use()).rejects.toMatchObject({ afterMs: laterMs })
    await clock.advance(1_000)
  }
  expect(asked).toBe(2)
})
