import { Coalescer } from '../io/coalescer.js'
import { ReachError, isReachError, parcelLimit } from '../spec/index.js'
import type { Acceptance, Ledger, NewEntry, NewMessage, NewParcel } from '../spec/index.js'

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

const mostAtOnce = 5_000
const writesAtOnce = 4

/** Puts messages of concurrent calls into shared parcels: one write for all of a turn, and at once when none is under way. */
export class AcceptQueue {
  readonly #ledger: Ledger
  readonly #nextId: () => string
  readonly #accepted: (acceptances: readonly Acceptance[]) => void
  readonly #calls: Coalescer<Intake, AcceptedId>
  #closed = false

  /** `accepted` is told before the callers are. */
  constructor(ledger: Ledger, nextId: () => string, accepted: (acceptances: readonly Acceptance[]) => void) {
    this.#ledger = ledger
    this.#nextId = nextId
    this.#accepted = accepted
    this.#calls = new Coalescer((intakes) => this.#accept(intakes), mostAtOnce, writesAtOnce)
  }

  /** @throws ReachError `REACH_STOPPED` once it is closed. */
  accept(intake: Intake): Promise<AcceptedId> {
    if (this.#closed)
      return Promise.reject(new ReachError('REACH_STOPPED', 'Reachkit was stopped and takes no further message'))
    return this.#calls.call(intake)
  }

  /** Takes nothing new, and waits for what is on its way into the store. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#calls.idle()
  }

  async #accept(intakes: readonly Intake[]): Promise<readonly AcceptedId[]> {
    const [first] = intakes
    const single = intakes.length <= parcelLimit && intakes.every(({ tenant }) => tenant === first?.tenant)
    const groups = single ? [intakes] : groupByTenant(intakes)
    const parcels = groups.map((group) => this.#parcelOf(group))
    const acceptances = await this.#ledger.accept(parcels).catch(refused)
    this.#accepted(acceptances)
    const [acceptance] = acceptances
    return single && acceptance !== undefined ? pairs(acceptance) : answersOf(intakes, groups, acceptances)
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
    if (alone)
      return [
        this.#entryOf(
          parcel,
          first.message.lane,
          first.due,
          group.map((_, position) => position),
        ),
      ]
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

/** Parcels' worth of intakes: one tenant each, at most 500. */
function groupByTenant(intakes: readonly Intake[]): readonly (readonly Intake[])[] {
  const open = new Map<string, Intake[]>()
  const groups: Intake[][] = []
  for (const intake of intakes) {
    const group = open.get(intake.tenant)
    if (group !== undefined && group.length < parcelLimit) {
      group.push(intake)
      continue
    }
    const next = [intake]
    open.set(intake.tenant, next)
    groups.push(next)
  }
  return groups
}

function answersOf(
  intakes: readonly Intake[],
  groups: readonly (readonly Intake[])[],
  acceptances: readonly Acceptance[],
): AcceptedId[] {
  const answers = new Map<Intake, AcceptedId>()
  for (const [index, group] of groups.entries()) {
    const acceptance = acceptances[index]
    for (const [position, intake] of group.entries()) {
      const id = acceptance?.ids[position]
      if (id !== undefined) answers.set(intake, { id, deduplicated: acceptance?.deduplicated[position] ?? false })
    }
  }
  return intakes.flatMap((intake) => answers.get(intake) ?? [])
}
