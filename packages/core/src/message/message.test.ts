import * as v from 'valibot'
import '../../test/types/channels.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { all } from '../route/index.js'
import { definitionOf, isMessage, message } from './index.js'

const content = { mail: { subject: 'x' } }

/** What untyped code may call `message` with. */
function untyped(key: unknown, options: unknown): () => unknown {
  return () => Reflect.apply(message, undefined, [key, options])
}

describe('a definition', () => {
  test('has every default', () => {
    expect(definitionOf(message('ping', { content }))).toEqual({
      key: 'ping',
      version: 1,
      upgrade: undefined,
      schema: undefined,
      purpose: 'transactional',
      lane: 'P2',
      labels: {},
      ttlMs: undefined,
      dedupe: undefined,
      content: new Map([['mail', content.mail]]),
      route: { kind: 'channel', channel: 'mail' },
      retry: { attempts: 6, baseMs: 1_000, capMs: 300_000 },
      onUnknown: 'hold',
      holdForMs: 86_400_000,
      digest: undefined,
    })
  })

  test('of a digest gathers a hundred at most, unless it says otherwise', () => {
    const key = (): string => 'k'
    expect(definitionOf(message('d', { content, digest: { window: '10m' } })).digest).toEqual({
      windowMs: 600_000,
      key: undefined,
      max: 100,
    })
    const told = message('d', { content, digest: { window: '1s', key, max: 2 }, ttl: '2s' })
    expect(definitionOf(told).digest).toEqual({ windowMs: 1_000, key, max: 2 })
  })

  test.each([
    [{ digest: {} }, 'window must be a duration'],
    [{ digest: { window: '10ms' } }, 'window must be a duration of at least 1000ms'],
    [{ digest: { window: '1m', max: 1 } }, 'max must be a whole number of at least 2'],
    [{ digest: { window: '1m', max: 501 } }, 'max must be at most 500'],
    [{ digest: { window: '1m', key: 'k' } }, 'key must be a function'],
    [{ digest: { window: '1m', every: 1 } }, "there is no option 'every'"],
    [{ digest: { window: '1m' }, priority: 'P0' }, 'a P0 message is urgent and waits for no others'],
    [{ digest: { window: '1m' }, category: 'otp' }, 'a P0 message is urgent and waits for no others'],
    [{ digest: { window: '1m' }, ttl: '1m' }, 'ttl must be longer than the window'],
  ])('refuses %j', (options, sentence) => {
    expect(untyped('d', { content, ...options })).toThrow(sentence)
  })

  test('of an OTP is urgent, short-lived and sent again, unless it says otherwise', () => {
    const otp = message('otp', { category: 'otp', content })
    expect(definitionOf(otp)).toMatchObject({ lane: 'P0', ttlMs: 300_000, onUnknown: 'resend' })
    const mild = message('otp', { category: 'otp', content, priority: 'P1', ttl: '1m', onUnknown: 'hold' })
    expect(definitionOf(mild)).toMatchObject({ lane: 'P1', ttlMs: 60_000, onUnknown: 'hold' })
  })

  test('has what it was told', () => {
    const data = z.object({ a: z.string() })
    const upgrade = (): { a: string } => ({ a: '' })
    const told = message('told', {
      data,
      purpose: 'care',
      category: 'c',
      module: 'm',
      line: 'l',
      priority: 'P3',
      ttl: '2h',
      dedupe: (d) => d.a,
      content: { mail: (d) => ({ subject: d.a }), text: { text: '{{ a }}' } },
      route: all('text', 'mail'),
      version: 3,
      upgrade,
      retry: { attempts: 2, base: '10m' },
      holdFor: '1h',
    })
    const definition = definitionOf(told)
    expect(definition).toMatchObject({
      schema: data,
      purpose: 'care',
      labels: { category: 'c', module: 'm', line: 'l' },
      lane: 'P3',
      ttlMs: 7_200_000,
      version: 3,
      upgrade,
      retry: { attempts: 2, baseMs: 600_000, capMs: 600_000 },
      holdForMs: 3_600_000,
    })
    expect(definition.route.kind).toBe('all')
    expect(definition.dedupe?.({ a: 'k' } as never)).toBe('k')
  })

  test('without a route takes the channels in the order of content, the first that works', () => {
    const both = message('both', { content: { text: { text: 'x' }, mail: { subject: 'x' } } })
    expect(definitionOf(both).route).toEqual({
      kind: 'firstOf',
      wait: undefined,
      legs: [
        { kind: 'channel', channel: 'text' },
        { kind: 'channel', channel: 'mail' },
      ],
    })
  })

  test('takes a schema of any library, and a route of one channel', () => {
    const late = message('late', { data: v.object({ code: v.string() }), content, route: 'mail' })
    expect(definitionOf(late).route).toEqual({ kind: 'channel', channel: 'mail' })
  })

  test('cannot be changed', () => {
    const ping = message('ping', { content })
    expect([ping, definitionOf(ping), definitionOf(ping).labels].every(Object.isFrozen)).toBe(true)
  })
})

