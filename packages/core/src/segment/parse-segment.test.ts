import { describe, expect, it } from 'vitest'
import { isReachError } from '../spec/index.js'
import { parseSegment } from './index.js'

function problem(value: unknown): string {
  try {
    return `accepted: ${JSON.stringify(parseSegment(value))}`
  } catch (error) {
    expect(isReachError(error, 'REACH_SEGMENT_INVALID')).toBe(true)
    return error instanceof Error ? error.message.replace('REACH_SEGMENT_INVALID: ', '') : ''
  }
}

const kinds = 'all, any, not, attribute, group, zone, event, received'

describe('parseSegment', () => {
  it.each([
    [{ all: [] }],
    [{ any: [{ not: { group: 'staff' } }, { all: [{ zone: ['Asia/Shanghai', null] }] }] }],
    [{ attribute: 'plan', is: 'gold' }],
    [{ attribute: 'plan.name', in: ['gold', 1, true], exists: true }],
    [{ attribute: 'age', atLeast: 18, below: 30 }],
    [{ attribute: 'a"b%c d', startsWith: '' }],
    [{ attribute: 'id', of: 'recipient', above: 'user-5' }],
    [{ event: 'order.paid', times: 2, withinMs: 1_000 }],
    [{ received: true }],
    [{ received: 'spring.sale', times: 1 }],
  ])('takes %j as it is', (segment) => {
    const parsed = parseSegment(segment)
    expect(parsed).toEqual(segment)
    expect(parsed).not.toBe(segment)
  })

  it.each([
    [
      { event: 'paid', within: '30d' },
      { event: 'paid', withinMs: 2_592_000_000 },
    ],
    [{ zone: 'Asia/Shanghai' }, { zone: ['Asia/Shanghai'] }],
    [{ zone: null }, { zone: [null] }],
    [
      { attribute: 'a', is: 1, above: undefined },
      { attribute: 'a', is: 1 },
    ],
  ])('takes %j, as people write it', (written, kept) => {
    expect(JSON.stringify(parseSegment(written))).toBe(JSON.stringify(kept))
  })

  it('keeps no -0, which JSON does not have', () => {
    const parsed = parseSegment({
      any: [
        { attribute: 'a', is: -0 },
        { attribute: 'a', in: [-0], above: -0 },
      ],
    })
    expect(parsed).toEqual({
      any: [
        { attribute: 'a', is: 0 },
        { attribute: 'a', in: [0], above: 0 },
      ],
    })
  })

  it.each([
    [undefined, `segment must be an object with one of ${kinds}, and was missing.`],
    [[], `segment must be an object with one of ${kinds}, and was an empty array.`],
    [{}, `segment must have one of ${kinds}, and has none.`],
    [
      { atribute: 'a', is: 1 },
      `segment must have one of ${kinds}, and has none. Did you mean 'attribute' by 'atribute'?`,
    ],
    [{ all: [], any: [] }, 'segment has both all and any: put each into a part of its own.'],
    [{ not: { group: 'a' }, group: 'b' }, 'segment has both not and group: put each into a part of its own.'],
    [{ all: [], times: 2 }, "segment: there is no option 'times'. There are all."],
    [{ all: {} }, 'segment.all must be a list of segments, and was an object.'],
    [{ all: [{ all: [] }, { not: null }] }, `segment.all[1].not must be an object with one of ${kinds}, and was null.`],
    [
      { not: { attribute: 'a' } },
      'segment.not must have one of is, in, above, atLeast, below, atMost, startsWith, exists.',
    ],
    [
      { attribute: '', is: 1 },
      'segment: attribute must be a name of 1 to 256 bytes, without U+0000, and was an empty string.',
    ],
    [
      { attribute: 'a..b', is: 1 },
      'segment: attribute must be a name, or several with one dot between them, and was a string.',
    ],
    [
      { attribute: 'zone', of: 'recipient', is: '' },
      'segment: attribute must be one of id, locale of a recipient, and was a string.',
    ],
    [{ attribute: 'a', of: 'group', is: '' }, 'segment: of must be one of recipient, and was a string.'],
    [
      { attribute: 'a', is: null },
      'segment: is must be a text of at most 1024 bytes, without U+0000, a number or a boolean; what is not there is exists: false, and was null.',
    ],
    [
      { attribute: 'a', above: true },
      'segment: above must be a text of at most 1024 bytes, without U+0000, or a number, and was a boolean.',
    ],
    [
      { attribute: 'a', below: Number.NaN },
      'segment: below must be a text of at most 1024 bytes, without U+0000, or a number, and was a number.',
    ],
    [
      { attribute: 'a', startsWith: 1 },
      'segment: startsWith must be a text of at most 1024 bytes, without U+0000, and was a number.',
    ],
    [{ attribute: 'a', is: 'a\0' }, /^segment: is must be a text .* and was a string\.$/],
    [{ attribute: 'a', is: '\ud83d' }, /^segment: is must be a text .* and was a string\.$/],
    [{ attribute: 'a', is: 'é'.repeat(513) }, /^segment: is must be a text .* and was a string\.$/],
    [{ attribute: 'a', in: [] }, 'segment.in must be a list of at least one value, and was an empty array.'],
    [{ attribute: 'a', in: [1, {}] }, /^segment\.in\[1\] must be a text .* and was an object\.$/],
    [{ attribute: 'a', exists: 1 }, 'segment: exists must be true or false, and was a number.'],
    [{ attribute: 'a', starsWith: 'b' }, "segment: there is no option 'starsWith'. Did you mean 'startsWith'?"],
    [{ group: 7 }, 'segment: group must be a name of 1 to 256 bytes, without U+0000, and was a number.'],
    [{ zone: [] }, /^segment\.zone must be a time zone .* and was an empty array\.$/],
    [{ zone: ['Europe/Berlin', 'Europe/Berlino'] }, /^segment\.zone\[1\] must be a time zone .* and was a string\.$/],
    [{ zone: 'Nowhere' }, /^segment\.zone must be a time zone .* and was a string\.$/],
    [{ event: 'paid', times: 0 }, 'segment: times must be a whole number of at least 1, and was a number.'],
    [{ event: 'paid', within: '30 days' }, /^segment: within must be a duration: .* and was a string\.$/],
    [
      { event: 'paid', within: '1d', withinMs: 5 },
      'segment: within must be left out where withinMs is given, and was a string.',
    ],
    [
      { received: false },
      'segment: received must be a name of 1 to 256 bytes, without U+0000, or true for any, and was a boolean.',
    ],
  ])('refuses %j', (value, text) => {
    if (typeof text === 'string') expect(problem(value)).toBe(text)
    else expect(problem(value)).toMatch(text)
  })

  it('shows nothing that may be an address', () => {
    for (const value of [
      { 'ann@example.com': 1 },
      { group: 'a', 'ann@example.com': 1 },
      { attribute: 'a', is: 'ann@example.com\0' },
    ])
      expect(problem(value)).not.toContain('ann')
  })

  it('bounds the levels, and ends for a ring', () => {
    const nested = (levels: number): unknown => (levels === 1 ? { group: 'a' } : { not: nested(levels - 1) })
    expect(problem(nested(20))).toMatch(/^accepted/)
    expect(problem(nested(21))).toMatch(/^segment(\.not){20} is nested deeper than 20 levels\.$/)
    const ring: { not?: unknown } = {}
    ring.not = ring
    expect(problem(ring)).toContain('is nested deeper than 20 levels.')
  })

  it('bounds the parts and the listed values', () => {
    const many = (count: number): unknown => ({ any: Array.from({ length: count }, () => ({ group: 'a' })) })
    expect(problem(many(199))).toMatch(/^accepted/)
    expect(problem(many(200))).toBe('segment.any[199] is too much: a segment has at most 200 parts.')
    const listed = (count: number): unknown => ({ attribute: 'a', in: Array.from({ length: count }, () => 1) })
    expect(problem({ all: [listed(1_000), listed(1_000)] })).toMatch(/^accepted/)
    expect(problem({ all: [listed(1_000), listed(1_001)] })).toBe(
      'segment.all[1] is too much: the lists of a segment have at most 2000 values together.',
    )
  })
})
