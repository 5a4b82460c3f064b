import type { ClaimedMessage, MessageOutcome, MessageRecord, MessageState, Reason, Settled } from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import type { Body, ParcelBodies } from './bodies.js'
import { absentMark, doneMark, heldMark, readMark, sendingMark, waitingMark } from './marks.js'
import { readNotes, writeNotes } from './notes.js'
import type { Note, Notes } from './notes.js'

/** A row of `reach_progress`. */
export interface ProgressRow {
  readonly parcel: string
  readonly version: number
  readonly told: number
  readonly open: number
  readonly done_at: number | null
  readonly marks: string
  readonly notes: string
}

const plain: Note = {}

/** Where the messages of one parcel stand, in memory. The rules of the ledger change it; a unit of work writes it. */
export class Standing {
  readonly parcel: string
  readonly told: number
  readonly version: number
  #open: number
  #doneAt: number | null
  readonly #marks: Buffer
  readonly #notesText: string
  #notes: Notes | undefined
  /** Positions that were changed since it was read. */
  readonly changed: Set<number> = new Set()

  constructor({ parcel, version, told, open, done_at, marks, notes }: ProgressRow) {
    this.parcel = parcel
    this.version = version
    this.told = told
    this.#open = open
    this.#doneAt = done_at
    this.#marks = Buffer.from(marks, 'latin1')
    this.#notesText = notes
  }

  get size(): number {
    return this.#marks.length
  }

  get open(): number {
    return this.#open
  }

  get #read(): Notes {
    this.#notes ??= readNotes(this.#notesText)
    return this.#notes
  }

  get firsts(): ReadonlyMap<number, string> {
    return this.#read.firsts
  }

  /** Whether any message of it may be expired. */
  mayBeExpired(now: number): boolean {
    const { expires } = this.#read
    return expires !== undefined && expires <= now
  }

  has(position: number): boolean {
    return Number.isInteger(position) && position >= 0 && position < this.size && this.#marks[position] !== absentMark
  }

  state(position: number): MessageState | undefined {
    return readMark(this.#marks[position] ?? absentMark)?.state
  }

  outcome(position: number): MessageOutcome | undefined {
    return readMark(this.#marks[position] ?? absentMark)?.outcome
  }

  step(position: number): number {
    return this.#read.byPosition[position]?.s ?? 0
  }

  /** 0 for as soon as it was accepted. */
  due(position: number): number {
    return this.#read.byPosition[position]?.d ?? 0
  }

  expires(position: number, body: Body | undefined): number | undefined {
    return this.#read.byPosition[position]?.x ?? body?.expires
  }

  reason(position: number): Reason | undefined {
    return this.#read.byPosition[position]?.r
  }

  /** Marks messages as being sent. `attempting` is one a position. */
  send(positions: readonly number[], attempting: readonly string[], slice: number): void {
    const { byPosition } = this.#read
    const made = new Map<Note, Map<string, Note>>()
    for (const [index, position] of positions.entries()) {
      const before = byPosition[position] ?? plain
      const what = attempting[index] ?? ''
      const known = made.get(before)?.get(what)
      const note = known ?? { ...before, a: what, l: slice }
      if (known === undefined) made.set(before, (made.get(before) ?? new Map<string, Note>()).set(what, note))
      byPosition[position] = note
      this.#marks[position] = sendingMark
      this.changed.add(position)
    }
  }

  /** Moves a message to a settled state. Waiting raises its step. */
  settle(position: number, to: Settled, now: number, shared: Map<Settled, Note>): void {
    const { byPosition } = this.#read
    const before = byPosition[position]
    const wasDone = this.state(position) === 'done'
    byPosition[position] = settledNote(before, to, shared)
    this.changed.add(position)
    if (to.state === 'done') {
      this.#marks[position] = doneMark(to.outcome)
      if (wasDone) return
      this.#open -= 1
      if (this.#open === 0) this.#doneAt = now
      return
    }
    this.#marks[position] = to.state === 'waiting' ? waitingMark : heldMark
    if (!wasDone) return
    this.#open += 1
    this.#doneAt = null
  }

  /** Gives a message other data, or another end of its time to live. */
  amend(position: number, data: string | undefined, expires: number | undefined): void {
    if (data === undefined && expires === undefined) return
    const notes = this.#read
    const before = notes.byPosition[position] ?? plain
    notes.byPosition[position] = {
      ...before,
      ...(data !== undefined && { m: data }),
      ...(expires !== undefined && { x: expires }),
    }
    if (expires !== undefined) notes.expires = Math.min(notes.expires ?? expires, expires)
    this.changed.add(position)
  }

  /** To be written over the row that was read. */
  row(): ProgressRow {
    return {
      parcel: this.parcel,
      version: this.version + 1,
      told: this.told,
      open: this.#open,
      done_at: this.#doneAt,
      marks: this.#marks.toString('latin1'),
      notes: this.#notes === undefined ? this.#notesText : writeNotes(this.#notes),
    }
  }

  record(position: number, parcel: ParcelBodies): MessageRecord | undefined {
    return this.#message(position, parcel)
  }

  /** Plain objects: they may have to go to another thread. */
  claimed(position: number, parcel: ParcelBodies): ClaimedMessage | undefined {
    const message = this.#message(position, parcel)
    if (message === undefined) return undefined
    const note = this.#read.byPosition[position] ?? plain
    const value = note.m === undefined ? parcel.bodies[position]?.value : undefined
    const claimed = Object.assign(message, { position, attempting: note.a, slice: note.l })
    return value === undefined ? claimed : Object.assign(claimed, { value })
  }

  #message(position: number, { tenant, acceptedAt, run, bodies }: ParcelBodies): MessageRecord | undefined {
    const body = bodies[position]
    const mark = readMark(this.#marks[position] ?? absentMark)
    if (body === undefined || mark === undefined) return undefined
    const note = this.#read.byPosition[position] ?? plain
    const { type, version, recipient, inline, lane, labels, sandbox } = body
    return {
      id: messageId(this.parcel, position),
      tenant,
      type,
      version,
      recipient,
      inline,
      data: note.m ?? body.data,
      lane,
      labels,
      sandbox,
      run,
      acceptedAt,
      expires: note.x ?? body.expires,
      state: mark.state,
      step: note.s ?? 0,
      due: note.d ?? acceptedAt,
      outcome: mark.outcome,
      reason: note.r,
      progress: note.p,
      into: note.i,
    }
  }
}

/** The note of a message that was settled; one object for all that were alike, so that it is written once. */
function settledNote(before: Note | undefined, to: Settled, shared: Map<Settled, Note>): Note | undefined {
  const kept = before !== undefined && (before.s !== undefined || before.m !== undefined || before.x !== undefined)
  if (to.state === 'done' && to.reason === undefined && to.into === undefined && !kept) return undefined
  const known = kept ? undefined : shared.get(to)
  if (known !== undefined) return known
  const step = (before?.s ?? 0) + (to.state === 'waiting' ? 1 : 0)
  const note: Note = {
    ...(step > 0 && { s: step }),
    ...(to.state !== 'done' && to.due !== 0 && { d: to.due }),
    ...(to.reason !== undefined && { r: to.reason }),
    ...(to.state !== 'done' && to.progress !== undefined && { p: to.progress }),
    ...(to.state === 'done' && to.into !== undefined && { i: to.into }),
    ...(before?.m !== undefined && { m: before.m }),
    ...(before?.x !== undefined && { x: before.x }),
  }
  if (!kept) shared.set(to, note)
  return note
}
