import { expect, it } from 'vitest'
import { parseCommand } from '../run/options.js'
import type { ChaosOptions } from '../run/options.js'
import { suspectsOf } from '../run/explain.js'
import { planBatches, planEvents } from '../run/plan.js'
import { judge } from '../run/verdict.js'
import type { Observed } from '../run/verdict.js'
import { seededRandom } from '@reachkit/testing'

function oneRun(args: readonly string[]): ChaosOptions {
  const [run] = parseCommand(args).runs
  if (run === undefined) throw new Error('there is no run')
  return run
}

const fine: Observed = {
  states: ['sent', 'sent', 'sent', 'sent'],
  got: [1, 1, 1, 1],
  kills: 1,
  changedIds: 0,
  leaked: 0,
  perKill: 1,
  failures: [],
}

it.each([
  ['hold', {}, []],
  ['hold', { states: ['sent', 'held', 'sent', 'sent'], got: [1, 0, 1, 1] }, []],
  ['hold', { got: [1, 0, 1, 1] }, ['1 lost']],
  [
    'hold',
    { states: ['sent', 'absent', 'sent', 'sent'], got: [1, 0, 1, 1] },
    ['1 lost', '1 ended otherwise than sent or held'],
  ],
  ['hold', { states: ['sent', 'waiting', 'sent', 'sent'], got: [1, 0, 1, 1] }, ['1 neither done nor held in time']],
  ['hold', { states: ['parked', 'sent', 'sent', 'sent'] }, ['1 ended otherwise than sent or held']],
  ['hold', { got: [1, 2, 1, 1] }, ['1 duplicated']],
  ['hold', { states: ['held', 'held', 'sent', 'sent'] }, ['2 held, more than 1']],
  ['hold', { kills: 0 }, ['0 of 1 kills met a worker that held messages']],
  ['hold', { changedIds: 3 }, ['3 ids changed when they were asked for again']],
  ['hold', { leaked: 2 }, ['2 went out of a paused task']],
  ['hold', { failures: ['w1 ended with 1'] }, ['w1 ended with 1']],
  ['dedupe', {}, []],
  ['dedupe', { got: [1, 2, 1, 1] }, ['1 duplicated']],
  ['dedupe', { states: ['held', 'sent', 'sent', 'sent'] }, ['1 held, though the sink deduplicates']],
  ['resend', { got: [1, 2, 1, 1] }, []],
  ['resend', { states: ['held', 'sent', 'sent', 'sent'] }, ['1 held, though its type says that it is sent again']],
  ['resend', { got: [3, 1, 1, 1] }, ['2 duplicated, more than 1']],
] as const)('%s: %o', (mode, seen, broken) => {
  const options = oneRun(['--store', 'sqlite', '--mode', mode, '--messages', '4', '--kills', '1'])
  const verdict = judge(options, { ...fine, ...seen })
  expect(verdict.broken).toEqual(broken)
  expect(verdict.holds).toBe(broken.length === 0)
})

it('plans the same run for the same seed: the whole audience, and every kill before its end', () => {
  const options = oneRun(['--store', 'postgres', '--pool', 'bullmq', '--messages', '5000', '--kills', '20'])
  const all = { server: { restart: async () => {} }, pool: { restart: async () => {} } }
  const batches = planBatches(5_000, seededRandom(7))
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(5_000)
  expect(planBatches(5_000, seededRandom(7))).toEqual(batches)
  const events = planEvents(options, all, seededRandom(8))
  expect(planEvents(options, all, seededRandom(8))).toEqual(events)
  expect(events.filter(({ kind }) => kind === 'kill')).toHaveLength(20)
  expect(new Set(events.map(({ kind }) => kind)).size).toBe(6)
  expect(events.every(({ at }) => at < 4_700)).toBe(true)
})

it.each([
  [['--store', 'oracle'], '--store must be one of sqlite, postgres, mysql, redis, redis-cluster, memory'],
  [[], '--store must be one of'],
  [['--all', '--pool', 'rabbitmq'], '--pool must be one of own, bullmq'],
  [['--store', 'sqlite', '--kills', '-1'], 'argument is ambiguous'],
  [['--store', 'sqlite', '--messages', 'many'], '--messages must be a whole number of at least 1'],
  [['--store', 'memory', '--pool', 'bullmq'], '--pool bullmq needs a store'],
])('%o is refused', (args, text) => expect(() => parseCommand(args)).toThrow(text))

it('runs each store in each mode with --all, with BullMQ under SQL too; CI has every store, every mode and a lost pool', () => {
  const all = parseCommand(['--all', '--messages', '100']).runs
  expect(all.map(({ store, pool, mode }) => `${store} ${pool} ${mode}`)).toHaveLength(27)
  expect(all.every(({ messages }) => messages === 100)).toBe(true)
  expect(parseCommand(['--all', '--store', 'redis', '--pool', 'own']).runs.map(({ mode }) => mode)).toEqual([
    'dedupe',
    'hold',
    'resend',
  ])
  const ci = parseCommand(['--ci']).runs
  expect(new Set(ci.map(({ store }) => store)).size).toBe(4)
  expect(new Set(ci.map(({ mode }) => mode)).size).toBe(3)
  expect(ci.some(({ store, pool }) => store !== 'redis' && pool === 'bullmq')).toBe(true)
})

it('names a few messages of each kind that broke a promise', () => {
  const states = ['sent', 'waiting', 'held', 'absent', 'sent', ...Array.from({ length: 20 }, () => 'parked')]
  const got = [1, 0, 0, 0, 0, ...Array.from({ length: 20 }, (_, index) => (index === 0 ? 2 : 1))]
  const kinds = suspectsOf('hold', { ...fine, states, got }).map(({ recipient, why }) => `${recipient} ${why}`)
  expect(kinds).toEqual([
    '1 waiting, and got nothing',
    '3 absent, and got nothing',
    '4 sent, and got nothing',
    ...[5, 6, 7, 8, 9].map((recipient) => `${recipient} parked`),
  ])
  const held = suspectsOf('dedupe', { ...fine, states: ['held', 'sent'], got: [1, 3] })
  expect(held.map(({ why }) => why)).toEqual(['held', 'got 3'])
})
