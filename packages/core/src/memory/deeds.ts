import type { BookEvent } from '../spec/index.js'

/** What one recipient did, by the name of the event: when, by the event's id. */
type OfRecipient = Map<string, Map<string, number>>

/** How many events come between two looks for what may be forgotten. */
const pruneEvery = 10_000

/** The events of one tenant. */
export class Deeds {
  readonly #recipients = new Map<string, OfRecipient>()
  readonly #keepMs: number
  #sincePrune = 0

  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  record(events: readonly BookEvent[], now: number): void {
    for (const event of events) {
      const known = this.#named(event)
      if (!known.has(event.id)) known.set(event.id, event.at)
    }
    this.#sincePrune += events.length
    if (this.#sincePrune >= pruneEvery) this.#prune(now - this.#keepMs)
  }

  count(name: string, recipient: string, since: number): number {
    let count = 0
    for (const at of this.#recipients.get(recipient)?.get(name)?.values() ?? []) if (at >= since) count += 1
    return count
  }

  forget(recipient: string): void {
    this.#recipients.delete(recipient)
  }

  #named({ recipient, name }: BookEvent): Map<string, number> {
    const all: OfRecipient = this.#recipients.get(recipient) ?? new Map()
    this.#recipients.set(recipient, all)
    const known = all.get(name) ?? new Map<string, number>()
    all.set(name, known)
    return known
  }

  #prune(before: number): void {
    this.#sincePrune = 0
    for (const [recipient, names] of this.#recipients) {
      for (const [name, ids] of names) {
        for (const [id, at] of ids) if (at < before) ids.delete(id)
        if (ids.size === 0) names.delete(name)
      }
      if (names.size === 0) this.#recipients.delete(recipient)
    }
  }
}
