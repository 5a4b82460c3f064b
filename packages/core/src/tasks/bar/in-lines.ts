import type { Clock } from '../../spec/index.js'
import type { TaskProgress } from '../types.js'
import type { BarStream, ProgressBar } from './bar.js'
import { RecentSpeed } from './recent-speed.js'
import { progressText, reportText, shareOf } from './words.js'

const everyMs = 10_000

/** Plain lines, for a log: at each tenth part, whenever the state changes, and every ten seconds. */
export function inLines(number: string, clock: Pick<Clock, 'monotonic'>, stream: BarStream): ProgressBar {
  const speed = new RecentSpeed(clock)
  let told: { readonly at: number; readonly mark: string } | undefined
  let isOver = false
  return {
    draw(progress) {
      const now = clock.monotonic()
      const recent = speed.look(progress)
      const mark = markOf(progress)
      if (isOver || (told?.mark === mark && now - told.at < everyMs)) return
      told = { at: now, mark }
      stream.write(`${progressText(number, progress, recent)}\n`)
    },
    stop(report) {
      if (!isOver && report !== undefined) stream.write(`${reportText(report)}\n`)
      isOver = true
    },
  }
}

function markOf(progress: TaskProgress): string {
  return `${progress.state} ${Math.floor((shareOf(progress) ?? 0) * 10)}`
}
