// The public face of the book: what it refuses, how it streams, and what it answers where a store cannot.
import { isReachError, memoryStore, where } from '@reachkit/core'
import type { Book, BookRecipient, History } from '@reachkit/core'
import { seededRandom, virtualClock } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { bookDirectory, createRecipients } from '../src/recipients/index.js'

const ignore = (): void => {}
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const now = 1_800_000_000_000

interface SetUp {
  readonly book: Book
  readonly history: History
}

async function store(): Promise<SetUp> {
  const parts = await memoryStore().open({ clock: virtualClock(now), random: seededRandom(1), logger })
  if (parts.book === undefined) throw new Error('the memory store has a book')
  return { book: parts.book, history: parts.history }
}

async function setUp(change: (book: Book) => Partial<Book> = () => ({})) {
  const { book: real, history } = await store()
  const faults = change(real)
  const book = new Proxy(real, {
    get(target, key) {
      const own: unknown = Object.hasOwn(faults, key) ? Reflect.get(faults, key) : Reflect.get(target, key, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  const recipients = createRecipients(() => ({ book, history, tenant: 'shop', now: () => now }))
  return { book, recipients, history }
}

function person(id: string, over: object = {}): BookRecipient<object> {
  return { id, addresses: { email: `${id}@example.com` }, ...over }
}

function people(count: number): BookRecipient<object>[] {
  return Array.from({ length: count }, (_, index) =>
    person(`u${String(index).padStart(6, '0')}`, { attributes: { index }, groups: index % 100 === 0 ? ['rare'] : [] }),
  )
}

/** The text of the coded error that a call ends with. */
async function problem(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
  } catch (error) {
    if (isReachError(error)) return error.message
    throw error
  }
  throw new Error('it was taken')
}

/** A store that answers no segment by itself. */
function unjudging(real: Book): Partial<Book> {
  return {
    page: async ({ tenant, now: at }, page) => ({ ...(await real.page({ tenant, now: at }, page)), exact: false }),
  }
}

describe('recipients.upsert', () => {
  it('takes a list, an iterable and an async iterable', async () => {
    const { recipients } = await setUp()
    async function* later() {
      yield person('c')
      yield person('d')
    }
    expect(await recipients.upsert([person('a')])).toEqual({ recipients: 1 })
    expect(await recipients.upsert(new Set([person('b')]))).toEqual({ recipients: 1 })
    expect(await recipients.upsert(later())).toEqual({ recipients: 2 })
    expect(await recipients.upsert([])).toEqual({ recipients: 0 })
    expect(await recipients.count()).toBe(4)
  })

  it('keeps a copy: what was given may change afterwards', async () => {
    const { recipients } = await setUp()
    const tags = ['a']
    await recipients.upsert([person('a', { attributes: { tags, none: undefined } })])
    tags.push('b')
    expect(await recipients.get('a')).toEqual(person('a', { attributes: { tags: ['a'] } }))
  })

  it('reads one batch ahead at most, and tells how far it is', async () => {
    let [written, read, mostAhead] = [0, 0, 0]
    const { recipients } = await setUp((real) => ({
      upsert: async (tenant, batch) => {
        await new Promise((resolve) => setImmediate(resolve))
        await real.upsert(tenant, batch)
        written += batch.length
      },
    }))
    function* source() {
      for (const one of people(5_000)) {
        read += 1
        mostAhead = Math.max(mostAhead, read - written)
        yield one
      }
    }
    const told: number[] = []
    const progress = ({ recipients: count }: { recipients: number }): void => void told.push(count)
    expect(await recipients.upsert(source(), { batch: 500, progress })).toEqual({ recipients: 5_000 })
    expect(told).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * 500))
    expect(mostAhead).toBeGreaterThan(500)
    expect(mostAhead).toBeLessThanOrEqual(1_001)
  })

  it('names the first that is wrong by its place, and keeps the batches before it', async () => {
    const { recipients } = await setUp()
    const source = [...people(5), person('late', { zone: 'Nowhere' }), person('after')]
    const text = await problem(async () => recipients.upsert(source, { batch: 2 }))
    expect(text).toBe(
      "REACH_RECIPIENT_INVALID: recipient 5 of upsert(): zone must be a time zone such as 'Europe/Berlin', and was a string.",
    )
    expect(await recipients.count()).toBe(4)
  })

  it('ends with the failure of the source, and what was read before it is written as far as batches go', async () => {
    const { recipients } = await setUp()
    async function* broken() {
      yield* people(5)
      throw new Error('the file is gone')
    }
    await expect(recipients.upsert(broken(), { batch: 2 })).rejects.toThrow('the file is gone')
    expect(await recipients.count()).toBe(4)
  })

  it('ends with the failure of the store, and closes the source', async () => {
    const { recipients } = await setUp(() => ({ upsert: async () => Promise.reject(new Error('away')) }))
    let [read, closed] = [0, false]
    async function* source() {
      try {
        for (const one of people(1_000)) {
          read += 1
          yield one
        }
      } finally {
        closed = true
      }
    }
    await expect(recipients.upsert(source(), { batch: 10 })).rejects.toThrow('away')
    expect([read, closed]).toEqual([20, true])
  })

  it('is ended by its signal and by its progress', async () => {
    const { recipients } = await setUp()
    const abort = new AbortController()
    const options = { batch: 10, signal: abort.signal, progress: () => abort.abort(new Error('enough')) }
    await expect(recipients.upsert(people(100), options)).rejects.toThrow('enough')
    const failing = { batch: 10, progress: fail }
    await expect(recipients.upsert(people(100), failing)).rejects.toThrow('no')
    expect(await recipients.count()).toBeLessThanOrEqual(20)
  })

  it.each([
    [null, /^recipient 0 of upsert\(\) must be an object with id and addresses, and was null\.$/],
    [{ addresses: {} }, /id must be a text of 1 to 512 bytes, and was missing/],
    [person(''), /id must be a text of 1 to 512 bytes, and was an empty string/],
    [person('é'.repeat(257)), /id must be a text/],
    [person('a\0'), /id must be a text/],
    [person('ann@example.com'), /id must be the id of a recipient, not an address/],
    [person('+49 151 1234567'), /id must be the id of a recipient, not an address/],
    [{ id: 'a' }, /addresses must be an object with an address for each channel, and was missing/],
    [{ id: 'a', addresses: [] }, /addresses must be an object, and was an empty array/],
    [person('a', { addresses: { email: 1n } }), /recipient 0 of upsert\(\)\.addresses\.email is a bigint/],
    [
      person('a', { addresses: { email: '\ud83d@b.de' } }),
      /recipient 0 of upsert\(\)\.addresses\.email holds U\+0000 or half/,
    ],
    [
      person('a', { attributes: { list: [{ 'x\0': 1 }] } }),
      /recipient 0 of upsert\(\)\.attributes\.list\[0\] holds U\+0000/,
    ],
    [person('a', { attributes: { at: new Date(0) } }), /attributes\.at is a Date/],
    [person('a', { attributes: 'x' }), /attributes must be an object, and was a string/],
    [person('a', { zone: '' }), /zone must be a time zone/],
    [person('a', { zone: 'Europe/Berlino' }), /zone must be a time zone/],
    [person('a', { locale: 5 }), /locale must be a text of 1 to 256 bytes, and was a number/],
    [person('a', { groups: 'staff' }), /groups must be a list of names/],
    [person('a', { groups: ['staff', ''] }), /groups must be a list of names/],
    [person('a', { devices: [1] }), /devices must be a list of objects/],
    [person('a', { adresses: {} }), /there is no option 'adresses'\. Did you mean 'addresses'\?/],
  ])('refuses %o', async (given, text) => {
    const { recipients } = await setUp()
    const list = [given as BookRecipient<object>]
    const said = await problem(async () => recipients.upsert(list))
    expect(said).toContain('REACH_RECIPIENT_INVALID: ')
    expect(said.replace('REACH_RECIPIENT_INVALID: ', '')).toMatch(text)
    for (const secret of ['ann@', '151', '\ud83d']) expect(said).not.toContain(secret)
    expect(await recipients.count()).toBe(0)
  })

  it.each([[undefined], [person('a')], ['a'], [7]])('refuses %o in place of a list', async (given) => {
    const { recipients } = await setUp()
    const text = await problem(async () => recipients.upsert(given as never))
    expect(text).toContain('REACH_RECIPIENT_INVALID: upsert() takes a list of recipients')
  })

  it.each([[{ batch: 0 }], [{ batch: 5_001 }], [{ progress: 1 }], [{ signal: 1 }], [{ tenant: '' }], [{ bach: 5 }]])(
    'refuses the option %o',
    async (options) => {
      const { recipients } = await setUp()
      expect(await problem(async () => recipients.upsert([], options as never))).toContain('REACH_OPTION_INVALID')
    },
  )
})

describe('recipients: reading', () => {
  it('gets, removes, and tells tenants apart', async () => {
    const { recipients } = await setUp()
    await recipients.upsert([person('a'), person('b')])
    await recipients.upsert([person('a', { locale: 'de' })], { tenant: 'other' })
    expect(await recipients.get('a')).toEqual(person('a'))
    expect(await recipients.get('a', { tenant: 'other' })).toEqual(person('a', { locale: 'de' }))
    expect(await recipients.get('c')).toBeUndefined()
    expect(await recipients.remove(['a', 'a', 'c'])).toBe(1)
    expect(await recipients.remove('b')).toBe(1)
    expect(await recipients.count()).toBe(0)
    expect(await recipients.count(undefined, { tenant: 'other' })).toBe(1)
    expect((await recipients.list({ tenant: 'other' })).recipients.map(({ id }) => id)).toEqual(['a'])
  })

  it('removes more than a store takes at once', async () => {
    const asked: number[] = []
    const { recipients } = await setUp((real) => ({
      remove: async (tenant, ids) => {
        asked.push(ids.length)
        return real.remove(tenant, ids)
      },
    }))
    const all = people(1_200)
    await recipients.upsert(all)
    expect(await recipients.remove(all.map(({ id }) => id))).toBe(1_200)
    expect(asked).toEqual([500, 500, 200])
  })

  it('refuses what is no id', async () => {
    const { recipients } = await setUp()
    expect(await problem(async () => recipients.get(7 as never))).toContain('REACH_OPTION_INVALID')
    expect(await problem(async () => recipients.get(['a'] as never))).toContain('REACH_OPTION_INVALID')
    expect(await problem(async () => recipients.remove(['a', ''] as never))).toContain('REACH_OPTION_INVALID')
    expect(await problem(async () => recipients.list({ limit: 0 }))).toContain('REACH_OPTION_INVALID')
    expect(await problem(async () => recipients.list({ segment: { all: 1 } as never }))).toContain(
      'REACH_SEGMENT_INVALID',
    )
    expect(await problem(async () => recipients.count({ all: 1 } as never))).toContain('REACH_SEGMENT_INVALID')
  })

  /** A store that answers no segment by itself, and counts nothing. */
  const unable = (real: Book): Partial<Book> => ({ ...unjudging(real), count: async () => undefined })

  it.each([
    ['which judges', () => ({})],
    ['which does not', unable],
  ])('lists and counts a segment of a store %s', async (_, change) => {
    const { book, recipients } = await setUp(change)
    await recipients.upsert(people(3_000))
    await book.record('shop', [{ recipient: 'u000007', name: 'paid', at: now - 1_000, id: '1' }])
    const { all, any, attribute, did, group, received } = where
    expect(await recipients.count()).toBe(3_000)
    expect(await recipients.count(group('rare'))).toBe(30)
    expect(await recipients.count(all(group('rare'), attribute('index').below(1_000)))).toBe(10)
    expect(await recipients.count(did('paid', { within: '1s' }))).toBe(1)
    expect(await recipients.count(received())).toBe(0)
    expect(await recipients.count(JSON.parse('{"event":"paid","within":"1d"}'))).toBe(1)
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await recipients.list({
        segment: any(group('rare'), did('paid')),
        limit: 7,
        ...(after !== undefined && { after }),
      })
      expect(page.recipients.length).toBe(seen.length < 28 ? 7 : 3)
      seen.push(...page.recipients.map(({ id }) => id))
      after = page.next
      if (after === undefined) break
    }
    expect(seen).toEqual(
      people(3_000)
        .filter((_one, index) => index === 7 || index % 100 === 0)
        .map(({ id }) => id),
    )
  })

  it('answers a short page where a segment is rare, and goes on from there', async () => {
    const { recipients } = await setUp(unable)
    await recipients.upsert([...people(25_000), person('z', { groups: ['last'] })])
    const segment = where.group('last')
    const first = await recipients.list({ segment })
    expect(first).toEqual({ recipients: [], next: 'u019049' })
    const second = await recipients.list({ segment, after: 'u019049' })
    expect(second).toEqual({ recipients: [person('z', { groups: ['last'] })], next: undefined })
  })

  it('says where the store has no book', async () => {
    const recipients = createRecipients(() => ({ book: undefined, history: {}, tenant: 'shop', now: () => now }))
    for (const call of [
      async () => recipients.upsert([]),
      async () => recipients.get('a'),
      async () => recipients.remove('a'),
      async () => recipients.list(),
      async () => recipients.count(),
    ])
      expect(await problem(call)).toContain('REACH_BOOK_MISSING')
  })
})

