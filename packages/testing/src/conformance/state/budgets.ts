import assert from 'node:assert/strict'
import type { BudgetLevel, State } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { StateSubject } from '../subject.js'

const line = (member: string, amount: number, budget = 'money') => ({ budget, member, amount })

async function level(state: State, budget = 'money'): Promise<BudgetLevel> {
  return only(await state.budgets([budget]))
}

export const budgetCases: readonly ConformanceCase<StateSubject>[] = [
  {
    name: 'credit: adds to what is left',
    promise: 'Adds to what a budget has left and answers what is left after.',
    async run({ state }) {
      assert.equal(await state.credit('money', 100), 100)
      assert.equal(await state.credit('money', 50), 150)
      const levels = await state.budgets(['nothing', 'money'])
      assert.deepEqual(levels, [
        { left: 0, reserved: 0, spent: 0 },
        { left: 150, reserved: 0, spent: 0 },
      ])
    },
  },
  {
    name: 'reserve: as long as enough is left',
    promise: 'Reserves each line in order, as long as its budget has enough left; answers which were granted.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.credit('units', 1)
      const lines = [
        line('a', 60),
        line('b', 50),
        line('c', 40),
        line('d', 1),
        line('e', 1, 'units'),
        line('f', 1, 'nothing'),
      ]
      assert.deepEqual(await state.reserve('r', lines), [true, false, true, false, true, false])
      assert.deepEqual(await level(state), { left: 0, reserved: 100, spent: 0 })
    },
  },
  {
    name: 'reserve: the same line is granted once',
    promise: 'The same line under the same reservation is granted once, however often it is asked.',
    async run({ state }) {
      await state.credit('money', 100)
      assert.deepEqual(await state.reserve('r', [line('a', 60), line('a', 60)]), [true, true])
      assert.deepEqual(await state.reserve('r', [line('a', 60)]), [true])
      assert.deepEqual(await level(state), { left: 40, reserved: 60, spent: 0 })
      assert.deepEqual(await state.reserve('other', [line('a', 60)]), [false], 'another reservation is another line')
    },
  },
  {
    name: 'confirm: spends for good',
    promise: 'Spends granted lines for good. Idempotent; a line that was released or never granted is passed over.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.reserve('r', [line('a', 10), line('b', 20), line('c', 30), line('d', 70)])
      await state.release('r', ['b'])
      await state.confirm('r', ['a', 'b', 'd', 'nobody'])
      await state.confirm('r', ['a'])
      await state.confirm('unknown', ['c'])
      assert.deepEqual(await level(state), { left: 60, reserved: 30, spent: 10 })
    },
  },
  {
    name: 'release: gives back',
    promise: 'Gives granted lines back. Idempotent.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.reserve('r', [line('a', 10), line('b', 20), line('c', 90)])
      await state.release('r', ['a', 'c', 'nobody'])
      await state.release('r', ['a'])
      await state.release('unknown')
      assert.deepEqual(await level(state), { left: 80, reserved: 20, spent: 0 })
    },
  },
  {
    name: 'release: without members, all that are not confirmed',
    promise: 'Without members, all that are not confirmed.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.reserve('r', [line('a', 10), line('b', 20), line('c', 30)])
      await state.reserve('other', [line('a', 5)])
      await state.confirm('r', ['b'])
      await state.release('r')
      await state.release('r', ['b'])
      assert.deepEqual(await level(state), { left: 75, reserved: 5, spent: 20 })
    },
  },
  {
    name: 'confirm: every budget of a member',
    promise: 'The reservation is one record.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.credit('units', 10)
      await state.reserve('r', [line('a', 30), line('a', 1, 'units'), line('b', 30), line('b', 1, 'units')])
      await state.confirm('r', ['a'])
      await state.release('r', ['b'])
      assert.deepEqual(await level(state), { left: 70, reserved: 0, spent: 30 })
      assert.deepEqual(await level(state, 'units'), { left: 9, reserved: 0, spent: 1 })
    },
  },
  {
    name: 'confirm: spends what it is told, and gives back the rest',
    promise:
      'Of a member in `amounts`, each line spends that in place of what it reserved: the rest of it is left again.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.credit('line', 50)
      await state.reserve('r', [line('a', 30), line('a', 20, 'line'), line('b', 30), line('c', 10)])
      const amounts = new Map([
        ['a', 10],
        ['c', 0],
        ['nobody', 5],
      ])
      await state.confirm('r', ['a', 'b', 'c'], amounts)
      await state.confirm('r', ['a', 'b'], new Map([['a', 20]]))
      await state.release('r')
      assert.deepEqual(await level(state), { left: 60, reserved: 0, spent: 40 })
      assert.deepEqual(await level(state, 'line'), { left: 40, reserved: 0, spent: 10 })
    },
  },
  {
    name: 'confirm: spends more than was reserved, below 0',
    promise: 'What is more is taken from what is left, below 0 where need be. A budget below 0 grants nothing.',
    async run({ state }) {
      await state.credit('money', 100)
      await state.reserve('r', [line('a', 60), line('b', 40)])
      await state.confirm('r', ['a'], new Map([['a', 75]]))
      assert.deepEqual(await level(state), { left: -15, reserved: 40, spent: 75 })
      assert.deepEqual(await state.reserve('other', [line('c', 1), line('d', 0)]), [false, false])
      await state.release('r')
      assert.deepEqual(await state.reserve('other', [line('c', 25)]), [true])
      assert.equal(await state.credit('money', 10), 10)
      assert.deepEqual(await level(state), { left: 10, reserved: 25, spent: 75 })
    },
  },
  {
    name: 'reserve: of many at once, never more than is left',
    promise: 'Every method is one atomic step over its whole batch of keys.',
    async run({ state, peer }) {
      await state.credit('money', 100)
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? state : (peer?.state ?? state)))
      const answers = await Promise.all(states.map((one, index) => one.reserve(`r${index}`, [line('a', 30)])))
      assert.equal(answers.filter((granted) => only(granted)).length, 3)
      assert.deepEqual(await level(state), { left: 10, reserved: 90, spent: 0 })
    },
  },
]
