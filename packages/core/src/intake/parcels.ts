import { parcelLimit } from '../spec/index.js'
import type { NewEntry, NewMessage, NewParcel } from '../spec/index.js'
import type { Yielder } from '../yielding/index.js'

/** A message on its way into the ledger. */
export interface Intake {
  readonly tenant: string
  readonly due: number
  readonly message: NewMessage
}

/** What goes into one parcel, and where in the batch it stood. */
export interface Group {
  readonly intakes: Intake[]
  readonly places: number[]
}

/** Parcels' worth of intakes: one tenant each, at most 500. */
export async function groupByTenant(intakes: readonly Intake[], yielder: Yielder): Promise<readonly Group[]> {
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

/** A parcel of messages of one tenant, with an entry for each lane and due time. */
export function parcelOf(group: readonly Intake[], nextId: () => string): NewParcel {
  const id = nextId()
  return {
    id,
    tenant: group[0]?.tenant ?? '',
    messages: group.map(({ message }) => message),
    entries: entriesOf(id, group, nextId),
  }
}

function entriesOf(parcel: string, group: readonly Intake[], nextId: () => string): NewEntry[] {
  const [first] = group
  const alone =
    first !== undefined && group.every(({ due, message }) => due === first.due && message.lane === first.message.lane)
  if (alone) {
    const positions = group.map((_, position) => position)
    return [entryOf(parcel, first.message.lane, first.due, positions, nextId)]
  }
  const byPlace = new Map<string, { lane: NewMessage['lane']; due: number; positions: number[] }>()
  for (const [position, { due, message }] of group.entries()) {
    const key = `${message.lane}${due}`
    const place = byPlace.get(key)
    if (place === undefined) byPlace.set(key, { lane: message.lane, due, positions: [position] })
    else place.positions.push(position)
  }
  return [...byPlace.values()].map(({ lane, due, positions }) => entryOf(parcel, lane, due, positions, nextId))
}

function entryOf(
  parcel: string,
  lane: NewMessage['lane'],
  due: number,
  positions: readonly number[],
  nextId: () => string,
): NewEntry {
  const steps = positions.map(() => 0)
  return { id: nextId(), lane, due, weight: 1, cargo: { kind: 'messages', parcel, positions, steps } }
}
