import { Coalescer } from '../io/coalescer.js'
import { begun } from '../io/rejected.js'
import { ReachError, isReachError, messageId, parcelLimit } from '../spec/index.js'
import type { Acceptance, Clock, Envelope, Ledger, NewParcel } from '../spec/index.js'
import type { Spool } from '../spool/spool.js'
import type { Turns } from '../dispatch/turns.js'
import { createYielder } from '../yielding/index.js'
import { groupByTenant, parcelOf } from './parcels.js'
import type { Intake } from './parcels.js'

export type { Intake } from './parcels.js'

export interface AcceptedId {
  readonly id: string
  readonly deduplicated: boolean
  /** Who has it: the store, a transaction that is not relayed yet, or the spool. */
  readonly state: 'accepted' | 'pending' | 'spooled'
}

/** Who is told what was accepted, before the callers are. */
export interface Arrivals {
  accepted(acceptance: Pick<Acceptance, 'ids' | 'deduplicated'>): void
  push(envelopes: readonly Envelope[]): void
}

const mostAtOnce = 5_000
/** A second write goes out beside another one only with a whole parcel: at a server, many small ones cost more than they gain. */
const gathering = { most: mostAtOnce, width: 4, enough: parcelLimit }
/** A store in this process has no round trip to wait for. */
const atOnce = { most: mostAtOnce, width: 4 }

/** Puts messages of concurrent calls into shared parcels: one write for all of a turn, and at once when none is under way. */
export class AcceptQueue {
  readonly #ledger: Pick<Ledger, 'accept' | 'capabilities'>
  readonly #nextId: () => string
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #arrivals: Arrivals
  readonly #calls: Coalescer<Intake, AcceptedId>
  /** P0 waits for no other write. */
  readonly #urgent: Coalescer<Intake, AcceptedId>
  readonly #spool: Spool | undefined
  #closed = false

  constructor(
    ledger: Pick<Ledger, 'accept' | 'capabilities'>,
    nextId: () => string,
    clock: Pick<Clock, 'monotonic'>,
    arrivals: Arrivals,
    spool?: Spool,
    turns?: Pick<Turns, 'urge' | 'calm'>,
  ) {
    this.#spool = spool
    this.#ledger = ledger
    this.#nextId = nextId
    this.#clock = clock
    this.#arrivals = arrivals
    const how = ledger.capabilities.durable ? gathering : atOnce
    this.#calls = new Coalescer((intakes) => this.#accept(intakes), how)
    this.#urgent = new Coalescer((intakes) => urged(turns, this.#accept(intakes)), how)
  }

  /** @throws ReachError `REACH_STOPPED` once it is closed. */
  accept(intake: Intake): Promise<AcceptedId> {
    return this.#closed ? stopped() : this.#for(intake).call(intake)
  }

  /**
   * Accepts the messages of one call by one write, so that a store without room takes none of them. A store on another
   * machine takes 5,000 a write.
   * @throws ReachError `REACH_STOPPED` once it is closed.
   */
  async acceptAll(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const [first] = intakes
    if (this.#closed) return stopped()
    if (first === undefined) return []
    const calls = this.#for(first)
    if (!this.#ledger.capabilities.durable || intakes.length <= mostAtOnce)
      return calls.callAll(intakes, intakes.length > parcelLimit)
    const parts: Promise<readonly AcceptedId[]>[] = []
    for (let start = 0; start < intakes.length; start += mostAtOnce)
      parts.push(calls.callAll(intakes.slice(start, start + mostAtOnce)))
    return (await Promise.all(parts)).flat()
  }

  /** Takes nothing new, and waits for what is on its way into the store. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#calls.idle(), this.#urgent.idle()])
  }

  /** The messages of one call have one lane. */
  #for({ message }: Intake): Coalescer<Intake, AcceptedId> {
    return message.lane === 'P0' ? this.#urgent : this.#calls
  }

  #accept(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const [first] = intakes
    const single = intakes.length <= parcelLimit && intakes.every(({ tenant }) => tenant === first?.tenant)
    return single ? this.#acceptParcel(intakes) : this.#acceptParcels(intakes)
  }

  #acceptParcel(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    return this.#write([parcelOf(intakes, this.#nextId)]).then(([acceptance]) => {
      if (acceptance === undefined) return []
      this.#arrivals.accepted(acceptance)
      this.#arrivals.push(acceptance.envelopes)
      return pairs(acceptance)
    })
  }

  #write(parcels: readonly NewParcel[]): Promise<readonly Written[]> {
    if (this.#spool?.isAway === true) return this.#keep(parcels, this.#spool)
    const written = begun(() => this.#ledger.accept(parcels)).catch(refused)
    return this.#spool === undefined ? written : this.#orKept(written, parcels, this.#spool)
  }

  /** A store that is away may have taken them: under the same ids, that does no harm. */
  #orKept(
    written: Promise<readonly Acceptance[]>,
    parcels: readonly NewParcel[],
    spool: Spool,
  ): Promise<readonly Written[]> {
    return written.catch((error: unknown) => {
      if (isReachError(error, 'REACH_STORE_UNAVAILABLE')) return this.#keep(parcels, spool)
      throw error
    })
  }

  async #keep(parcels: readonly NewParcel[], spool: Spool): Promise<readonly Written[]> {
    await spool.append(parcels)
    return parcels.map(spooled)
  }

  /** Pushed at the end: whoever waits for a message is known before the first of them is sent. */
  async #acceptParcels(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const yielder = createYielder(this.#clock)
    const groups = await groupByTenant(intakes, yielder)
    const parcels: NewParcel[] = []
    for (const group of groups) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      parcels.push(parcelOf(group.intakes, this.#nextId))
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
}

/** Work of this process that is not urgent gives way meanwhile. */
function urged<T>(turns: Pick<Turns, 'urge' | 'calm'> | undefined, accepted: Promise<T>): Promise<T> {
  if (turns === undefined) return accepted
  turns.urge()
  return accepted.finally(() => turns.calm())
}

function refused(cause: unknown): never {
  if (isReachError(cause)) throw cause
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'the store did not take the messages', { cause })
}

/** What became of a parcel: the store has it, or the spool. */
type Written = Omit<Acceptance, 'status'> & { readonly status: Acceptance['status'] | 'spooled' }

function spooled({ id, messages }: NewParcel): Written {
  const ids = messages.map((_, position) => messageId(id, position))
  return { status: 'spooled', ids, deduplicated: messages.map(() => false), envelopes: [] }
}

function pairs({ status, ids, deduplicated }: Written): AcceptedId[] {
  const state = status === 'spooled' ? status : 'accepted'
  return ids.map((id, position) => ({ id, deduplicated: deduplicated[position] ?? false, state }))
}

function stopped(): Promise<never> {
  return Promise.reject(new ReachError('REACH_STOPPED', 'Reachkit was stopped and takes no further message'))
}
