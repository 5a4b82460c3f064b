import type { Cargo, ClaimGranted, Envelope } from '../spec/index.js'
import { KnownTasks } from './known-tasks.js'
import { mayRun } from './may-run.js'
import { OpenAudiences } from './open-audiences.js'
import type { TaskContext } from './task-context.js'
import { TaskTable } from './task-table.js'
import { Watermark } from './watermark.js'
import { workOnFiring } from './work-on-firing.js'
import { workOnRun } from './work-on-run.js'
import type { RunWork } from './run-work.js'

/** However long messages have to wait, it is looked after this long whether their task was edited or cancelled. */
const lookMs = 600_000

/** What becomes of an envelope of messages that are a run's: they are sent, come again, or are cancelled. */
export type Admission = 'go' | 'cancel' | { readonly until: number }

/** The part of a worker that is about tasks: firings, pages of runs, and whether messages of a run may go out now. */
export class TaskRunner {
  readonly #work: RunWork

  constructor(context: TaskContext) {
    const table = new TaskTable(context)
    this.#work = {
      context,
      table,
      known: new KnownTasks(table, context),
      audiences: new OpenAudiences(context),
      watermark: new Watermark(context.ledger, context.storeNow),
      tallies: new Map(),
      failures: new Map(),
      counts: new Map(),
    }
  }

  /** Works on a firing or a run. Answers when it is to come again; undefined where it is done with. */
  work(
    envelope: Envelope,
    cargo: Exclude<Cargo, { kind: 'messages' }>,
    claim: ClaimGranted,
  ): Promise<number | undefined> {
    return cargo.kind === 'firing'
      ? workOnFiring(cargo, envelope, claim, this.#work)
      : workOnRun(cargo.run, envelope, claim, this.#work)
  }

  /** Asked for each envelope of a run before anything of it is begun. */
  async admit(run: string): Promise<Admission> {
    const { known, context } = this.#work
    const task = await known.ofRun(run)
    // What it was a task of is gone: its messages are as any others.
    if (task === undefined) return 'go'
    const { definitions, approvals } = context.options
    const now = context.storeNow()
    const permission = mayRun(task, definitions.get(task.message), now, approvals)
    if (permission.kind === 'go') return 'go'
    return permission.kind === 'end' ? 'cancel' : { until: Math.min(permission.until, now + lookMs) }
  }

  close(): void {
    this.#work.audiences.closeAll()
  }
}
