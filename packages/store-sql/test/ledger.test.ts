import { historyCases, ledgerCases, poolCases, runCase } from '@reachkit/testing'
import type { ConformanceCase } from '@reachkit/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { databases } from './databases.js'
import { ledgerSubject, poolSubject } from './ledger-subject.js'
import { openPairs } from './open-pairs.js'

const patienceMs = 120_000

/** Real servers: a case waits for their answers and disks, so some run at once, each with a database of its own. */
function prove<Subject extends { close(): Promise<void> }>(
  what: string,
  name: string,
  cases: readonly ConformanceCase<Subject>[],
  subject: () => Promise<Subject>,
): void {
  describe.concurrent(`${what} on ${name}`, () => {
    const named = cases.map((wanted) => [wanted.name, wanted] as const)
    it.each(named)(
      '%s',
      async (_, wanted) => {
        const notOwed: string[] = []
        await runCase(wanted, subject, (why) => notOwed.push(why))
        expect(notOwed.every((why) => /sweep|has to be pushed/.test(why))).toBe(true)
      },
      patienceMs,
    )
  })
}

for (const { name } of databases) {
  const { open, drop } = openPairs(name)
  afterAll(drop)

  prove('ledger', name, ledgerCases, ledgerSubject(open))
  prove('ledger beside a pool of another engine', name, ledgerCases, ledgerSubject(open, { otherPool: true }))
  prove('history', name, historyCases, ledgerSubject(open))
  prove('pool', name, poolCases, poolSubject(open))
}
