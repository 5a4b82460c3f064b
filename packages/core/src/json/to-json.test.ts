import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isReachError } from '../spec/index.js'
import { toJson } from './index.js'

function problem(value: unknown): string {
  try {
    return `accepted: ${toJson(value, 'data')}`
  } catch (error) {
    expect(isReachError(error, 'REACH_DATA_NOT_JSON')).toBe(true)
    return error instanceof Error ? error.message : ''
  }
}

class Order {
  total = 1
}

describe('toJson', () => {
  it('is JSON.stringify for what JSON can hold, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toJson(value, 'data')).toBe(JSON.stringify(value))
      }),
    )
  })

  it('never loses anything: what it accepts comes back equal', () => {
    const property = fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
      const answer = problem(value)
      if (!answer.startsWith('accepted: ')) return
      expect(withoutSigns(JSON.parse(answer.slice('accepted: '.length)))).toEqual(withoutSigns(value))
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it('leaves out a field that is undefined', () => {
    expect(toJson({ a: undefined, b: 1 }, 'data')).toBe('{"b":1}')
  })

  it.each([
    [undefined, 'data is undefined'],
    [{ a: { b: [0, { c: 1n }] } }, 'data.a.b[1].c is a bigint'],
    [{ a: () => 1 }, 'data.a is a function'],
    [{ a: Symbol('s') }, 'data.a is a symbol'],
    [{ a: new Date(0) }, 'data.a is a Date'],
    [{ a: new Map() }, 'data.a is a Map'],
    [{ a: new Set() }, 'data.a is a Set'],
    [{ a: Number.NaN }, 'data.a is NaN'],
    [[Number.NEGATIVE_INFINITY], 'data[0] is -Infinity'],
    [{ a: [undefined] }, 'data.a[0] is undefined'],
    [{ a: Object.assign([], { length: 2 }) }, 'data.a[0] is undefined'],
    [{ order: new Order() }, 'data.order is an instance of Order'],
    [{ bytes: Buffer.from('x') }, 'data.bytes is an instance of Buffer'],
    [{ a: { toJSON: () => 'x' } }, 'data.a.toJSON is a function'],
  ])('refuses %o', (value, text) => {
    expect(problem(value)).toContain(`REACH_DATA_NOT_JSON: ${text};`)
  })

  it('refuses a circular reference where it closes, and takes one object twice', () => {
    const ring: Record<string, unknown> = { name: 'x' }
    ring['children'] = [{ parent: ring }]
    expect(problem(ring)).toContain('data.children[0].parent is a circular reference;')
    const shared = { x: 1 }
    expect(toJson({ a: shared, b: [shared] }, 'data')).toBe('{"a":{"x":1},"b":[{"x":1}]}')
  })

  it('refuses what is too deep instead of overflowing', () => {
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(problem(deep)).toContain('is nested more than 200 levels deep;')
  })

  it('keeps a key out of the text that may be an address', () => {
    const text = problem({ 'ann@example.com': 1n })
    expect(text).toContain('data[…] is a bigint;')
    expect(problem({ '13800000000': { ok: 1n } })).toContain('data[…].ok is a bigint;')
  })

  it('takes objects of another realm', () => {
    expect(toJson(runInNewContext('({ a: [{ b: 1 }] })'), 'data')).toBe('{"a":[{"b":1}]}')
  })

  it('is a coded error where the value throws by itself', () => {
    const value = {
      get a(): string {
        throw new Error('no')
      },
    }
    expect(problem(value)).toContain('REACH_DATA_NOT_JSON: data cannot be read')
  })
})

/** JSON has no -0 and no key that is undefined or a symbol; prototypes do not matter. */
function withoutSigns(value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(withoutSigns)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutSigns(child)]))
}
