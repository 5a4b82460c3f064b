import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTexts, isReachError, widenSegment } from '../spec/index.js'
import type { Condition, Profile, Segment } from '../spec/index.js'
import { judgeSegment, segmentFacts } from './index.js'
import type { SegmentFacts } from './index.js'

const day = 86_400_000
const facts: SegmentFacts = {
  now: 100 * day,
  events: async (name, ids, since) => ids.map((id) => (name === 'paid' ? id.length : 0) + Number(since < 50 * day)),
  received: async (type, ids) => ids.map((id) => (type === undefined ? 2 : type.length) - id.length),
}

const word = fc.constantFrom('', 'a', 'A', 'b', 'ab', 'é', '\uffee', '😀')
const scalar = fc.oneof(word, fc.integer({ min: -2, max: 2 }), fc.boolean())
const anyValue = fc.oneof(scalar, fc.constant(null), fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }))
const attributeName = fc.constantFrom('a', 'b', 'c', 'o.a', 'o.b')
const profile: fc.Arbitrary<Profile> = fc.record(
  {
    id: fc.constantFrom('x', 'yy', 'zzz'),
    addresses: fc.constant({}),
    attributes: fc.dictionary(fc.constantFrom('a', 'b', 'o'), fc.oneof(anyValue, fc.record({ a: anyValue }))),
    groups: fc.subarray(['g', 'h']),
    zone: fc.constantFrom('Asia/Shanghai', undefined),
    locale: fc.constantFrom('de', 'en', undefined),
  },
  { requiredKeys: ['id', 'addresses'] },
)
const bound = fc.oneof(word, fc.integer({ min: -2, max: 2 }))
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record(
    {
      attribute: attributeName,
      is: scalar,
      in: fc.array(scalar, { maxLength: 3 }),
      above: bound,
      atLeast: bound,
      below: bound,
      atMost: bound,
      startsWith: word,
      exists: fc.boolean(),
    },
    { requiredKeys: ['attribute'] },
  ),
  fc.record({ attribute: fc.constantFrom('id', 'locale'), of: fc.constant('recipient' as const), atLeast: word }),
  fc.record({ group: fc.constantFrom('g', 'h', 'i') }),
  fc.record({ zone: fc.subarray(['Asia/Shanghai', 'Europe/Berlin', null]) }),
  fc.record({ event: fc.constantFrom('paid', 'left'), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ received: fc.constantFrom('sale', true as const), withinMs: fc.integer({ min: 1, max: 9 }) }),
)
const { segment } = fc.letrec<{ segment: Segment }>((tie) => ({
  segment: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({ all: fc.array(tie('segment'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('segment'), { maxLength: 3 }) }),
    fc.record({ not: tie('segment') }),
  ),
}))
const profiles = fc.array(profile, { maxLength: 8 })

const judge = async (one: Segment, of: readonly Profile[]): Promise<readonly boolean[]> => judgeSegment(one, of, facts)

