import { inspect } from 'node:util'
import { isNotSentError, ReachError } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { OptionReader, readCredentials, readSecret, readVendorOptions, vendorOptionsReader } from '../src/index.js'

const read = (given: unknown) => readVendorOptions(vendorOptionsReader('acme', given, []), { provider: 'acme' })
const good = { endpoint: 'https://acme.example/v1/' }

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof ReachError && error.code === 'REACH_OPTION_INVALID') return error.message
    throw error
  }
  return 'taken'
}

describe('what every vendor is told', () => {
  it('has defaults', () => {
    expect(read(good)).toEqual({
      provider: 'acme',
      endpoint: 'https://acme.example/v1',
      capabilities: { deduplicates: false, batch: 1, concurrency: 50, timeoutMs: 30_000 },
      http: { connections: 50 },
    })
  })

  it('is copied', () => {
    const cost = { currency: 'EUR', micros: 9 }
    const { capabilities } = read({ ...good, cost, rate: { count: 5, perMs: 1_000 }, concurrency: 7, name: 'b' })
    cost.micros = 0
    expect(capabilities).toMatchObject({ cost: { micros: 9 }, rate: { count: 5, perMs: 1_000 }, concurrency: 7 })
  })

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the options must be an object/],
    ['a list', [], /the options must be an object/],
    ['an unknown one', { ...good, retries: 3 }, /there is no option 'retries'; there are name, /],
    ['no endpoint', {}, /endpoint must be given/],
    ['another protocol', { endpoint: 'ftp://a.example' }, /endpoint must be an http or https address/],
    ['a password in the endpoint', { endpoint: 'https://u:open-77@a.example' }, /without a user and password/],
    ['a name with a space', { ...good, name: 'a b' }, /name must be a letter and then/],
    ['no concurrency', { ...good, concurrency: 0 }, /concurrency must be a whole number of at least 1/],
    ['half a message', { ...good, concurrency: 1.5 }, /concurrency must be a whole number/],
    ['no time', { ...good, timeoutMs: -1 }, /timeoutMs must be a whole number/],
    ['half a rate', { ...good, rate: { count: 1 } }, /rate: perMs must be given/],
    ['a cost of parts', { ...good, cost: { currency: 'EUR', micros: 0.5 } }, /cost must be { currency, micros }/],
    ['a cost without currency', { ...good, cost: { micros: 5 } }, /cost must be/],
    ['no function', { ...good, fetch: 'curl' }, /fetch must be a function like fetch/],
  ])('%s is refused', (_what, given, why) => {
    const text = refusal(() => read(given))
    expect(text).toMatch(why)
    expect(text).not.toContain('open-77')
  })
})

describe('secrets', () => {
  const secretOf = (key: unknown) => readSecret(new OptionReader('acme', { key }, ['key']), 'key')

  it('are texts, or functions that are asked each time', async () => {
    let count = 0
    expect(await secretOf('open-77')()).toBe('open-77')
    const asked = secretOf(async () => `open-${(count += 1)}`)
    expect([await asked(), await asked()]).toEqual(['open-1', 'open-2'])
  })

  it.each(['', 'open-77\n', 77, {}])('%j is refused, and not shown', (given) => {
    expect(refusal(() => secretOf(given))).toMatch(/: acme: key must be/)
    expect(refusal(() => secretOf(given))).not.toContain('open-77')
  })

  it('a function that fails, or answers no line, means that nothing was sent', async () => {
    const failures: unknown[] = []
    for (const given of [() => Promise.reject(new TypeError('open-77')), () => 'open-77\r\n', () => 77]) {
      failures.push(await secretOf(given)().catch((error: unknown) => error))
    }
    expect(failures.every(isNotSentError)).toBe(true)
    expect(inspect(failures, { depth: 9 })).not.toContain('open-77')
  })

  it('are not seen by who prints them', () => {
    expect(inspect(secretOf('open-77'), { depth: 9, showHidden: true })).not.toContain('open-77')
  })
})

describe('credentials', () => {
  const keysOf = (keys: unknown) =>
    readCredentials(new OptionReader('acme', { keys }, ['keys']), 'keys', ['id', 'secret'], ['token'])

  it('are texts that belong together, or a function that is asked each time', async () => {
    const given = { id: 'a', secret: 'b' }
    const answered = keysOf(given)
    given.secret = 'changed'
    expect(await answered()).toEqual({ id: 'a', secret: 'b' })
    let count = 0
    const asked = keysOf(() => ({ id: 'a', secret: 'b', token: `t${(count += 1)}` }))
    expect([(await asked()).token, (await asked()).token]).toEqual(['t1', 't2'])
  })

  it.each([undefined, 'open-77', { id: 'a' }, { id: 'a', secret: '' }, { id: 'a', secret: 'open-77', token: 7 }])(
    '%j is refused, and not shown',
    (given) => {
      expect(refusal(() => keysOf(given))).toMatch(/: acme: keys must be/)
      expect(refusal(() => keysOf(given))).not.toContain('open-77')
    },
  )

  it('a function that fails, or answers something else, means that nothing was sent', async () => {
    const failures: unknown[] = []
    for (const given of [() => Promise.reject(new Error('open-77')), () => ({ id: 'open-77' }), () => 'open-77']) {
      failures.push(await keysOf(given)().catch((error: unknown) => error))
    }
    expect(failures.every(isNotSentError)).toBe(true)
    expect(inspect(failures, { depth: 9 })).not.toContain('open-77')
  })
})
