import type { Ledger, MessageStatus, RunParcel } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Clock } from '../spec/index.js'
import type { Tally } from './run-note.js'

const pageSize = 100

/** How the messages of a run stand, and the last parcel up to which all are done or held. */
export interface RunStanding {
  readonly tally: Tally
  /** Messages that wait or are being sent. */
  readonly open: number
}

/**
 * Counts how the messages of a run stand, from the truth. Once no more parcels are added it remembers what it found to be
 * done, so that the next look reads only what may have changed: the parcels from the first one that was not done.
 */
export class RunTally {
  readonly #ledger: Pick<Ledger, 'parcels'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #run: string
  #after: string | undefined
  #done: Counts = new Map()

  constructor(run: string, ledger: Pick<Ledger, 'parcels'>, clock: Pick<Clock, 'monotonic'>) {
    this.#run = run
    this.#ledger = ledger
    this.#clock = clock
  }

  /** `isWhole`: all of the audience was read. Before that, a parcel may come in the place before others. */
  async count(isWhole: boolean): Promise<RunStanding> {
    const counts: Counts = new Map()
    const yielder = createYielder(this.#clock)
    let after = this.#after
    const done: Counts = new Map(this.#done)
    let settled = isWhole
    for (;;) {
      const parcels = await this.#ledger.parcels(this.#run, { limit: pageSize, ...(after !== undefined && { after }) })
      for (const parcel of parcels) {
        if (yielder.shouldYield()) await yielder.yieldTurn()
        settled &&= parcel.statuses.every(isDone)
        add(settled ? done : counts, parcel)
        if (settled) this.#after = parcel.id
        after = parcel.id
      }
      if (parcels.length < pageSize) break
    }
    this.#done = done
    return standingOf([done, counts])
  }
}

type Counts = Map<MessageStatus | 'duplicate', number>

function isDone(status: MessageStatus | undefined): boolean {
  return status !== 'waiting' && status !== 'sending' && status !== 'held'
}

function add(counts: Counts, { statuses }: RunParcel): void {
  for (const status of statuses) {
    const key = status ?? 'duplicate'
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
}

function standingOf(each: readonly Counts[]): RunStanding {
  const tally: { [Status in MessageStatus | 'duplicate']?: number } = {}
  for (const counts of each) for (const [status, count] of counts) tally[status] = (tally[status] ?? 0) + count
  return { tally, open: (tally.waiting ?? 0) + (tally.sending ?? 0) }
}

/** Both together. */
export function sumOf(tallies: readonly Tally[]): Tally {
  return standingOf(tallies.map((tally) => new Map(Object.entries(tally)) as Counts)).tally
}
