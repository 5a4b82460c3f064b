import { describe, expect, it } from 'vitest'
import type { Segment } from '@reachkit/core/spec'
import { planCount, planPage } from './plan.js'
import type { CountPlan, PagePlan } from './plan.js'

const a: Segment = { group: 'a' }
const b: Segment = { group: 'b' }
const utc: Segment = { zone: ['UTC', 'UTC'] }
const gold: Segment = { attribute: 'plan', is: 'gold' }

describe('a page', () => {
  it.each<[Segment, PagePlan['conditions'], boolean]>([
    [{ all: [] }, [], true],
    [a, [['ga']], true],
    [utc, [['zUTC']], true],
    [{ all: [a, { all: [b, utc] }] }, [['ga'], ['gb'], ['zUTC']], true],
    [{ any: [a, b, utc] }, [['ga', 'gb', 'zUTC']], true],
    [{ any: [] }, [[]], true],
    [{ all: [a, gold] }, [['ga']], false],
    [{ all: [a, { not: b }] }, [['ga']], false],
    [{ any: [a, gold] }, [], false],
    [{ zone: ['UTC', null] }, [], false],
    [{ not: a }, [], false],
    [gold, [], false],
    [{ any: [a, { all: [b, utc] }] }, [], false],
  ])('%j', (segment, conditions, exact) => {
    expect(planPage(segment)).toEqual({ conditions, exact })
  })

  it('asks the index for no more names than can be looked up in one call', () => {
    const many = (count: number): Segment => ({ any: Array.from({ length: count }, (_, at) => ({ group: `g${at}` })) })
    expect(planPage(many(32)).exact).toBe(true)
    expect(planPage(many(33))).toEqual({ conditions: [], exact: false })
    expect(planPage({ all: [many(31), a, b] })).toMatchObject({ conditions: { length: 2 }, exact: false })
  })
})

describe('a count', () => {
  const none = { names: [], zoneless: false, others: false }
  it.each<[Segment, CountPlan | undefined]>([
    [{ all: [] }, { ...none, others: true }],
    [{ any: [] }, none],
    [a, { ...none, names: ['ga'] }],
    [{ not: a }, { ...none, names: ['ga'], others: true }],
    [{ not: { not: a } }, { ...none, names: ['ga'] }],
    [{ zone: ['UTC', null, 'UTC'] }, { names: ['zUTC'], zoneless: true, others: false }],
    [{ all: [{ any: [a] }] }, { ...none, names: ['ga'] }],
    [{ any: [a, b] }, undefined],
    [{ all: [a, b] }, undefined],
    [{ not: gold }, undefined],
    [gold, undefined],
  ])('%j', (segment, plan) => {
    expect(planCount(segment)).toEqual(plan)
  })
})