/** Two segments that hold for the same recipients, whatever they are made of. */
function law(name: string, sides: (a: Segment, b: Segment) => readonly [Segment, Segment]): void {
  it(`holds: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(segment, segment, profiles, async (a, b, of) => {
        const [left, right] = sides(a, b)
        expect(await judge(left, of)).toEqual(await judge(right, of))
      }),
      { numRuns: 300 },
    )
  })
}

describe('A law of segments', () => {
  law('not of not is the thing itself', (a) => [{ not: { not: a } }, a])
  law('not of all is any of nots', (a, b) => [{ not: { all: [a, b] } }, { any: [{ not: a }, { not: b }] }])
  law('not of any is all of nots', (a, b) => [{ not: { any: [a, b] } }, { all: [{ not: a }, { not: b }] }])
  law('the order does not matter', (a, b) => [{ all: [a, { any: [a, b] }, b] }, { all: [b, { any: [b, a] }, a] }])
  law('all of one is that one', (a) => [{ all: [a] }, a])
  law('any of one is that one', (a) => [{ any: [a] }, a])
  law('everybody adds nothing to all', (a) => [{ all: [a, { all: [] }] }, a])
  law('nobody adds nothing to any', (a) => [{ any: [a, { any: [] }] }, a])
  law('a thing or its contrary is everybody', (a) => [{ any: [a, { not: a }] }, { all: [] }])
  law('a thing and its contrary is nobody', (a) => [{ all: [a, { not: a }] }, { any: [] }])
  law('all is taken in by any', (a, b) => [{ any: [a, { all: [a, b] }] }, a])

  it('judges each by itself: alone, in company, and twice', async () => {
    await fc.assert(
      fc.asyncProperty(segment, profiles, async (a, of) => {
        const alone = await Promise.all(of.map(async (one) => (await judge(a, [one]))[0]))
        expect(await judge(a, [...of, ...of])).toEqual([...alone, ...alone])
      }),
    )
  })

  it('a widened segment leaves out nobody, and is the same where it is exact', async () => {
    await fc.assert(
      fc.asyncProperty(
        segment,
        profiles,
        fc.subarray(['attribute', 'group', 'zone', 'event', 'received']),
        async (a, of, known) => {
          const wide = widenSegment(a, (one) => known.some((kind) => kind in one))
          const [held, widened] = [await judge(a, of), await judge(wide.segment, of)]
          if (wide.exact) expect(widened).toEqual(held)
          for (const [index, holds] of held.entries()) if (holds) expect(widened[index]).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('widenSegment', () => {
  it('asks what it can, on both sides of a not', () => {
    const answers = (one: Condition): boolean => 'group' in one
    const [group, event] = [{ group: 'a' }, { event: 'paid' }]
    const widened = (one: Segment): unknown => widenSegment(one, answers)
    expect(widened({ all: [group, { not: group }] })).toEqual({
      segment: { all: [group, { not: group }] },
      exact: true,
    })
    expect(widened({ all: [group, event] })).toEqual({ segment: { all: [group, { all: [] }] }, exact: false })
    expect(widened({ not: { any: [group, event] } })).toEqual({
      segment: { not: { any: [group, { any: [] }] } },
      exact: false,
    })
  })
})

describe('judgeSegment, asking for facts', () => {
  it('asks once for each event and message type, and only of those whose answer hangs on it', async () => {
    const asked: unknown[] = []
    const watched: SegmentFacts = {
      now: 100,
      events: async (name, ids, since) => (asked.push([name, ids, since]), ids.map(() => 2)),
      received: async (type, ids, since) => (asked.push([type, ids, since]), ids.map(() => 0)),
    }
    const of = ['a', 'b', 'c'].map((id): Profile => ({ id, addresses: {}, groups: id === 'b' ? [] : ['g'] }))
    const rule: Segment = {
      all: [
        { event: 'paid', times: 2, withinMs: 40 },
        {
          any: [
            { received: true, withinMs: 400 },
            { attribute: 'id', of: 'recipient', is: 'a' },
          ],
        },
        { group: 'g' },
      ],
    }
    expect(await judgeSegment(rule, of, watched)).toEqual([true, false, false])
    expect(asked).toEqual([
      ['paid', ['a', 'c'], 60],
      [undefined, ['c'], 0],
    ])
  })

  it('asks a book and a history for 500 at once', async () => {
    const asked: unknown[] = []
    const count = async (by: unknown, ids: readonly string[]): Promise<readonly number[]> => {
      asked.push([by, ids.length])
      return ids.map((id) => Number(id))
    }
    const ids = Array.from({ length: 501 }, (_, index) => `${index}`)
    const told = segmentFacts(
      't',
      7,
      { events: async (tenant, name, some, since) => count([tenant, name, since], some) },
      { received: count },
    )
    const numbers = ids.map(Number)
    expect(await told.events('paid', ids, 3)).toEqual(numbers)
    expect(await told.received('sale', ids, 4)).toEqual(numbers)
    expect(await told.received(undefined, ids.slice(1), 4)).toEqual(numbers.slice(1))
    expect(asked).toEqual([
      [['t', 'paid', 3], 500],
      [['t', 'paid', 3], 1],
      [{ tenant: 't', type: 'sale', since: 4 }, 500],
      [{ tenant: 't', type: 'sale', since: 4 }, 1],
      [{ tenant: 't', since: 4 }, 500],
    ])
  })

  it('is refused where the history cannot tell', async () => {
    const told = segmentFacts('t', 7, { events: async () => [] }, {})
    const error: unknown = await told.received('sale', ['a'], 0).catch((thrown: unknown) => thrown)
    expect(isReachError(error, 'REACH_QUERY_UNSUPPORTED')).toBe(true)
  })
})

describe('compareTexts', () => {
  it('is the order of bytes in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareTexts(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 2_000 },
    )
    expect(compareTexts('😀', '\uffee')).toBeGreaterThan(0)
    expect(compareTexts('\u{1f600}', '\u{1f601}')).toBeLessThan(0)
  })
})
