import { appendFile } from 'node:fs/promises'
import { parcelOf } from '../intake/parcels.js'
import type { Intake } from '../intake/parcels.js'
import type { MessageDefinition } from '../message/definition.js'
import { parcelLimit } from '../spec/index.js'
import type { AudiencePage, AudienceReject, AudienceSource, NewParcel, RunRecord } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Task } from './document.js'
import { paceOf, pageSizeOf } from './pace.js'
import { noteText, readNote } from './run-note.js'
import type { RunNote } from './run-note.js'
import type { TaskContext } from './task-context.js'
import { ItemDrafts } from './task-item.js'
import type { ZonePart } from './timetable.js'
import { zonesOf } from './zone-of-item.js'

/** So many pages go into one write. */
const pagesAtOnce = 4

export type PageResult =
  | { readonly kind: 'moved'; readonly cursor: string }
  /** The rate of the task has no room before then. */
  | { readonly kind: 'later'; readonly at: number }
  /** The task is not to go on by itself. */
  | { readonly kind: 'stop'; readonly why: string; readonly exceeded: boolean }
  /** Another process has moved the cursor. */
  | { readonly kind: 'lost' }

interface Drafts {
  readonly intakes: readonly Intake[]
  readonly rejects: readonly AudienceReject[]
  readonly next: string | undefined
}

/** Reads the next pages of a run's audience and accepts their messages, in one step with its cursor. */
export class RunPage {
  readonly #run: RunRecord
  readonly #task: Task
  readonly #source: AudienceSource
  readonly #part: ZonePart | undefined
  readonly #context: TaskContext
  readonly #drafts: ItemDrafts

  constructor(
    run: RunRecord,
    task: Task,
    definition: MessageDefinition,
    source: AudienceSource,
    part: ZonePart | undefined,
    context: TaskContext,
  ) {
    const { channels } = context.options
    const hasDirectory = context.people.directory !== undefined
    const to = { key: task.message, channels, hasDirectory }
    this.#run = run
    this.#task = task
    this.#source = source
    this.#part = part
    this.#context = context
    this.#drafts = new ItemDrafts(task, definition, to, run.instant)
  }

  /** Accepts at most so many pages. */
  async accept(room: number): Promise<PageResult> {
    const { rate } = this.#task
    let note = readNote(this.#run.cursor)
    const parcels: NewParcel[] = []
    const most = rate === undefined ? Math.min(room, pagesAtOnce) : 1
    let cursor = this.#run.cursor
    while (parcels.length < most && note.at !== null) {
      const drafts = await this.#readAfter(note.at, parcels.length > 0)
      if (drafts === undefined) break
      const over = this.#overLimit(note, drafts)
      if (over !== undefined) return parcels.length === 0 ? { kind: 'stop', ...over } : this.#write(parcels, cursor)
      const pace = await this.#pace(drafts.intakes.length)
      if ('wait' in pace) return { kind: 'later', at: pace.wait }
      await this.#writeRejects(drafts.rejects)
      note = after(note, drafts)
      const to = noteText(note)
      parcels.push(this.#parcel(drafts.intakes, pace.due, cursor, to))
      cursor = to
    }
    return this.#write(parcels, cursor)
  }

  async #write(parcels: readonly NewParcel[], cursor: string): Promise<PageResult> {
    const acceptances = await this.#context.ledger.accept(parcels)
    for (const { envelopes } of acceptances) this.#context.push(envelopes)
    const moved = acceptances.every(({ status }) => status === 'accepted')
    return moved ? { kind: 'moved', cursor } : { kind: 'lost' }
  }

  /** What fails behind pages that were read is met again once those are stored: undefined. */
  async #readAfter(cursor: string, hasRead: boolean): Promise<Drafts | undefined> {
    try {
      return await this.#read(cursor)
    } catch (error) {
      if (hasRead) return undefined
      throw error
    }
  }

  async #read(cursor: string): Promise<Drafts> {
    const { clock, storeNow } = this.#context
    const limit = pageSizeOf(this.#task.rate, parcelLimit)
    const pushesDown = this.#part !== undefined && this.#source.zones !== undefined
    const zones = pushesDown ? { zones: this.#part?.named ?? [] } : {}
    const page = await this.#source.page({ cursor, limit, ...zones })
    const items = pushesDown ? page.items : await this.#ofPart(page)
    const intakes: Intake[] = []
    const rejects = [...(page.rejects ?? [])]
    const yielder = createYielder(clock)
    const now = storeNow()
    for (const item of items) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      const drafted = await this.#drafts.draft(item, 0, now)
      if ('reason' in drafted) rejects.push({ line: 0, reason: drafted.reason })
      else intakes.push(drafted)
    }
    return { intakes, rejects, next: page.next }
  }

  /** Those of the page that live in the zone of the run. */
  async #ofPart({ items }: AudiencePage): Promise<AudiencePage['items']> {
    const part = this.#part
    if (part === undefined) return items
    const zones = await zonesOf(items, this.#task.tenant, this.#context)
    return items.filter((_, index) => zones[index] === part.zone)
  }

  /** Why the run may not go on with this page; undefined where it may. */
  #overLimit(
    { read, rejects }: RunNote,
    drafts: Drafts,
  ): { readonly why: string; readonly exceeded: boolean } | undefined {
    const { approval, maxRejects } = this.#task
    if (approval !== undefined && read + drafts.intakes.length > approval.count)
      return { why: `the audience has more than the ${approval.count} recipients that were approved`, exceeded: true }
    if (rejects + drafts.rejects.length > maxRejects)
      return {
        why: `more than ${maxRejects} rows of the audience were none: ${reasonOf(drafts.rejects)}`,
        exceeded: false,
      }
    return undefined
  }

  async #pace(count: number): Promise<{ readonly due: number } | { readonly wait: number }> {
    const { rate, number } = this.#task
    if (rate === undefined || count === 0) return { due: 0 }
    return paceOf(number, rate, count, this.#context.state, this.#context.storeNow())
  }

  #parcel(intakes: readonly Intake[], due: number, from: string, to: string): NewParcel {
    const { nextId } = this.#context
    const paced = due === 0 ? intakes : intakes.map((intake) => ({ ...intake, due }))
    const parcel = parcelOf(paced, nextId)
    const cursor = { run: this.#run.id, from, to, done: false }
    const entries = intakes.length === 0 ? [] : parcel.entries
    return { ...parcel, tenant: this.#task.tenant, entries, cursor }
  }

  /** Before they are counted: after a crash one may stand there twice, and none is missing. */
  async #writeRejects(rejects: readonly AudienceReject[]): Promise<void> {
    const { rejectsTo } = this.#task
    if (rejectsTo === undefined || rejects.length === 0) return
    const lines = rejects.map(({ line, reason }) => `${JSON.stringify({ ...(line > 0 && { line }), reason })}\n`)
    await appendFile(rejectsTo, lines.join(''))
  }
}

function after({ read, rejects }: RunNote, drafts: Drafts): RunNote {
  return {
    at: drafts.next ?? null,
    read: read + drafts.intakes.length,
    rejects: rejects + drafts.rejects.length,
  }
}

function reasonOf(rejects: readonly AudienceReject[]): string {
  const [first] = rejects
  if (first === undefined) return ''
  return first.line > 0 ? `line ${first.line}: ${first.reason}` : first.reason
}
