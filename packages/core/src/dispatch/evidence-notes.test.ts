import { virtualClock } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { noProgress } from '../route/progress.js'
import { sent } from '../spec/index.js'
import type { Evidence, EvidenceOf } from './evidence.js'
import { EvidenceNotes } from './evidence-notes.js'

const leg = { state: 'sent', attempts: 1 } as const
const evidence: Evidence = { apply: (progress) => ({ ...progress, legs: { lamp: leg } }), events: () => [] }
const about = (...ids: string[]): EvidenceOf => new Map(ids.map((id) => [id, [evidence]]))

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index))

/** Notes over messages that are being sent for ever; `resolve` may be another one. */
function setUp(resolve = async (asked: EvidenceOf): Promise<readonly string[]> => [...asked.keys()]) {
  const clock = virtualClock()
  const stop = new AbortController()
  /** How many messages each warning says that something was dropped of. */
  const dropped: unknown[] = []
  const warn = (fields: Readonly<Record<string, unknown>>, text: string): void => {
    if (text.includes('dropped')) dropped.push(fields.messages)
  }
  const logger = { debug() {}, info() {}, error() {}, warn }
  const asked: string[][] = []
  const notes = new EvidenceNotes({
    clock,
    logger,
    stopping: stop.signal,
    resolve: async (each) => {
      asked.push([...each.keys()])
      return resolve(each)
    },
  })
  return { clock, stop, dropped, asked, notes }
}

describe('EvidenceNotes', () => {
  it('looks ever more seldom, and gives up after a quarter of an hour.', async () => {
    const { clock, notes, asked, dropped } = setUp()
    notes.follow(about('a'))
    await clock.advance('20m')
    expect(asked.length).toBeGreaterThan(150)
    expect(asked.length).toBeLessThan(200)
    expect(dropped).toEqual([1])
  })

  it('keeps no more than ten thousand messages that are being sent: the oldest go, and it says how many.', async () => {
    const { clock, notes, asked, dropped } = setUp()
    notes.follow(about(...numbers(10_600)))
    await clock.advance(1)
    // Each is asked about as it comes; then those that are kept, and no others.
    expect(asked.flat().slice(0, 10_600)).toEqual(numbers(10_600))
    expect(asked.flat().slice(10_600, 20_600)).toEqual(numbers(10_600).slice(600))
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(500)
    expect(dropped).toEqual([600])
  })

  for (const how of ['bring', 'follow'] as const) {
    it(`drops nothing of messages that are not being sent, however many (${how}).`, async () => {
      const { clock, notes, asked, dropped } = setUp(async () => [])
      await notes[how](about(...numbers(12_000)))
      await clock.advance('1s')
      expect(asked.flat()).toEqual(numbers(12_000))
      expect(dropped).toEqual([])
    })
  }

  it('keeps what is brought while a store is away, and tells whoever brought it.', async () => {
    let away = true
    const { clock, notes, asked, dropped } = setUp(async () => {
      if (away) throw new Error('away')
      return []
    })
    await expect(notes.bring(about(...numbers(10_050)))).rejects.toThrow('away')
    expect(dropped).toEqual([50])
    away = false
    asked.splice(0)
    await clock.advance('1m')
    expect(asked.flat()).toEqual(numbers(10_050).slice(50))
  })

  it('asks by all that is known of a message, whoever brought it.', async () => {
    const known: number[] = []
    let sending = true
    const { clock, notes } = setUp(async (each) => {
      known.push(each.get('a')?.length ?? 0)
      return sending ? ['a'] : []
    })
    notes.follow(about('a'))
    await clock.advance(10)
    sending = false
    await notes.bring(about('a'))
    expect(known.at(-1)).toBe(2)
    const tries = known.length
    await clock.advance('1m')
    expect(known.length).toBe(tries)
  })

  it('judges what is being sent by evidence that was just brought.', async () => {
    const { clock, notes } = setUp()
    notes.follow(about('a'))
    await clock.advance(1)
    const lamp = { channel: { name: 'lamp' }, outcome: undefined }
    const journey = { message: { id: 'a' }, attempts: [lamp], events: [], progress: noProgress }
    notes.judge(journey, 0)
    expect(lamp.outcome).toEqual(sent())
  })

  it('asks a store again that was away.', async () => {
    let away = true
    const { clock, notes, asked } = setUp(async () => {
      if (away) throw new Error('away')
      return []
    })
    notes.follow(about('a'))
    await clock.advance('1s')
    away = false
    await clock.advance('10s')
    const tries = asked.length
    await clock.advance('1m')
    expect(asked.length).toBe(tries)
  })

  it('loses nothing that comes while it asks about the same message.', async () => {
    const known: number[] = []
    const { clock, notes } = setUp(async (each) => {
      known.push(each.get('a')?.length ?? 0)
      // The second look, by the notes: more is noted before it ends.
      if (known.length === 2) {
        notes.follow(about('a'))
        await Promise.resolve()
      }
      return known.length <= 3 ? ['a'] : []
    })
    notes.follow(about('a'))
    await clock.advance('10s')
    expect(known.slice(0, 2)).toEqual([1, 1])
    expect(Math.max(...known)).toBe(2)
    expect(known.at(-1)).toBe(2)
  })

  it('ends with the process, which waits for the call that is in flight only.', async () => {
    const { clock, notes, stop, asked } = setUp()
    notes.follow(about('a'))
    await clock.advance('1s')
    stop.abort()
    await notes.close()
    const tries = asked.length
    await clock.advance('1m')
    expect(asked.length).toBe(tries)
  })

  it('is not looked at for other messages.', () => {
    const { notes } = setUp()
    notes.follow(about('a'))
    const journey = { message: { id: 'b' }, attempts: [], events: [], progress: noProgress }
    notes.judge(journey, 0)
    expect(journey.progress).toBe(noProgress)
  })
})
