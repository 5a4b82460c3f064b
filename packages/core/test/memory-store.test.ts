// What the conformance suites do not ask of the memory store: clocks that jump, bounds, and what it forgets.
import { memoryStore } from '@reachkit/core'
import type { NewMessage } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { createWorld } from './support/world.js'

const note: NewMessage = {
  type: 'note',
  version: 1,
  recipient: 'u1',
  inline: undefined,
  data: '{}',
  lane: 'P2',
  labels: {},
  sandbox: false,
  expires: undefined,
  digest: undefined,
}

async function setUp(options: Parameters<typeof memoryStore>[0] = {}) {
  const world = createWorld()
  const parts = await memoryStore(options).open(world.base)
  const accept = async (id: string, messages: readonly NewMessage[], due = 0) => {
    const positions = [...messages.keys()]
    const cargo = { kind: 'messages', parcel: id, positions, steps: positions.map(() => 0) } as const
    const entries = [{ id: `${id}-e`, lane: 'P2', due, weight: 1, cargo }] as const
    const [accepted] = await parts.ledger.accept([{ id, tenant: 't', messages, entries }])
    return { ids: accepted?.ids ?? [], envelopes: accepted?.envelopes ?? [] }
  }
  return { ...world, ...parts, accept }
}

describe('A clock that is set back', () => {
  it('loses nothing that was due at once.', async () => {
    const { ledger, clock, accept } = await setUp()
    const { envelopes, ids } = await accept('p', [note, note])
    clock.skew(-60_000)
    const [claim] = await ledger.claim({ envelopes, owner: 'w', leaseMs: 1_000 })
    if (claim?.status !== 'claimed') throw new Error(`not claimed: ${claim?.status}`)
    expect(claim.messages.length).toBe(2)
    const request = { entry: claim.entry, token: claim.token, leaseMs: 1_000, slice: 0, parcel: 'p' }
    const [begun] = await ledger.begin([{ ...request, positions: [0, 1], steps: [0, 0], attempting: ['', ''] }])
    expect(begun?.begun).toEqual([0, 1])
    expect((await ledger.get(ids))[0]?.due).toBe((await ledger.get(ids))[0]?.acceptedAt)
  })

  it('hands out nothing before it is due, and all of it then.', async () => {
    const { pool, clock, accept } = await setUp()
    const { envelopes } = await accept('p', [note], clock.now() + 10_000)
    await pool?.push(envelopes)
    const waiting = pool?.consume('P2').next(1, new AbortController().signal)
    let got = 0
    void waiting?.then((taken) => (got = taken.length))
    clock.skew(-5_000)
    await clock.advance('14s')
    expect(got).toBe(0)
    await clock.advance('2s')
    expect(got).toBe(1)
  })
})

describe('Results that are not taken', () => {
  it('leave no entry behind.', async () => {
    const { ledger, accept } = await setUp()
    const { envelopes, ids } = await accept('p', [note, note])
    const [claim] = await ledger.claim({ envelopes, owner: 'w', leaseMs: 1_000 })
    if (claim?.status !== 'claimed') throw new Error('not claimed')
    await ledger.cancel([ids[0] ?? ''])
    const to = { state: 'waiting', due: 5, reason: { code: 'x' } } as const
    const [answer] = await ledger.settle([
      {
        entry: claim.entry,
        token: claim.token,
        parcel: 'p',
        finish: true,
        results: [0, 1].map((position) => ({ position, step: 0, to, events: [] })),
        entries: [
          {
            id: 'again',
            lane: 'P2',
            due: 5,
            weight: 1,
            cargo: { kind: 'messages', parcel: 'p', positions: [0, 1], steps: [1, 1] },
          },
        ],
      },
    ])
    expect(answer?.settled).toEqual([1])
    const [entry] = await ledger.pending({}, 10)
    expect(entry?.cargo).toMatchObject({ positions: [1], steps: [1] })
  })
})

