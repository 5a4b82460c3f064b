import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookCases, historyCases, ledgerCases, runCase, stateCases } from '@reachkit/testing'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redisSubject } from './redis-subject.js'

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

const cases = [...ledgerCases, ...stateCases, ...historyCases, ...bookCases]
const kinds = [
  ['everything under one tag', {}],
  ['a tag for each tenant', { isolate: 'tenant' }],
] as const

describe.each(kinds)('redis store, %s', (_, options) => {
  test.concurrent.each(cases.map((wanted) => [wanted.name, wanted] as const))(
    '%s',
    async (_name, wanted) => {
      const notOwed: string[] = []
      await runCase(
        wanted,
        async () => redisSubject(space.url, { ...options }),
        (why) => notOwed.push(why),
      )
      expect(notOwed.filter((why) => !why.includes('reservations'))).toEqual([])
    },
    30_000,
  )
})
