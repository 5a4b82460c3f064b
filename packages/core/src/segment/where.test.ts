import { describe, expect, it } from 'vitest'
import { isReachError } from '../spec/index.js'
import { parseSegment, where } from './index.js'

const { all, any, attribute, did, everyone, group, id, locale, not, received, zone } = where

describe('where', () => {
  it.each([
    [everyone(), { all: [] }],
    [all(), { all: [] }],
    [any(), { any: [] }],
    [not(group('staff')), { not: { group: 'staff' } }],
    [attribute('plan').is('gold'), { attribute: 'plan', is: 'gold' }],
    [attribute('plan').in(['gold', 'silver']), { attribute: 'plan', in: ['gold', 'silver'] }],
    [attribute('age').above(1), { attribute: 'age', above: 1 }],
    [attribute('age').atLeast(1), { attribute: 'age', atLeast: 1 }],
    [attribute('age').below('b'), { attribute: 'age', below: 'b' }],
    [attribute('age').atMost('b'), { attribute: 'age', atMost: 'b' }],
    [attribute('age').fits({ atLeast: 18, below: 30 }), { attribute: 'age', atLeast: 18, below: 30 }],
    [attribute('town').startsWith('Ber'), { attribute: 'town', startsWith: 'Ber' }],
    [attribute('town').exists(), { attribute: 'town', exists: true }],
    [attribute('town').isMissing(), { attribute: 'town', exists: false }],
    [id.startsWith('user-'), { attribute: 'id', of: 'recipient', startsWith: 'user-' }],
    [locale.is('de'), { attribute: 'locale', of: 'recipient', is: 'de' }],
    [zone('Asia/Shanghai', null), { zone: ['Asia/Shanghai', null] }],
    [did('order.paid'), { event: 'order.paid' }],
    [did('order.paid', { within: '30d', times: 2 }), { event: 'order.paid', times: 2, withinMs: 2_592_000_000 }],
    [received('spring.sale', { within: '7d' }), { received: 'spring.sale', withinMs: 604_800_000 }],
    [received(), { received: true }],
    [received(undefined, { times: 3 }), { received: true, times: 3 }],
  ])('makes %j', (built, written) => {
    expect(built).toEqual(written)
    expect(parseSegment(JSON.parse(JSON.stringify(built)))).toEqual(built)
  })

  it('refuses at the place of the mistake', () => {
    const mistakes: readonly (() => unknown)[] = [
      () => group(''),
      () => attribute('a').is(Number.NaN),
      () => zone(),
      () => zone('Nowhere'),
      () => did('paid', { within: '0ms' }),
      () => all(JSON.parse('{"groop":"a"}')),
      () => attribute('a').fits({}),
    ]
    for (const mistake of mistakes) {
      try {
        mistake()
        expect.unreachable()
      } catch (error) {
        expect(isReachError(error, 'REACH_SEGMENT_INVALID')).toBe(true)
      }
    }
  })
})
