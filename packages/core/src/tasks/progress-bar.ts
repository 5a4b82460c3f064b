import type { Clock } from '../spec/index.js'
import type { BarStream, ProgressBar } from './bar/bar.js'
import { inLines } from './bar/in-lines.js'
import { onTerminal } from './bar/on-terminal.js'

/**
 * Draws the progress of a task on standard error, so that standard output stays that of the program: a bar on a
 * terminal; a line at each tenth part, or every ten seconds, where it is none.
 */
export async function progressBar(
  number: string,
  clock: Pick<Clock, 'monotonic'>,
  stream: BarStream = process.stderr,
): Promise<ProgressBar> {
  return stream.isTTY === true ? onTerminal(number, clock, stream) : inLines(number, clock, stream)
}
