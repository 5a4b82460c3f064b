import { createYielder } from '../../yielding/index.js'
import type {
  AudienceItem,
  AudiencePage,
  AudiencePageRequest,
  AudienceReject,
  AudienceSource,
} from '../../spec/index.js'
import type { FilePlan } from '../plan.js'
import { inZones, zonesByReading } from '../zones.js'
import type { Place } from './cut-records.js'
import { fileChanged } from './file-error.js'
import { cursorOf, placeOf } from './file-cursor.js'
import { FileGuard } from './file-guard.js'
import type { FileSystem } from './file-system.js'
import { type ReadRows, rowsReaderOf } from './read-rows.js'
import { RecordReader, type Row } from './record-reader.js'

/** Rows between two looks at the clock. */
const stretch = 100

/**
 * A CSV or NDJSON file that is read by pages. The first page hashes the whole file; each page looks afterwards whether
 * size or time moved, so that what it answers is of the file that the plan was made of.
 */
export class FileSource implements AudienceSource {
  readonly #plan: FilePlan
  readonly #guard: FileGuard
  readonly #reader: RecordReader
  readonly #readRows: ReadRows
  /** There with a column of zones. */
  readonly zones?: () => Promise<readonly (string | null)[]>

  constructor(plan: FilePlan, files: FileSystem, signal: AbortSignal) {
    this.#plan = plan
    this.#guard = new FileGuard(files, plan.path, plan.stamp, signal)
    this.#reader = new RecordReader(files, { ...plan, size: plan.stamp.size })
    this.#readRows = rowsReaderOf(plan)
    if (plan.roles.zone !== undefined) this.zones = () => zonesByReading(this, signal)
  }

  /** @throws ReachError `REACH_AUDIENCE_CHANGED`, `REACH_AUDIENCE_GONE`, `REACH_AUDIENCE_FAILED`. */
  async page({ cursor, limit, zones }: AudiencePageRequest): Promise<AudiencePage> {
    const { stamp } = this.#plan
    const place = await this.#placeOf(cursor)
    const batch = await this.#reader.read(place, limit)
    const page = await this.#read(batch.rows)
    await this.#guard.check()
    const next = batch.next.offset === stamp.size ? undefined : cursorOf(batch.next, stamp)
    return inZones({ ...page, next }, zones)
  }

  async #placeOf(cursor: string): Promise<Place> {
    const { path, stamp, start } = this.#plan
    if (cursor === '') {
      await this.#guard.verify()
      return { ...start, skipping: false }
    }
    const place = placeOf(cursor, stamp)
    if (place === undefined) throw fileChanged(path)
    return place
  }

  async #read(rows: readonly Row[]): Promise<{ items: AudienceItem[]; rejects: AudienceReject[] }> {
    const yielder = createYielder(performanceClock)
    const [items, rejects]: [AudienceItem[], AudienceReject[]] = [[], []]
    for (let start = 0; start < rows.length; start += stretch) {
      const slice = rows.slice(start, start + stretch)
      for (const [index, read] of (await this.#readRows(slice)).entries()) {
        if (typeof read === 'string') rejects.push({ line: slice[index]?.line ?? 0, reason: read })
        else items.push(read)
      }
      if (yielder.shouldYield()) await yielder.yieldTurn()
    }
    return { items, rejects }
  }
}

const performanceClock = { monotonic: () => performance.now() }
