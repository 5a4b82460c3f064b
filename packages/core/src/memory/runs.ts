import type { RunRecord } from '../spec/index.js'
import type { Parcel } from './parcel.js'

/** A run, with its parcels. */
interface Kept {
  record: RunRecord
  /** The ids of its parcels, sorted. Some of them may be forgotten. */
  readonly parcels: string[]
  /** Those that are done, and stay for as long as the run is not. */
  finished: Parcel[]
}

/** The runs that the memory ledger keeps, by id, and by task and key. */
export class Runs {
  readonly #runs = new Map<string, Kept>()
  readonly #byTask = new Map<string, Map<string, string>>()

  get(id: string): RunRecord | undefined {
    return this.#runs.get(id)?.record
  }

  has(task: string, key: string): boolean {
    return this.#byTask.get(task)?.has(key) === true
  }

  ofTask(task: string): RunRecord[] {
    const ids = [...(this.#byTask.get(task)?.values() ?? [])]
    return ids.flatMap((id) => this.get(id) ?? [])
  }

  add(record: RunRecord): void {
    this.#runs.set(record.id, { record, parcels: [], finished: [] })
    const keys = this.#byTask.get(record.task) ?? new Map<string, string>()
    this.#byTask.set(record.task, keys.set(record.key, record.id))
  }

  /** Where it stands now; of one that is done, answers the parcels that stayed for it. */
  move(record: RunRecord): readonly Parcel[] {
    const kept = this.#runs.get(record.id)
    if (kept === undefined) return []
    kept.record = record
    if (!record.done) return []
    const { finished } = kept
    kept.finished = []
    return finished
  }

  remove({ id, task, key }: RunRecord): void {
    this.#runs.delete(id)
    const keys = this.#byTask.get(task)
    keys?.delete(key)
    if (keys?.size === 0) this.#byTask.delete(task)
  }

  addParcel(run: string, parcel: string): void {
    const parcels = this.#runs.get(run)?.parcels
    parcels?.splice(placeBehind(parcels, parcel), 0, parcel)
  }

  /** The ids of its parcels behind one of them. */
  *parcels(run: string, after: string): Iterable<string> {
    const parcels = this.#runs.get(run)?.parcels ?? []
    for (let place = placeBehind(parcels, after); place < parcels.length; place += 1) yield parcels[place] ?? ''
  }

  /** Keeps a parcel that is done until its run is; false where it need not. */
  keep(parcel: Parcel): boolean {
    const kept = parcel.run === undefined ? undefined : this.#runs.get(parcel.run)
    if (kept === undefined || kept.record.done) return false
    kept.finished.push(parcel)
    return true
  }
}

/** The place of the first that is greater. */
function placeBehind(sorted: readonly string[], id: string): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? '') <= id) from = middle + 1
    else to = middle
  }
  return from
}
