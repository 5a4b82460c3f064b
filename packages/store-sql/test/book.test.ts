import { bookCases, runCase } from '@reachkit/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { databases } from './databases.js'
import { ledgerSubject } from './ledger-subject.js'
import { openPairs } from './open-pairs.js'

const patienceMs = 120_000

describe.each(databases)('$name', ({ name }) => {
  const { open, drop } = openPairs(name)
  afterAll(drop)

  describe.concurrent('book', () => {
    it.each(bookCases.map((wanted) => [wanted.name, wanted] as const))(
      '%s',
      async (_, wanted) => {
        const notOwed: string[] = []
        await runCase(wanted, ledgerSubject(open), (why) => notOwed.push(why))
        expect(notOwed).toEqual([])
      },
      patienceMs,
    )
  })
})
