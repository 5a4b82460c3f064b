import type { Ledger, RunRecord } from '../spec/index.js'
import type { Clock } from '../spec/index.js'
import { readNote } from './run-note.js'
import type { Tally } from './run-note.js'
import { RunTally } from './tally.js'
import { readPart } from './timetable.js'
import type { TaskRunView } from './types.js'

/** So many runs are told of. */
export const mostRuns = 1_000

/** Reads how the runs of a task stand, again and again: what is done is read once. */
export class RunViews {
  readonly #ledger: Ledger
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #tallies = new Map<string, RunTally>()

  constructor(ledger: Ledger, clock: Pick<Clock, 'monotonic'>) {
    this.#ledger = ledger
    this.#clock = clock
  }

  /** Newest first. */
  async read(task: string): Promise<readonly TaskRunView[]> {
    const views: TaskRunView[] = []
    for (const run of await this.#ledger.runs(task, { limit: mostRuns })) views.push(await this.#view(run))
    return views
  }

  /** Of one that has ended the messages are looked at anew as long as all are there: what was held may be known by now. */
  async #view(run: RunRecord): Promise<TaskRunView> {
    const { at, read, rejects, ended } = readNote(run.cursor)
    const { tally } = await this.#tallyOf(run.id).count(at === null)
    return {
      id: run.id,
      key: run.key,
      at: new Date(run.instant),
      zone: readPart(run.part)?.zone,
      read,
      rejects,
      messages: withDuplicates(
        ended === undefined || countOf(tally) >= countOf(ended.tally) ? tally : ended.tally,
        read,
      ),
      endedAt: ended === undefined ? undefined : new Date(ended.at),
      why: ended?.why,
    }
  }

  #tallyOf(run: string): RunTally {
    const known = this.#tallies.get(run) ?? new RunTally(run, this.#ledger, this.#clock)
    this.#tallies.set(run, known)
    return known
  }
}

function countOf({ duplicate: _duplicate, ...messages }: Tally): number {
  return Object.values(messages).reduce((sum, count) => sum + count, 0)
}

/** A parcel with nothing but duplicates leaves no trace: what was read and is nowhere else was one. */
function withDuplicates(tally: Tally, read: number): Tally {
  const { duplicate: _duplicate, ...messages } = tally
  const known = countOf(tally)
  return known < read ? { ...messages, duplicate: read - known } : messages
}
