import { describe, expect, test } from 'vitest'
import { historyCases, ledgerCases, poolCases, runCase, stateCases } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'

const cases = [...ledgerCases, ...poolCases, ...stateCases, ...historyCases]

describe('memory store', () => {
  test.each(cases.map((wanted) => [wanted.name, wanted] as const))('%s', async (_, wanted) => {
    expect(await runCase(wanted, memorySubject)).toMatch(/passed|not-applicable/)
  })
})
