import type { Attempt } from './journey.js'
import { attemptEvent } from './outbound.js'
import type {
  ClaimedMessage,
  Envelope,
  HistoryEvent,
  NewEntry,
  Settled,
  SettleResult,
  Settlement,
} from '../spec/index.js'

const bucketMs = 100
const doneSent: Settled = { state: 'done', outcome: 'sent' }

/** A settlement, and the messages that its results are of. */
export interface Taken {
  readonly settlement: Settlement
  readonly messages: readonly ClaimedMessage[]
}

/** Gathers what became of an envelope's messages until the next call to the ledger takes it along. */
export class SettlementBuffer {
  readonly #envelope: Envelope
  readonly #token: string
  readonly #parcel: string
  readonly #now: () => number
  #results: SettleResult[] = []
  #messages: ClaimedMessage[] = []

  constructor(envelope: Envelope, token: string, parcel: string, now: () => number) {
    this.#now = now
    this.#envelope = envelope
    this.#token = token
    this.#parcel = parcel
  }

  get isEmpty(): boolean {
    return this.#results.length === 0
  }

  addSent(message: ClaimedMessage, attempt: Attempt): void {
    const at = this.#now()
    const { step, position } = message
    const events = [attemptEvent(attempt, undefined, at), { step, kind: 'done', at, outcome: 'sent' } as const]
    this.#keep(message, { position, step, to: doneSent, events })
  }

  /** The array of events is taken over. */
  add(message: ClaimedMessage, to: Settled, events: HistoryEvent[]): void {
    const end = endEvent(message, to, this.#now())
    if (end !== undefined) events.push(end)
    this.#keep(message, { position: message.position, step: message.step, to, events })
  }

  /** The first is put in a list of its own: a list that has to grow takes places for 17 at once. */
  #keep(message: ClaimedMessage, result: SettleResult): void {
    if (this.#results.length === 0) {
      this.#results = [result]
      this.#messages = [message]
      return
    }
    this.#results.push(result)
    this.#messages.push(message)
  }

  /** Empties the buffer into one settlement, and tells which messages are in it. */
  take(finish: boolean, nextId: () => string): Taken {
    const results = this.#results
    const messages = this.#messages
    this.#results = []
    this.#messages = []
    const settlement = {
      entry: this.#envelope.id,
      token: this.#token,
      parcel: this.#parcel,
      results,
      entries: this.#entries(results, nextId),
      finish,
    }
    return { settlement, messages }
  }

  /** What runs again, by due time: those that are due together travel together. */
  #entries(results: readonly SettleResult[], nextId: () => string): NewEntry[] {
    if (results.every(({ to }) => to.state === 'done')) return []
    const byDue = new Map<number, { positions: number[]; steps: number[] }>()
    for (const { position, step, to } of results) {
      if (to.state === 'done') continue
      const due = Math.ceil(to.due / bucketMs) * bucketMs
      const group = byDue.get(due) ?? { positions: [], steps: [] }
      group.positions.push(position)
      group.steps.push(to.state === 'waiting' ? step + 1 : step)
      byDue.set(due, group)
    }
    const { lane, weight } = this.#envelope
    return [...byDue].map(([due, group]) => ({
      id: nextId(),
      lane,
      due,
      weight,
      cargo: { kind: 'messages', parcel: this.#parcel, ...group },
    }))
  }
}

function endEvent({ step }: ClaimedMessage, to: Settled, at: number): HistoryEvent | undefined {
  if (to.state === 'waiting') return undefined
  if (to.state === 'held') return { step, kind: 'held', at, reason: to.reason.code }
  const { outcome, reason } = to
  return reason === undefined
    ? { step, kind: 'done', at, outcome }
    : { step, kind: 'done', at, outcome, reason: reason.code }
}
