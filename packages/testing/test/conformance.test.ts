import { describe, expect, it } from 'vitest'
import type { Ledger, State } from '@reachkit/core/spec'
import { ledgerCases, runCase, waitingAdvance } from '../src/conformance/index.js'
import type { ConformanceCase, LedgerSubject } from '../src/conformance/index.js'
import { eventually } from '../src/conformance/eventually.js'
import { only } from '../src/conformance/only.js'
import { soon, until } from '../src/conformance/soon.js'
import { memorySubject } from './memory-subject.js'
import { replaced } from './mutants.js'

interface Counted {
  closed: number
  close(): Promise<void>
}
const counted = (): Counted => ({
  closed: 0,
  async close() {
    this.closed += 1
  },
})
const failing = (why: string): never => {
  throw new Error(why)
}
const wanted = (over: Partial<ConformanceCase<Counted>>): ConformanceCase<Counted> => ({
  name: 'a case',
  promise: 'It holds.',
  run: async () => {},
  ...over,
})

describe('runCase', () => {
  it('passes where the promise holds, and closes the subject', async () => {
    const subject = counted()
    await runCase(wanted({}), () => subject, failing)
    expect(subject.closed).toBe(1)
  })

  it('says where a promise is not owed, once the subject is closed', async () => {
    const subject = counted()
    const run = async (): Promise<void> => Promise.reject(new Error('was run'))
    const told: [string, number][] = []
    await runCase(
      wanted({ when: () => false, run }),
      async () => subject,
      (why) => told.push([why, subject.closed]),
    )
    expect(told).toEqual([['a case: not owed by this subject', 1]])
    await runCase(wanted({ when: () => false, run }), counted)
  })

  it('rejects with the promise that is broken, its cause, and the subject closed', async () => {
    const subject = counted()
    const cause = new Error('2 !== 1')
    const error: unknown = await runCase(wanted({ run: async () => Promise.reject(cause) }), () => subject).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ message: 'a case: "It holds." does not hold. 2 !== 1', cause })
    expect(subject.closed).toBe(1)
  })
})

describe('eventually', () => {
  it('tries again while time passes', async () => {
    const subject = await memorySubject()
    const from = await subject.now()
    await eventually(subject, 1_000, async () => expect((await subject.now()) - from).toBeGreaterThanOrEqual(400))
    expect((await subject.now()) - from).toBeLessThan(1_000)
  })

  it('rejects with the last error', async () => {
    const subject = await memorySubject()
    await expect(eventually(subject, 1_000, async () => Promise.reject(new Error('still not')))).rejects.toThrow(
      'still not',
    )
  })
})

describe('waitingAdvance', () => {
  it('waits until the clock of the store has moved on', async () => {
    let now = 0
    await waitingAdvance(async () => (now += 10))(100)
    expect(now).toBeGreaterThanOrEqual(100)
  })
})

describe('only, soon, until', () => {
  it('takes exactly one', () => {
    expect([only([undefined]), only([1])]).toEqual([undefined, 1])
    for (const items of [[], [1, 2]]) expect(() => only(items)).toThrow(`not ${items.length}`)
  })

  it('gives up after its patience', async () => {
    expect(await soon(Promise.resolve(1), 'it')).toBe(1)
    await expect(soon(new Promise(() => {}), 'it', 5)).rejects.toThrow('it did not end within 5 ms')
    await expect(until(() => false, 'never', 5)).rejects.toThrow('never: not within 5 ms')
    await until(() => true, 'at once')
  })
})

describe('a ledger that ends reservations itself', () => {
  const name = 'settle: ends reservations in the same step'
  /** What a store does in one transaction, here one after another. */
  async function open(): Promise<LedgerSubject> {
    const subject = await memorySubject()
    return { ...subject, ledger: ending(subject.ledger, subject.state) }
  }
  function ending(real: Ledger, state: State): Ledger {
    return replaced(real, {
      capabilities: { ...real.capabilities, reservations: true },
      settle: async (all) => {
        for (const { reservation, confirm, release, amounts } of all.flatMap(({ reservations = [] }) => reservations)) {
          await state.confirm(reservation, confirm, amounts)
          await state.release(reservation, release)
        }
        return real.settle(all)
      },
    })
  }
  it('passes the case that others are not asked', async () => {
    const found = only(ledgerCases.filter((one) => one.name === name))
    await runCase(found, open, failing)
    await expect(runCase(found, memorySubject, failing)).rejects.toThrow('not owed')
  })
})
