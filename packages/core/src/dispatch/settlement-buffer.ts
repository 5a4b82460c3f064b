import type { ClaimedMessage, Envelope, HistoryEvent, NewEntry, Settled, SettleResult, Settlement } from '../spec/index.js'

const bucketMs = 100

/** Gathers what became of an envelope's messages until the next call to the ledger takes it along. */
export class SettlementBuffer {
  readonly #envelope: Envelope
  readonly #token: string
  readonly #parcel: string
  #results: SettleResult[] = []
  #messages: ClaimedMessage[] = []

  constructor(envelope: Envelope, token: string, parcel: string) {
    this.#envelope = envelope
    this.#token = token
    this.#parcel = parcel
  }

  get isEmpty(): boolean {
    return this.#results.length === 0
  }

  add(message: ClaimedMessage, to: Settled, events: readonly HistoryEvent[]): void {
    this.#results.push({ position: message.position, step: message.step, to, events: [...events, ...endEvents(message, to)] })
    this.#messages.push(message)
  }

  /** Empties the buffer into one settlement, and tells which messages are in it. */
  take(finish: boolean, nextId: () => string): { settlement: Settlement; messages: readonly ClaimedMessage[] } {
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

function endEvents({ step }: ClaimedMessage, to: Settled): readonly HistoryEvent[] {
  const reason = to.reason === undefined ? {} : { reason: to.reason.code }
  if (to.state === 'done') return [{ step, kind: 'done', outcome: to.outcome, ...reason }]
  return to.state === 'held' ? [{ step, kind: 'held', ...reason }] : []
}
