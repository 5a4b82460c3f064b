import { expect, it } from 'vitest'
import { counting, world } from './support/processes.js'

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
