import { inList, parts } from '../ledger/bulk.js'
import { readRanges } from '../ledger/ranges.js'
import type { ListingContext } from './listing.js'
import { longestName, longestRecipient, storable } from './texts.js'

const recipientsAtOnce = 100
const parcelsAtOnce = 500

export interface ReceivedFilter {
  readonly tenant: string
  readonly type?: string
  readonly since: number
}

/** How many messages each recipient was sent, told by the rows for lists alone: no body is read. */
export async function countReceived(
  context: Pick<ListingContext, 'db'>,
  filter: ReceivedFilter,
  recipients: readonly string[],
): Promise<readonly number[]> {
  const names = recipients.map((recipient) => storable(recipient, longestRecipient))
  const counts = new Map(names.map((name) => [name, 0]))
  for (const some of parts([...counts.keys()], recipientsAtOnce)) await addReceived(context, filter, some, counts)
  return names.map((name) => counts.get(name) ?? 0)
}

async function addReceived(
  { db }: Pick<ListingContext, 'db'>,
  filter: ReceivedFilter,
  names: readonly string[],
  counts: Map<string, number>,
): Promise<void> {
  const theirs = await db
    .selectFrom('reach_recipient')
    .select(['recipient', 'parcel', 'positions'])
    .where('recipient', 'in', inList(names))
    .where('accepted_at', '>=', filter.since)
    .execute()
  for (const some of parts([...new Set(theirs.map(({ parcel }) => parcel))], parcelsAtOnce)) {
    const sent = await sentIn({ db }, filter, some)
    for (const { recipient, parcel, positions } of theirs) {
      // MySQL finds those too that end with spaces.
      const [count, those] = [counts.get(recipient), sent.get(parcel)]
      if (count === undefined || those === undefined) continue
      counts.set(recipient, count + readRanges(positions).filter((position) => those.has(position)).length)
    }
  }
}

/** Which messages of these parcels fit, and were sent. */
async function sentIn(
  { db }: Pick<ListingContext, 'db'>,
  { tenant, type }: ReceivedFilter,
  parcels: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const [ofTenant, ofType] = [
    storable(tenant, longestName),
    type === undefined ? undefined : storable(type, longestName),
  ]
  const groups = await db
    .selectFrom('reach_group')
    .select(['parcel', 'tenant', 'type', 'positions'])
    .where('parcel', 'in', inList(parcels))
    .where('outcome', 'in', ['sent', 'partly-sent'])
    .execute()
  const sent = new Map<string, Set<number>>()
  for (const group of groups) {
    if (group.tenant !== ofTenant || (ofType !== undefined && group.type !== ofType)) continue
    const known = sent.get(group.parcel) ?? new Set<number>()
    sent.set(group.parcel, known)
    for (const position of readRanges(group.positions)) known.add(position)
  }
  return sent
}
