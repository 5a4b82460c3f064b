import { Writable } from 'node:stream'
import type { Options, Params } from 'cli-progress'
import type { Clock } from '../../spec/index.js'
import type { TaskProgress } from '../types.js'
import type { BarStream, ProgressBar } from './bar.js'
import { RecentSpeed } from './recent-speed.js'
import type { Speed } from './recent-speed.js'
import { progressText, reportText, shareOf } from './words.js'

const leastBar = 10
const mostBar = 40

/**
 * A bar that is drawn over itself. Whatever ends the process gives the cursor back; Ctrl-C still ends it, unless the
 * program listens to that itself.
 */
export async function onTerminal(
  number: string,
  clock: Pick<Clock, 'monotonic'>,
  stream: BarStream,
): Promise<ProgressBar> {
  const { SingleBar, Format } = (await import('cli-progress')).default
  const { onExit } = await import('signal-exit')
  const format = (options: Options, { maxWidth }: Params, { progress, speed }: Shown): string =>
    lineOf(number, progress, speed, maxWidth - 1, (share, barsize) => Format.BarFormat(share, { ...options, barsize }))
  const chars = { barCompleteChar: '█', barIncompleteChar: '░', barsize: mostBar }
  const bar = new SingleBar({ stream: withoutJumps(stream), format, hideCursor: true, ...chars })
  const forget = onExit(() => bar.stop())
  const recent = new RecentSpeed(clock)
  let isOver = false
  return {
    draw(progress) {
      const shown: Shown = { progress, speed: recent.look(progress) }
      if (isOver) return
      if (!bar.isActive) return bar.start(1, 0, shown)
      bar.update(shown)
      bar.render()
    },
    stop(report) {
      if (isOver) return
      isOver = true
      forget()
      bar.stop()
      if (report !== undefined) stream.write(`${reportText(report)}\n`)
    },
  }
}

interface Shown {
  readonly progress: TaskProgress
  readonly speed: Speed
}

/** The words, and a bar in the room that is left; none where nobody knows how much there is. */
function lineOf(
  number: string,
  progress: TaskProgress,
  speed: Speed,
  width: number,
  drawn: (share: number, size: number) => string,
): string {
  const share = shareOf(progress)
  const room = Math.max(0, width)
  const roomForBar = share === undefined || room < 3 * leastBar ? 0 : leastBar + 2
  const words = progressText(number, progress, speed, room - roomForBar)
  if (share === undefined || roomForBar === 0) return words
  return `${drawn(share, Math.min(mostBar, room - words.length - 2))}  ${words}`
}

/**
 * The cursor is saved at the start and put back there at the end, over all that the program has printed meanwhile:
 * here it stays where it is.
 */
function withoutJumps(stream: BarStream): NodeJS.WritableStream {
  const jumps: readonly unknown[] = ['\u001B7', '\u001B8']
  const writes = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      if (!jumps.includes(text)) stream.write(text)
      done()
    },
  })
  return Object.defineProperties(writes, {
    isTTY: { value: true },
    columns: { get: () => stream.columns },
  })
}