describe('bookDirectory', () => {
  const context = { tenant: 'shop', signal: new AbortController().signal }

  it('tells recipients, and the members of groups', async () => {
    const { book, recipients } = await setUp()
    await recipients.upsert([
      ...people(2_500),
      person('a', { groups: ['staff', 'rare'] }),
      person('b', { groups: ['staff'] }),
    ])
    await recipients.upsert([person('c', { groups: ['staff'] })], { tenant: 'other' })
    const directory = bookDirectory(book)
    expect(await directory.recipients(['b', 'nobody'], context)).toEqual([person('b', { groups: ['staff'] })])
    expect(await directory.members(['staff'], context)).toEqual(['a', 'b'])
    expect(await directory.members(['staff', 'rare', 'nobody'], context)).toHaveLength(27)
    expect(await directory.members([], context)).toEqual([])
    const many = [...Array.from({ length: 250 }, (_, index) => `g${index}`), 'staff']
    expect(await directory.members(many, context)).toEqual(['a', 'b'])
  })

  it('tells members apart where the store cannot, and stops when it is told to', async () => {
    const { book, recipients } = await setUp(unjudging)
    await recipients.upsert(people(2_500))
    const directory = bookDirectory(book)
    expect(await directory.members(['rare'], context)).toHaveLength(25)
    const signal = AbortSignal.abort(new Error('stopping'))
    await expect(directory.members(['rare'], { tenant: 'shop', signal })).rejects.toThrow('stopping')
  })
})

function fail(): never {
  throw new Error('no')
}
