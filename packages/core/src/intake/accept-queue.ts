import { Coalescer } from '../io/coalescer.js'
import { begun } from '../io/rejected.js'
import { ReachError, isReachError, parcelLimit } from '../spec/index.js'
import type { Acceptance, Clock, Envelope, Ledger, NewEntry, NewMessage, NewParcel } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { Yielder } from '../yielding/index.js'

/** A message on its way into the ledger. */
export interface Intake {
  readonly tenant: string
  readonly due: number
  readonly message: NewMessage
}

export interface AcceptedId {
  readonly id: string
  readonly deduplicated: boolean
}

/** Who is told what was accepted, before the callers are. */
export interface Arrivals {
  accepted(acceptance: Acceptance): void
  push(envelopes: readonly Envelope[]): void
}

const mostAtOnce = 5_000
const writesAtOnce = 4

/** Puts messages of concurrent calls into shared parcels: one write for all of a turn, and at once when none is under way. */
export class AcceptQueue {
  readonly #ledger: Ledger
  readonly #nextId: () => string
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #arrivals: Arrivals
  readonly #calls: Coalescer<Intake, AcceptedId>
  #closed = false

  constructor(ledger: Ledger, nextId: () => string, clock: Pick<Clock, 'monotonic'>, arrivals: Arrivals) {
    this.#ledger = ledger
    this.#nextId = nextId
    this.#clock = clock
    this.#arrivals = arrivals
    this.#calls = new Coalescer((intakes) => this.#accept(intakes), mostAtOnce, writesAtOnce)
  }

  /** @throws ReachError `REACH_STOPPED` once it is closed. */
  accept(intake: Intake): Promise<AcceptedId> {
    return this.#closed ? stopped() : this.#calls.call(intake)
  }

  /**
   * Accepts the messages of one call by one write, so that a store without room takes none of them. A store on another
   * machine takes 5,000 a write.
   * @throws ReachError `REACH_STOPPED` once it is closed.
   */
  async acceptAll(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    if (this.#closed) return stopped()
    if (!this.#ledger.capabilities.durable || intakes.length <= mostAtOnce)
      return this.#calls.callAll(intakes, intakes.length > parcelLimit)
    const parts: Promise<readonly AcceptedId[]>[] = []
    for (let start = 0; start < intakes.length; start += mostAtOnce)
      parts.push(this.#calls.callAll(intakes.slice(start, start + mostAtOnce)))
    return (await Promise.all(parts)).flat()
  }

  /** Takes nothing new, and waits for what is on its way into the store. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#calls.idle()
  }

  #accept(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const [first] = intakes
    const single = intakes.length <= parcelLimit && intakes.every(({ tenant }) => tenant === first?.tenant)
    return single ? this.#acceptParcel(intakes) : this.#acceptParcels(intakes)
  }

  #acceptParcel(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    return this.#write([this.#parcelOf(intakes)]).then(([acceptance]) => {
      if (acceptance === undefined) return []
      this.#arrivals.accepted(acceptance)
      this.#arrivals.push(acceptance.envelopes)
      return pairs(acceptance)
    })
  }

  #write(parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
    return begun(() => this.#ledger.accept(parcels)).catch(refused)
  }

  /** Pushed at the end: whoever waits for a message is known before the first of them is sent. */
  async #acceptParcels(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const yielder = createYielder(this.#clock)
    const groups = await groupByTenant(intakes, yielder)
    const parcels: NewParcel[] = []
    for (const group of groups) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      parcels.push(this.#parcelOf(group.intakes))
    }
    await yielder.handOver()
    const acceptances = await this.#write(parcels)
    const answers: AcceptedId[] = []
    for (const [index, acceptance] of acceptances.entries()) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      this.#arrivals.accepted(acceptance)
      for (const [position, answer] of pairs(acceptance).entries()) {
        const place = groups[index]?.places[position]
        if (place !== undefined) answers[place] = answer
      }
    }
    await yielder.handOver()
    this.#arrivals.push(acceptances.flatMap(({ envelopes }) => envelopes))
    return answers
  }

  #parcelOf(group: readonly Intake[]): NewParcel {
    const id = this.#nextId()
    return {
      id,
      tenant: group[0]?.tenant ?? '',
      messages: group.map(({ message }) => message),
      entries: this.#entriesOf(id, group),
    }
  }

  #entriesOf(parcel: string, group: readonly Intake[]): NewEntry[] {
    const [first] = group
    const alone =
      first !== undefined && group.every(({ due, message }) => due === first.due && message.lane === first.message.lane)
    if (alone) {
      const positions = group.map((_, position) => position)
      return [this.#entryOf(parcel, first.message.lane, first.due, positions)]
    }
    const byPlace = new Map<string, { lane: NewMessage['lane']; due: number; positions: number[] }>()
    for (const [position, { due, message }] of group.entries()) {
      const key = `${message.lane}${due}`
      const place = byPlace.get(key)
      if (place === undefined) byPlace.set(key, { lane: message.lane, due, positions: [position] })
      else place.positions.push(position)
    }
    return [...byPlace.values()].map(({ lane, due, positions }) => this.#entryOf(parcel, lane, due, positions))
  }

  #entryOf(parcel: string, lane: NewMessage['lane'], due: number, positions: readonly number[]): NewEntry {
    const steps = positions.map(() => 0)
    return { id: this.#nextId(), lane, due, weight: 1, cargo: { kind: 'messages', parcel, positions, steps } }
  }
}

function refused(cause: unknown): never {
  if (isReachError(cause)) throw cause
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'the store did not take the messages', { cause })
}

function pairs({ ids, deduplicated }: Acceptance): AcceptedId[] {
  return ids.map((id, position) => ({ id, deduplicated: deduplicated[position] ?? false }))
}

/** What goes into one parcel, and where in the batch it stood. */
interface Group {
  readonly intakes: Intake[]
  readonly places: number[]
}

/** Parcels' worth of intakes: one tenant each, at most 500. */
async function groupByTenant(intakes: readonly Intake[], yielder: Yielder): Promise<readonly Group[]> {
  const open = new Map<string, Group>()
  const groups: Group[] = []
  for (const [place, intake] of intakes.entries()) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    const { tenant } = intake
    let group = open.get(tenant)
    if (group === undefined || group.intakes.length === parcelLimit) {
      group = { intakes: [], places: [] }
      open.set(tenant, group)
      groups.push(group)
    }
    group.intakes.push(intake)
    group.places.push(place)
  }
  return groups
}

function stopped(): Promise<never> {
  return Promise.reject(new ReachError('REACH_STOPPED', 'Reachkit was stopped and takes no further message'))
}
