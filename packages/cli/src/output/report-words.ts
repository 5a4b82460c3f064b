import type { TaskReport } from '@reachkit/core'
import type { Printer } from './printer.js'
import { instant, rowsOf, tallyText } from './rows.js'

const shownRuns = 10

export function reportWords(report: TaskReport, printer: Printer): string {
  const { number, state, why, read, rejects, messages, startedAt, endedAt, runs } = report
  const rows = rowsOf({
    task: number,
    state: printer.state(state),
    why,
    recipients: read.toLocaleString('en'),
    messages: tallyText(messages),
    'rows refused': rejects > 0 ? rejects.toLocaleString('en') : undefined,
    started: instant(startedAt),
    ended: instant(endedAt),
  })
  if (runs.length < 2) return rows
  const shown = runs.slice(0, shownRuns).map(({ key, messages: sums }) => `  ${key}  ${tallyText(sums)}`)
  return [rows, ...shown, ...(runs.length > shownRuns ? [`  and ${runs.length - shownRuns} runs before`] : [])].join(
    '\n',
  )
}
