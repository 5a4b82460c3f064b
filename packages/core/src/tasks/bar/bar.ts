import type { TaskProgress, TaskReport } from '../types.js'

/** How a task is shown while it goes on. */
export interface ProgressBar {
  draw(progress: TaskProgress): void
  /** Gives the terminal back, with a line of what came of the task where that is known. More calls change nothing. */
  stop(report?: TaskReport): void
}

/** Where progress is shown: `process.stderr`, or what looks like it. */
export interface BarStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}
