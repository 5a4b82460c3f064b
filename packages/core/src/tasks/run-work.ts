import type { KnownTasks } from './known-tasks.js'
import type { OpenAudiences } from './open-audiences.js'
import type { RunTally } from './tally.js'
import type { TaskContext } from './task-context.js'
import type { TaskTable } from './task-table.js'
import type { Watermark } from './watermark.js'

/** What the runs of this process share. */
export interface RunWork {
  readonly context: TaskContext
  readonly table: TaskTable
  readonly known: KnownTasks
  readonly audiences: OpenAudiences
  readonly watermark: Watermark
  /** Runs of which all is read, and since when they are looked at. */
  readonly tallies: Map<string, { readonly tally: RunTally; readonly since: number }>
  /** How often the audience of a run failed in a row. */
  readonly failures: Map<string, number>
  /** How many recipients a task that nobody reviewed has, by its number and revision. */
  readonly counts: Map<string, number>
}
