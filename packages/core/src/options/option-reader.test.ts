import { describe, expect, test } from 'vitest'
import { isReachError } from '../spec/index.js'
import { OptionReader, describeKind, isStandardSchema, nearestName, parseStickiness } from './index.js'

function reader(options: unknown): OptionReader {
  return new OptionReader('REACH_OPTION_INVALID', 'thing()', options, ['size', 'name', 'ttl', 'mode', 'run', 'on'])
}

describe('OptionReader', () => {
  test('reads what fits, and undefined where a field is left out', () => {
    const run = (): number => 1
    const read = reader({ size: 3, name: 'a', ttl: '2s', mode: 'x', run, on: false })
    expect(read.whole('size', 1)).toBe(3)
    expect(read.text('name')).toBe('a')
    expect(read.durationMs('ttl')).toBe(2_000)
    expect(read.choice('mode', ['x', 'y'])).toBe('x')
    expect(read.func('run')).toBe(run)
    expect(read.flag('on')).toBe(false)
    const empty = reader({})
    for (const value of [empty.whole('size', 1), empty.text('name'), empty.durationMs('ttl'), empty.flag('on')]) {
      expect(value).toBeUndefined()
    }
    expect(empty.choice('mode', ['x'])).toBeUndefined()
    expect(empty.func('run')).toBeUndefined()
  })

  test.each<[string, (read: OptionReader) => unknown, unknown, string]>([
    ['whole', (read) => read.whole('size', 1), 0, 'size must be a whole number of at least 1, and was a number.'],
    ['text', (read) => read.text('name'), '', 'name must be a string that is not empty, and was an empty string.'],
    ['duration', (read) => read.durationMs('ttl'), 5, "such as '2h', and was a number."],
    ['short duration', (read) => read.durationMs('ttl', 1), '0s', 'ttl must be a duration of at least 1ms'],
    ['choice', (read) => read.choice('mode', ['x', 'y']), null, 'mode must be one of x, y, and was null.'],
    ['function', (read) => read.func('run'), {}, 'run must be a function, and was an object.'],
    ['flag', (read) => read.flag('on'), 'yes', 'on must be true or false, and was a string.'],
  ])('refuses a wrong %s with the field, what is allowed and the kind given', (_, read, value, text) => {
    const field = /^(?:such|ttl)/.test(text) ? 'ttl' : (text.split(' ')[0] ?? '')
    expect(() => read(reader({ [field]: value }))).toThrow(text)
  })

  test('never shows the value itself', () => {
    expect(() => reader({ mode: 'secret@example.com' }).choice('mode', ['x'])).toThrow(/^(?!.*secret)/)
  })

  test('keeps the code, and the cause of a duration', () => {
    const error = thrownBy(() => reader({ ttl: 'soon' }).durationMs('ttl'))
    expect(isReachError(error, 'REACH_OPTION_INVALID')).toBe(true)
    expect(isReachError((error as Error).cause)).toBe(true)
  })

  test('refuses an unknown field and names the nearest', () => {
    expect(() => reader({ sizee: 1 })).toThrow("thing(): there is no option 'sizee'. Did you mean 'size'?")
    expect(() => reader({ colour: 1 })).toThrow('There are size, name, ttl, mode, run, on.')
  })

  test('names no unknown field that may be an address', () => {
    expect(() => reader({ 'ann@example.com': 1 })).toThrow(/^(?!.*ann).*there is no option '…'/)
  })

  test.each([[null], [undefined], [[]], ['a'], [new Date()]])('refuses options that are %s', (options) => {
    expect(() => reader(options)).toThrow('thing(): the options must be an object, and were ')
  })
})

test.each([
  ['prority', 'priority'],
  ['Priority', 'priority'],
  ['tll', 'ttl'],
  ['dedup', 'dedupe'],
  ['retyr', 'retry'],
])('nearestName(%s) is %s', (given, near) => {
  expect(nearestName(given, ['priority', 'ttl', 'dedupe', 'retry'])).toBe(near)
})

test('nearestName is undefined where nothing is near', () => {
  expect(nearestName('colour', ['priority', 'ttl'])).toBeUndefined()
})

test('describeKind names kinds', () => {
  const kinds = [undefined, null, [], [1], new Date(), {}, '', 'a', 1, true, () => 1].map(describeKind)
  expect(kinds).toEqual([
    'missing',
    'null',
    'an empty array',
    'an array',
    'a Date',
    'an object',
    'an empty string',
    'a string',
    'a number',
    'a boolean',
    'a function',
  ])
})

test('isStandardSchema takes objects and functions of version 1', () => {
  const standard = { version: 1, vendor: 'x', validate: () => ({ value: 1 }) }
  expect(isStandardSchema({ '~standard': standard })).toBe(true)
  expect(isStandardSchema(Object.assign(() => 1, { '~standard': standard }))).toBe(true)
  for (const wrong of [null, 1, {}, { '~standard': 1 }, { '~standard': { ...standard, version: 2 } }]) {
    expect(isStandardSchema(wrong)).toBe(false)
  }
})

test('parseStickiness takes message and recipient only', () => {
  expect(parseStickiness('recipient')).toBe('recipient')
  expect(() => parseStickiness('day')).toThrow('REACH_OPTION_INVALID')
})

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
