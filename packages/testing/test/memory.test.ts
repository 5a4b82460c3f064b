import { describe, expect, test } from 'vitest'
import { historyCases, ledgerCases, poolCases, runCase, stateCases } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'

describe('memory store', () => {
  for (const wanted of [...ledgerCases, ...poolCases, ...stateCases, ...historyCases]) {
    test(`${wanted.name}`, async () => expect(await runCase(wanted, memorySubject)).toMatch(/passed|not-applicable/))
  }
})
