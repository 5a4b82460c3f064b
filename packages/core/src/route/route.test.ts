import '../../test/types/channels.js'
import { describe, expect, test } from 'vitest'
import { isReachError } from '../spec/index.js'
import { all, channelsIn, firstOf, isRoute, nodeOf, split } from './index.js'

/** What untyped code may call a builder with. */
function untyped(builder: (...given: never[]) => unknown, ...given: unknown[]): () => unknown {
  return () => Reflect.apply(builder, undefined, given)
}

describe('builders', () => {
  test('make data of their legs', () => {
    const route = all(firstOf('feed', split(['text', 70], ['mail', 30])))
    expect(nodeOf(route)).toEqual({
      kind: 'all',
      legs: [
        {
          kind: 'firstOf',
          wait: undefined,
          legs: [
            { kind: 'channel', channel: 'feed' },
            {
              kind: 'split',
              sticky: 'message',
              legs: [
                { channel: 'text', weight: 70 },
                { channel: 'mail', weight: 30 },
              ],
            },
          ],
        },
      ],
    })
    expect(channelsIn(nodeOf(route))).toEqual(['feed', 'text', 'mail'])
  })

  test('refine without changing what was there', () => {
    const first = firstOf('feed', 'text')
    expect(nodeOf(first.unless('read', { within: '10m' }))).toMatchObject({
      wait: { until: 'read', withinMs: 600_000 },
    })
    expect(nodeOf(first)).toMatchObject({ wait: undefined })
    const drawn = split(['feed', 1], ['text', 0])
    expect(nodeOf(drawn.stickyBy('recipient'))).toMatchObject({ sticky: 'recipient' })
    expect(nodeOf(drawn)).toMatchObject({ sticky: 'message' })
  })

  test('answer what cannot be changed', () => {
    const route = all('feed', 'text')
    const node = nodeOf(route)
    expect([route, node, node.kind === 'all' && node.legs].every(Object.isFrozen)).toBe(true)
  })
})

describe('a route is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['without a leg', untyped(all), 'all() needs at least one leg'],
    ['without a leg', untyped(firstOf), 'firstOf() needs at least one leg'],
    ['without a channel', untyped(split), 'split() needs at least one channel'],
    ['with a leg of another kind', untyped(firstOf, 'text', 3), 'firstOf(), leg 2 must be the name of a channel'],
    ['with an empty name', untyped(all, ''), 'leg 1 must be the name of a channel or a route, and was an empty string'],
    ['with a channel twice', () => all('text', 'text'), "all() has the channel 'text' twice"],
    ['with a channel twice, nested', () => all('text', firstOf('feed', 'text')), "the channel 'text' twice"],
    ['with a channel split twice', () => split(['text', 1], ['text', 2]), "split() has the channel 'text' twice"],
    ['with what is no pair', untyped(split, ['text']), "split(), leg 1 must be a pair ['channel', weight]"],
    ['with what is no pair', untyped(split, 'text'), 'and was a string'],
  ])('%s', (_, build, text) => {
    expect(build).toThrow(`REACH_ROUTE_INVALID: `)
    expect(build).toThrow(text)
  })

  test.each<[string, () => unknown]>([
    ['a weight that is text', untyped(split, ['text', '1'])],
    ['a weight below 0', () => split(['text', -1], ['feed', 1])],
    ['a weight that is no number', () => split(['text', Number.NaN])],
    ['only weights of 0', () => split(['text', 0])],
  ])('for %s', (_, build) => {
    expect(build).toThrow('REACH_WEIGHTS_INVALID')
  })

  test('for a wait that is wrong', () => {
    const { unless } = firstOf('text', 'feed')
    expect(untyped(unless, 'opened', { within: '1m' })).toThrow("the receipt must be 'delivered' or 'read'")
    expect(untyped(unless, 'read')).toThrow('unless(): the options must be an object, and were missing')
    expect(untyped(unless, 'read', {})).toThrow('unless(): within must be a duration')
    expect(untyped(unless, 'read', { within: '0s' })).toThrow('within must be a duration of at least 1ms')
    expect(untyped(unless, 'read', { whithin: '1m' })).toThrow("Did you mean 'within'?")
    expect(untyped(split(['text', 1]).stickyBy, 'day')).toThrow('REACH_OPTION_INVALID')
  })
})

test('nodeOf refuses what no builder made, and knows routes of another copy of the package', () => {
  expect(untyped(nodeOf, { kind: 'all' })).toThrow('REACH_ROUTE_INVALID')
  const node = { kind: 'channel', channel: 'text' }
  const foreign: unknown = { [Symbol.for('reachkit.route')]: node }
  expect(isRoute(foreign) && nodeOf(foreign)).toBe(node)
})

test('Every error is a ReachError.', () => {
  try {
    all('text', 'text')
  } catch (error) {
    expect(isReachError(error, 'REACH_ROUTE_INVALID')).toBe(true)
  }
  expect.assertions(1)
})
