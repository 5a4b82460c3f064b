import { describe, expect, it } from 'vitest'
import type { BarStream } from './bar/bar.js'
import { progressBar } from './progress-bar.js'
import type { TaskProgress, TaskReport } from './types.js'

function setUp(stream: Partial<BarStream>) {
  const clock = { at: 0, monotonic: () => clock.at }
  const written: string[] = []
  const target = { ...stream, write: (text: string) => written.push(text) }
  return { clock, written, target, open: async () => progressBar('spring', clock, target) }
}

function progress(settled: number, given: Partial<TaskProgress> = {}): TaskProgress {
  const messages = { sent: settled - 3, rejected: 2, held: 1 }
  const rest = { read: settled, rejects: 0, perSecond: undefined, leftMs: undefined }
  return { state: 'running', total: 20_000, settled, messages, ...rest, ...given }
}

const report: TaskReport = {
  ...progress(20_000, { state: 'done', rejects: 4 }),
  number: 'spring',
  runs: [],
  startedAt: new Date(0),
  endedAt: new Date(75_000),
  why: undefined,
}
const reportLine = 'spring: done in 1:15; of 20,000: 19,997 sent, 2 rejected, 1 held; 4 rows refused\n'

describe('On a terminal', () => {
  /** What stands on the line that was drawn last. */
  const shown = (written: readonly string[]): string =>
    written.join('').split('\u001B[1G').at(-1)?.split('\u001B')[0] ?? ''

  it('one line says how far it is, and a bar takes the room that is left', async () => {
    const { clock, written, open } = setUp({ isTTY: true, columns: 140 })
    const bar = await open()
    bar.draw(progress(4_000))
    expect(shown(written)).toBe(
      `${'█'.repeat(8)}${'░'.repeat(32)}  spring  running   20%  4,000 of 20,000  sent 3,997  rejected 2  held 1`,
    )
    clock.at = 2_000
    bar.draw(progress(6_000))
    expect(shown(written)).toContain('30%  6,000 of 20,000  sent 5,997  rejected 2  held 1  1,000/s  0:14 left')
    bar.stop()
  })

  it('the speed is that of the last seconds', async () => {
    const { clock, written, open } = setUp({ isTTY: true, columns: 140 })
    const bar = await open()
    for (const [at, settled] of [
      [0, 0],
      [250, 9_000],
      [5_000, 9_000],
      [6_000, 10_000],
      [10_500, 14_500],
      [11_000, 15_000],
    ] as const) {
      clock.at = at
      bar.draw(progress(settled))
    }
    expect(shown(written)).toContain('  1,000/s  0:05 left')
    bar.stop()
  })

  it.each([120, 80, 60, 40, 25, 10, 3])(
    'at a width of %i it stays within it, and keeps what matters most',
    async (columns) => {
      const { clock, written, open } = setUp({ isTTY: true, columns })
      const bar = await open()
      bar.draw(progress(4_000))
      clock.at = 2_000
      bar.draw(progress(6_000))
      expect(shown(written).length).toBeLessThan(columns)
      if (columns >= 10) expect(shown(written)).toContain('30%')
      if (columns >= 40) expect(shown(written)).toMatch(/[█░]{10,40} {2}spring/)
      bar.stop()
    },
  )

  it('follows a terminal that becomes narrower', async () => {
    const { written, target, open } = setUp({ isTTY: true, columns: 140 })
    const bar = await open()
    bar.draw(progress(4_000))
    Object.assign(target, { columns: 50 })
    bar.draw(progress(5_000))
    expect(shown(written).length).toBeLessThan(50)
    bar.stop()
  })

  it('says what is settled where nobody knows how much there is, without a bar', async () => {
    const { written, open } = setUp({ isTTY: true, columns: 100 })
    const bar = await open()
    bar.draw(progress(4_000, { total: undefined, state: 'paused' }))
    expect(shown(written)).toBe('spring  paused  4,000  sent 3,997  rejected 2  held 1')
    bar.stop()
  })

  it('hides the cursor and gives it back, once, with a line of the report', async () => {
    const { written, open } = setUp({ isTTY: true, columns: 80 })
    const bar = await open()
    bar.draw(progress(1))
    expect(written.join('')).toContain('\u001B[?25l')
    expect(written.join('')).not.toContain('\u001B[?25h')
    bar.stop(report)
    bar.stop(report)
    bar.draw(progress(2))
    expect(written.join('').split('\u001B[?25h')).toHaveLength(2)
    expect(written.at(-1)).toBe(reportLine)
  })

  it('leaves the cursor where the program has printed to meanwhile', async () => {
    const { written, open } = setUp({ isTTY: true, columns: 80 })
    const bar = await open()
    bar.draw(progress(1))
    bar.stop()
    for (const jump of ['\u001B7', '\u001B8']) expect(written.join('')).not.toContain(jump)
  })

  it('writes nothing where it was never drawn', async () => {
    const { written, open } = setUp({ isTTY: true, columns: 80 })
    const bar = await open()
    bar.stop()
    expect(written).toEqual([])
  })
})

describe('Where there is no terminal', () => {
  it('a plain line is written at each tenth part, at a new state, and every ten seconds', async () => {
    const { clock, written, open } = setUp({})
    const bar = await open()
    const draw = (at: number, settled: number, given?: Partial<TaskProgress>): number => {
      clock.at = at
      const before = written.length
      bar.draw(progress(settled, given))
      return written.length - before
    }
    expect(draw(0, 10)).toBe(1)
    expect(draw(250, 1_999)).toBe(0)
    expect(draw(500, 2_000)).toBe(1)
    expect(draw(750, 2_500)).toBe(0)
    expect(draw(1_000, 2_600, { state: 'paused' })).toBe(1)
    expect(draw(10_999, 2_600, { state: 'paused' })).toBe(0)
    expect(draw(11_000, 2_600, { state: 'paused' })).toBe(1)
    expect(written[1]).toBe(
      'spring  running   10%  2,000 of 20,000  sent 1,997  rejected 2  held 1  3,980/s  0:05 left\n',
    )
  })

  it('ends with a line of the report, without one escape', async () => {
    const { written, open } = setUp({ isTTY: false, columns: 20 })
    const bar = await open()
    bar.draw(progress(20_000, { state: 'done' }))
    bar.stop(report)
    bar.stop(report)
    expect(written).toHaveLength(2)
    expect(written[1]).toBe(reportLine)
    expect(written.join('')).not.toContain('\u001B')
  })
})