describe('Bounds', () => {
  it('Beyond keepDone the oldest that are done are forgotten, before their retention.', async () => {
    const { ledger, accept } = await setUp({ keepDone: 10 })
    const done: string[] = []
    for (let index = 0; index < 30; index += 1) {
      const { ids } = await accept(`p${index}`, [note])
      await ledger.cancel(ids)
      done.push(...ids)
    }
    while ((await ledger.sweep(1_000)).more) continue
    const kept = (await ledger.get(done)).map((record) => record !== undefined)
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(10)
    expect(kept.at(-1)).toBe(true)
  })

  it('Beyond maxDigests the oldest keys go first, with one warning.', async () => {
    const { accept, lines, clock } = await setUp({ maxDigests: 5 })
    for (let index = 0; index < 20; index += 1) {
      await accept(`p${index}`, [{ ...note, digest: `digest ${index}` }])
      await clock.advance(1)
    }
    expect((await accept('again', [{ ...note, digest: 'digest 19' }])).ids).toEqual(['p19.0'])
    expect((await accept('old', [{ ...note, digest: 'digest 0' }])).ids).toEqual(['old.0'])
    expect(lines.filter(({ level }) => level === 'warn').length).toBe(1)
  })

  it("A provider's own ids are found with and without its name, and forgotten with their message.", async () => {
    const { ledger, history, accept, clock } = await setUp({ retention: '1s' })
    const { ids } = await accept('p', [note])
    await ledger.note([{ id: ids[0] ?? '', events: [{ step: 0, kind: 'sent', provider: 'acme', providerId: 'x1' }] }])
    expect(await history.find('acme', ['x1', 'x2'])).toEqual([ids[0], undefined])
    expect(await history.find(undefined, ['x1'])).toEqual([ids[0]])
    expect(await history.find('other', ['x1'])).toEqual([undefined])
    await ledger.cancel(ids)
    await clock.advance('2s')
    await ledger.sweep(100)
    expect(await history.find('acme', ['x1'])).toEqual([undefined])
  })
})

describe('The book', () => {
  const day = 86_400_000
  const events = (count: number, at: number, name = 'paid') =>
    Array.from({ length: count }, (_, index) => ({ recipient: 'u1', name, at, id: `${name}-${at}-${index}` }))

  it('keeps what was done for as long as it was told, and forgets it when much has come since.', async () => {
    const { book, clock } = await setUp({ eventsFor: '2d' })
    if (book === undefined) throw new Error('the memory store has a book')
    const first = clock.now()
    await book.record('t', events(1, first))
    await clock.advance(2 * day)
    await book.record('t', events(5_000, clock.now(), 'left'))
    await book.record('t', events(5_000, clock.now() - 1, 'left'))
    expect(await book.events('t', 'paid', ['u1'], 0)).toEqual([1])
    await clock.advance(1)
    for (const name of ['a', 'b']) await book.record('t', events(5_000, clock.now(), name))
    expect(await book.events('t', 'paid', ['u1'], 0)).toEqual([0])
    expect(await book.events('t', 'left', ['u1'], 0)).toEqual([10_000])
  })

  it('takes a segment of a large book without holding the event loop.', async () => {
    const { base } = createWorld()
    const clock = { ...base.clock, monotonic: () => performance.now() }
    const { book } = await memoryStore().open({ ...base, clock })
    if (book === undefined) throw new Error('the memory store has a book')
    await book.upsert(
      't',
      Array.from({ length: 5_000 }, (_, index) => ({ id: `u${index}`, addresses: {} })),
    )
    const parts = Array.from({ length: 150 }, (_, at) => ({ attribute: `a${at}`, is: at }))
    let turns = 0
    const turning = new AbortController()
    const turn = (): void => {
      turns += 1
      if (!turning.signal.aborted) setImmediate(turn)
    }
    turn()
    const counted = await book.count({ tenant: 't', segment: { not: { any: parts } }, now: 0 })
    turning.abort()
    expect(counted).toBe(5_000)
    // 750,000 looks, of which a turn takes some thousand.
    expect(turns).toBeGreaterThan(10)
  })
})
