import { messageId } from '../spec/index.js'
import type {
  Acceptance,
  ClaimedMessage,
  HistoryEvent,
  Lane,
  MessageLabels,
  MessageOutcome,
  MessageRecord,
  MessageState,
  MessageStatus,
  NewMessage,
  NewParcel,
  Reason,
  Settled,
  TimelineEntry,
} from '../spec/index.js'

type StampedEvent = HistoryEvent & { readonly at: number }

const none: readonly StampedEvent[] = []

/** The same array, mostly: one settlement seldom tells a thing twice. */
function distinct(events: readonly StampedEvent[]): readonly StampedEvent[] {
  if (events.length < 2) return events
  const twice = events.some((event, index) => events.findIndex((other) => sameEvent(other, event)) < index)
  return twice
    ? events.filter((event, index) => events.findIndex((other) => sameEvent(other, event)) === index)
    : events
}

function isStamped(event: HistoryEvent): event is StampedEvent {
  return event.at !== undefined
}

/** What the memory store keeps of one message. */
export class Slot {
  state: MessageState = 'waiting'
  step = 0
  outcome: MessageOutcome | undefined = undefined
  reason: Reason | undefined = undefined
  into: string | undefined = undefined
  progress: string | undefined = undefined
  attempting: string | undefined = undefined
  slice: number | undefined = undefined
  /** Its pending entry, alone or with others. */
  entry: string | undefined = undefined
  #events: readonly StampedEvent[] = none

  constructor(
    readonly parcel: Parcel,
    readonly position: number,
    public message: NewMessage,
    /** 0 for at once, whatever the clock says by then. */
    public due: number,
  ) {}

  get id(): string {
    return messageId(this.parcel.id, this.position)
  }

  /** When it is due, as it is told: at once is when it was accepted. */
  get dueAt(): number {
    return this.due === 0 ? this.parcel.acceptedAt : this.due
  }

  get status(): MessageStatus | undefined {
    return this.state === 'done' ? this.outcome : this.state
  }

  /** Moves to a settled state and keeps the parcel's count of what is not done. */
  settle(to: Settled, now: number): void {
    const wasDone = this.state === 'done'
    this.state = to.state
    this.reason = to.reason
    this.attempting = undefined
    this.slice = undefined
    if (to.state === 'done') {
      this.outcome = to.outcome
      this.into = to.into
      this.progress = undefined
      if (!wasDone) this.parcel.close(now)
      return
    }
    this.outcome = undefined
    this.due = to.due
    this.progress = to.progress
    if (to.state === 'waiting') this.step += 1
    if (wasDone) this.parcel.open += 1
  }

  note(events: readonly HistoryEvent[], now: number): void {
    const stamped = events.every(isStamped)
      ? events
      : events.map((event) => (isStamped(event) ? event : { ...event, at: now }))
    const fresh = this.#events.length === 0 ? stamped : stamped.filter((event) => !this.#knows(event))
    this.#events = this.#events.length === 0 ? distinct(fresh) : [...this.#events, ...distinct(fresh)]
  }

  #knows(event: HistoryEvent): boolean {
    for (const known of this.#events) if (sameEvent(known, event)) return true
    return false
  }

  /** What happened to it, oldest first. */
  get timeline(): TimelineEntry[] {
    const { id } = this
    const events = this.#events.map((event) => ({ ...event, id }))
    return [{ id, step: 0, kind: 'accepted', at: this.parcel.acceptedAt }, ...events]
  }

  get events(): readonly HistoryEvent[] {
    return this.#events
  }

  record(): MessageRecord {
    const { message, parcel } = this
    return {
      id: this.id,
      tenant: parcel.tenant,
      type: message.type,
      version: message.version,
      recipient: message.recipient,
      inline: message.inline,
      data: message.data,
      lane: message.lane,
      labels: message.labels,
      sandbox: message.sandbox,
      run: parcel.run,
      acceptedAt: parcel.acceptedAt,
      expires: message.expires,
      state: this.state,
      step: this.step,
      due: this.dueAt,
      outcome: this.outcome,
      reason: this.reason,
      progress: this.progress,
      into: this.into,
    }
  }

  claimed(): ClaimedMessage {
    return new SlotView(this)
  }
}

/** A slot as it stood when it was claimed. What never changes of a message is read through. */
class SlotView implements ClaimedMessage {
  readonly id: string
  readonly position: number
  readonly state: MessageState
  readonly step: number
  readonly due: number
  readonly reason: Reason | undefined
  readonly progress: string | undefined
  readonly attempting: string | undefined
  readonly slice: number | undefined
  readonly #message: NewMessage
  readonly #parcel: Parcel

  constructor(slot: Slot) {
    this.id = slot.id
    this.position = slot.position
    this.state = slot.state
    this.step = slot.step
    this.due = slot.dueAt
    this.reason = slot.reason
    this.progress = slot.progress
    this.attempting = slot.attempting
    this.slice = slot.slice
    this.#message = slot.message
    this.#parcel = slot.parcel
  }

  get tenant(): string {
    return this.#parcel.tenant
  }
  get run(): string | undefined {
    return this.#parcel.run
  }
  get acceptedAt(): number {
    return this.#parcel.acceptedAt
  }
  get type(): string {
    return this.#message.type
  }
  get version(): number {
    return this.#message.version
  }
  get recipient(): string {
    return this.#message.recipient
  }
  get inline(): string | undefined {
    return this.#message.inline
  }
  get data(): string {
    return this.#message.data
  }
  get value(): unknown {
    return this.#message.value
  }
  get lane(): Lane {
    return this.#message.lane
  }
  get labels(): MessageLabels {
    return this.#message.labels
  }
  get sandbox(): boolean {
    return this.#message.sandbox
  }
  get expires(): number | undefined {
    return this.#message.expires
  }
  get outcome(): undefined {
    return undefined
  }
  get into(): undefined {
    return undefined
  }
}

function sameEvent(a: HistoryEvent, b: HistoryEvent): boolean {
  return a.step === b.step && a.kind === b.kind && a.channel === b.channel
}

/** Up to 500 messages that were accepted together. A duplicate that nobody was told the id of has no slot. */
export class Parcel {
  readonly id: string
  readonly tenant: string
  readonly run: string | undefined
  slots: readonly (Slot | undefined)[] = []
  /** The first ones of messages that were duplicates, by position. */
  readonly firsts: Map<number, string> | undefined
  readonly size: number
  open = 0
  doneAt = 0

  constructor(
    source: NewParcel,
    firsts: Map<number, string> | undefined,
    readonly acceptedAt: number,
    readonly done: (parcel: Parcel) => void,
  ) {
    this.firsts = firsts
    this.size = source.messages.length
    this.id = source.id
    this.tenant = source.tenant
    this.run = source.cursor?.run
  }

  /** Where each message stands, by position. */
  statuses(): (MessageStatus | undefined)[] {
    return this.slots.map((slot) => slot?.status)
  }

  /** What `accept` answers of it, whenever it is asked. */
  answer(): Pick<Acceptance, 'ids' | 'deduplicated'> {
    const ids: string[] = []
    const deduplicated: boolean[] = []
    for (let position = 0; position < this.size; position += 1) {
      const first = this.firsts?.get(position)
      ids.push(first ?? messageId(this.id, position))
      deduplicated.push(first !== undefined)
    }
    return { ids, deduplicated }
  }

  /** It is forgotten. An outgrown table of the map that it was in may still hold it; then it holds nothing itself. */
  letGo(): void {
    this.slots = []
  }

  close(now: number): void {
    this.open -= 1
    if (this.open > 0) return
    this.doneAt = now
    this.done(this)
  }
}
