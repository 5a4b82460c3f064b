import { memoryStore } from '@reachkit/core'
import { type DeliveryContext, sent } from '@reachkit/core/spec'
import { seededRandom, virtualClock } from '@reachkit/testing'
import { expect, it } from 'vitest'
import { type AccessTokenOptions, createAccessTokens, tokenRefused } from '../src/index.js'

/** Processes of one app: they share the state and nothing else. */
async function world(fetched: AccessTokenOptions['fetchToken']) {
  const clock = virtualClock()
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random: seededRandom(1), logger })
  const context = { clock, state, signal: new AbortController().signal } as unknown as DeliveryContext
  const call = async (): Promise<never> => Promise.reject(new Error('not called'))
  const process = () => {
    const tokens = createAccessTokens({ vendor: 'acme', identity: ['app-1'], fetchToken: fetched })
    const use = async (refuses?: string) => {
      const used: string[] = []
      const outcome = await tokens.use(context, call, async (token) => {
        used.push(token)
        return token === refuses ? tokenRefused : sent()
      })
      return { used, outcome }
    }
    return use
  }
  return { clock, process }
}

function counting() {
  let count = 0
  const fetchToken = async () => ({ token: `token-${(count += 1)}`, expiresInMs: 7_200_000 })
  return { fetchToken, count: () => count }
}

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
  const { process } = await world(fetchToken)
  const [one, other] = [process(), process()]
  await one()
  await other()
  expect((await one('token-1')).used).toEqual(['token-1', 'token-2'])
  expect((await other('token-1')).used).toEqual(['token-1', 'token-2'])
  expect(count()).toBe(2)
})

it('is renewed early, while nobody waits', async () => {
  const { fetchToken, count } = counting()
  const { process, clock } = await world(fetchToken)
  const use = process()
  await use()
  await clock.advance(7_200_000 - 200_000)
  expect((await use()).used).toEqual(['token-1'])
  await expect.poll(count).toBe(2)
  expect((await use()).used).toEqual(['token-2'])
})

it('is not sent where the vendor gives none, and the vendor is left alone for a second', async () => {
  let asked = 0
  const { process } = await world(async () => {
    asked += 1
    throw new Error('secret-77')
  })
  const use = process()
  await expect(use()).rejects.toThrow(/^acme no access token: Error$/)
  await expect(use()).rejects.toThrow('acme no access token')
  expect(asked).toBe(1)
})
