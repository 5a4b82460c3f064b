import { describe, expect, test } from 'vitest'
import { bookCases, historyCases, ledgerCases, poolCases, runCase, stateCases } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'

const cases = [...ledgerCases, ...poolCases, ...stateCases, ...historyCases, ...bookCases]

describe('memory store', () => {
  test.each(cases.map((wanted) => [wanted.name, wanted] as const))('%s', async (_, wanted) => {
    const notOwed: string[] = []
    await runCase(wanted, memorySubject, (why) => notOwed.push(why))
    expect(notOwed.every((why) => why.includes('reservations'))).toBe(true)
  })
})
