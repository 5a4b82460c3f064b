import { virtualClock } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { noProgress } from '../route/progress.js'
import type { Evidence, EvidenceOf } from './evidence.js'
import { EvidenceNotes } from './evidence-notes.js'

const evidence: Evidence = { apply: (progress) => ({ ...progress, reroutes: 1 }), events: () => [] }
const about = (...ids: string[]): EvidenceOf => new Map(ids.map((id) => [id, [evidence]]))

/** Notes over messages that are being sent for ever; `resolve` may be another one. */
function setUp(resolve = async (asked: EvidenceOf): Promise<readonly string[]> => [...asked.keys()]) {
  const clock = virtualClock()
  const stop = new AbortController()
  const warnings: string[] = []
  const logger = { debug() {}, info() {}, error() {}, warn: (_fields: object, text: string) => warnings.push(text) }
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
  return { clock, stop, warnings, asked, notes }
}

describe('EvidenceNotes', () => {
  it('looks ever more seldom, and gives up after a quarter of an hour.', async () => {
    const { clock, notes, asked, warnings } = setUp()
    notes.follow(about('a'))
    await clock.advance('20m')
    expect(asked.length).toBeGreaterThan(150)
    expect(asked.length).toBeLessThan(200)
    expect(warnings.some((text) => text.includes('dropped'))).toBe(true)
  })

  it('keeps no more than ten thousand messages: the oldest go, and it says so.', async () => {
    const { clock, notes, asked, warnings } = setUp()
    notes.follow(about(...Array.from({ length: 10_050 }, (_, index) => String(index))))
    await clock.advance(1)
    expect(asked[0]?.length).toBe(10_000)
    expect(asked[0]?.[0]).toBe('50')
    expect(warnings).toHaveLength(1)
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
      if (known.length === 1) notes.follow(about('a'))
      return []
    })
    notes.follow(about('a'))
    await clock.advance('10s')
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