describe('a definition is refused', () => {
  test.each<[string, unknown, string]>([
    ['no options', undefined, "message 'm': the options must be an object, and were missing."],
    ['an unknown option', { content, prority: 'P1' }, "there is no option 'prority'. Did you mean 'priority'?"],
    ['no content', {}, 'content must be an object with a field for at least one channel, and was missing.'],
    ['empty content', { content: {} }, 'and was an object without one.'],
    [
      'text as content',
      { content: { mail: 'x' } },
      'content.mail must be an object or a function of the data, and was a string.',
    ],
    ['a schema that is none', { content, data: {} }, 'data must be a schema that follows Standard Schema v1'],
    [
      'a purpose',
      { content, purpose: 'fun' },
      'purpose must be one of marketing, transactional, care, and was a string.',
    ],
    ['a priority', { content, priority: 1 }, 'priority must be one of P0, P1, P2, P3, and was a number.'],
    ['a ttl', { content, ttl: '2 hours' }, "ttl must be a duration: a number and ms, s, m, h, d or w, such as '2h'"],
    ['a ttl of nothing', { content, ttl: '0s' }, 'ttl must be a duration of at least 1ms'],
    ['a category', { content, category: '' }, 'category must be a string that is not empty'],
    ['a dedupe key', { content, dedupe: 'id' }, 'dedupe must be a function, and was a string.'],
    ['a version', { content, version: 0 }, 'version must be a whole number of at least 1'],
    ['an upgrade', { content, upgrade: 1 }, 'upgrade must be a function'],
    ['a retry', { content, retry: 3 }, "message 'm', retry: the options must be an object, and were a number."],
    ['a retry option', { content, retry: { attemps: 3 } }, "Did you mean 'attempts'?"],
    ['no attempt', { content, retry: { attempts: 0 } }, 'attempts must be a whole number of at least 1'],
    [
      'a cap below the base',
      { content, retry: { base: '2m', cap: '1m' } },
      'cap must be a duration of at least 120000ms',
    ],
    ['what unknown means', { content, onUnknown: 'drop' }, 'onUnknown must be one of hold, resend'],
    ['a hold', { content, holdFor: 5 }, 'holdFor must be a duration'],
  ])('for %s', (_, options, text) => {
    expect(untyped('m', options)).toThrow('REACH_MESSAGE_INVALID')
    expect(untyped('m', options)).toThrow(text)
  })

  test.each([[''], [undefined], ['.a'], ['a b'], ['ä'], ['a'.repeat(129)]])('for the key %s', (key) => {
    expect(untyped(key, { content })).toThrow('REACH_MESSAGE_INVALID: message(): key must be letters, digits')
  })

  test.each<[string, unknown, string]>([
    ['naming a channel without content', 'mial', "route names 'mial', which has no content. Did you mean 'mail'?"],
    ['naming another channel', all('text'), "route names 'text', which has no content. It has content for mail."],
    [
      'of another kind',
      { kind: 'all' },
      'route must be a channel, or built with all, firstOf or split, and was an object.',
    ],
  ])('for a route %s', (_, route, text) => {
    expect(untyped('m', { content, route })).toThrow('REACH_ROUTE_INVALID')
    expect(untyped('m', { content, route })).toThrow(text)
  })
})

test.each([[''], [undefined], [7]])('A dedupe function that answers %s is refused when it does.', (answer) => {
  const odd: unknown = untyped('m', { content, dedupe: () => answer })()
  expect(() => isMessage(odd) && definitionOf(odd).dedupe?.({} as never)).toThrow('REACH_MESSAGE_INVALID')
})

test('Message types of another copy of the package are known, and nothing else is.', () => {
  const definition = definitionOf(message('m', { content }))
  const foreign: unknown = { key: 'm', [Symbol.for('reachkit.message')]: definition }
  expect(isMessage(foreign) && definitionOf(foreign)).toBe(definition)
  expect(isMessage({ key: 'm' })).toBe(false)
  expect(() => Reflect.apply(definitionOf, undefined, [{ key: 'm' }])).toThrow('REACH_MESSAGE_INVALID')
})
