import type { TaskProgress, TaskReport } from '../types.js'
import type { Speed } from './recent-speed.js'

/** A part of the line. Where the line is too narrow, those of the highest rank are left out first. */
interface Part {
  readonly text: string
  readonly rank: number
}

/** How much of a task is done, from 0 to 1; undefined where nobody knows how much there is. */
export function shareOf({ settled, total }: Pick<TaskProgress, 'settled' | 'total'>): number | undefined {
  if (total === undefined) return undefined
  return total === 0 ? 1 : Math.min(1, settled / total)
}

/** How far a task is, in so many characters at most: `spring  running  42%  420 of 1,000  sent 418  …`. */
export function progressText(number: string, progress: TaskProgress, speed: Speed, width: number = Infinity): string {
  return fitted(partsOf(number, progress, speed), width)
}

function partsOf(number: string, progress: TaskProgress, { perSecond, leftMs }: Speed): readonly Part[] {
  const { state, settled, total, messages } = progress
  const share = shareOf(progress)
  const { sent = 0, rejected = 0, held = 0 } = messages
  return [
    { text: number, rank: 1 },
    { text: state, rank: 2 },
    ...(share === undefined ? [] : [{ text: `${Math.floor(share * 100)}%`.padStart(4), rank: 0 }]),
    { text: total === undefined ? count(settled) : `${count(settled)} of ${count(total)}`, rank: 3 },
    { text: `sent ${count(sent)}`, rank: 6 },
    { text: `rejected ${count(rejected)}`, rank: 7 },
    { text: `held ${count(held)}`, rank: 8 },
    ...(perSecond === undefined ? [] : [{ text: `${count(Math.round(perSecond))}/s`, rank: 5 }]),
    ...(leftMs === undefined || state !== 'running' ? [] : [{ text: `${clockText(leftMs)} left`, rank: 4 }]),
  ]
}

function fitted(parts: readonly Part[], width: number): string {
  const text = parts.map((part) => part.text).join('  ')
  if (text.length <= width || parts.length < 2) return text.slice(0, width)
  const last = Math.max(...parts.map(({ rank }) => rank))
  return fitted(
    parts.filter(({ rank }) => rank < last),
    width,
  )
}

/** What came of a task: `spring: done in 0:12; of 1,000 997 sent, 3 rejected`. */
export function reportText({ number, state, messages, read, rejects, startedAt, endedAt, why }: TaskReport): string {
  const ended = startedAt === undefined || endedAt === undefined ? undefined : endedAt.getTime() - startedAt.getTime()
  const counts = Object.entries(messages).flatMap(([status, each]) => (each > 0 ? [`${count(each)} ${status}`] : []))
  const parts = [
    ...(read > 0 ? [`of ${count(read)}: ${counts.join(', ')}`] : []),
    ...(rejects > 0 ? [`${count(rejects)} rows refused`] : []),
    ...(why === undefined ? [] : [why]),
  ]
  return [`${number}: ${state}${ended === undefined ? '' : ` in ${clockText(ended)}`}`, ...parts].join('; ')
}

function count(value: number): string {
  return value.toLocaleString('en')
}

/** `0:07`, `12:30` or `1:02:03`. */
function clockText(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const rest = `${seconds % 60}`.padStart(2, '0')
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${`${minutes}`.padStart(2, '0')}:${rest}`
}
