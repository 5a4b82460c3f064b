import { pass } from '../spec/index.js'
import type { Book, ConsumingGate, GateItem, State, Verdict } from '../spec/index.js'
import type { Triggers } from './parse-triggers.js'
import type { TriggerRule } from './trigger.js'

const withdrawn: Verdict = { kind: 'reject', reason: { code: 'trigger-withdrawn' } }
const repeated: Verdict = { kind: 'reject', reason: { code: 'trigger-repeated' } }

interface Taken {
  readonly key: string
  readonly member: string
}

/**
 * Stops a message of a trigger before which one of the events came that it was not to be sent after, and keeps each
 * trigger within its window. A message that is tried again, or on another channel, is the same member of the window.
 */
export class TriggerGate implements ConsumingGate {
  readonly specVersion = 1
  readonly name = 'triggers'
  readonly phase = 'delivery'
  readonly #triggers: Triggers
  readonly #state: Pick<State, 'enter' | 'leave'>
  readonly #book: Book | undefined
  /** What this process took, by reservation and item: what another one took stays in its window. */
  readonly #taken = new Map<string, Map<string, Taken>>()

  constructor(triggers: Triggers, state: Pick<State, 'enter' | 'leave'>, book: Book | undefined) {
    this.#triggers = triggers
    this.#state = state
    this.#book = book
  }

  async check(items: readonly GateItem[]): Promise<readonly Verdict[]> {
    const stopped = new Set<GateItem>()
    for (const [event, asked] of this.#asked(items)) {
      for (const group of byTenant(asked)) for (const item of await this.#withdrawn(event, group)) stopped.add(item)
    }
    return items.map((item) => (stopped.has(item) ? withdrawn : pass))
  }

  async take(items: readonly GateItem[], reservation: string): Promise<readonly Verdict[]> {
    const entries = items.flatMap((item) => {
      const rule = this.#ruleOf(item)
      if (rule?.atMostOnceMs === undefined) return []
      const key = `trigger:${item.tenant}:${rule.name}:${item.recipient.id}`
      return [{ item, key, member: item.message, max: 1, windowMs: rule.atMostOnceMs }]
    })
    if (entries.length === 0) return items.map(() => pass)
    const answers = await this.#state.enter(
      entries.map(({ key, member, max, windowMs }) => ({ key, member, max, windowMs })),
    )
    const denied = new Set<GateItem>()
    for (const [index, { item, key, member }] of entries.entries()) {
      if (answers[index]?.entered === true) this.#note(reservation, item.id, { key, member })
      else denied.add(item)
    }
    return items.map((item) => (denied.has(item) ? repeated : pass))
  }

  confirm(reservation: string, ids: readonly string[]): void {
    this.#forget(reservation, ids)
  }

  async release(reservation: string, ids?: readonly string[]): Promise<void> {
    const taken = this.#forget(reservation, ids)
    if (taken.length > 0) await this.#state.leave(taken)
  }

  /** Items by the events that withdraw them. */
  #asked(items: readonly GateItem[]): ReadonlyMap<string, readonly GateItem[]> {
    const byEvent = new Map<string, GateItem[]>()
    for (const item of items) {
      for (const event of this.#ruleOf(item)?.unless ?? []) {
        const asked = byEvent.get(event)
        if (asked === undefined) byEvent.set(event, [item])
        else asked.push(item)
      }
    }
    return byEvent
  }

  async #withdrawn(event: string, items: readonly GateItem[]): Promise<readonly GateItem[]> {
    const [first] = items
    if (this.#book === undefined || first === undefined) return []
    const found: GateItem[] = []
    for (const [since, same] of bySince(items)) {
      const recipients = same.map(({ recipient }) => recipient.id)
      const counts = await this.#book.events(first.tenant, event, recipients, since)
      for (const [index, item] of same.entries()) if ((counts[index] ?? 0) > 0) found.push(item)
    }
    return found
  }

  #ruleOf({ labels }: GateItem): TriggerRule | undefined {
    return labels.trigger === undefined ? undefined : this.#triggers.byName.get(labels.trigger)
  }

  #note(reservation: string, id: string, taken: Taken): void {
    const known = this.#taken.get(reservation) ?? new Map<string, Taken>()
    this.#taken.set(reservation, known.set(id, taken))
  }

  #forget(reservation: string, ids: readonly string[] | undefined): readonly Taken[] {
    const known = this.#taken.get(reservation)
    if (known === undefined) return []
    const forgotten = (ids ?? [...known.keys()]).flatMap((id) => known.get(id) ?? [])
    for (const id of ids ?? []) known.delete(id)
    if (ids === undefined || known.size === 0) this.#taken.delete(reservation)
    return forgotten
  }
}

function byTenant(items: readonly GateItem[]): Iterable<readonly GateItem[]> {
  return grouped(items, ({ tenant }) => tenant).values()
}

function bySince(items: readonly GateItem[]): Iterable<readonly [number, readonly GateItem[]]> {
  return grouped(items, ({ acceptedAt }) => acceptedAt)
}

function grouped<Key>(items: readonly GateItem[], keyOf: (item: GateItem) => Key): Map<Key, GateItem[]> {
  const groups = new Map<Key, GateItem[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
