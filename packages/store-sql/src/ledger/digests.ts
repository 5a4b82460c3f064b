import { messageId } from '@reachkit/core/spec'
import type { NewParcel } from '@reachkit/core/spec'
import type { Dialect, Queries } from '../database/dialect.js'
import type { BulkTarget } from './bulk.js'
import { insertRows, parts } from './bulk.js'

const digestTarget: BulkTarget<'reach_digest'> = {
  table: 'reach_digest',
  columns: ['digest', 'message', 'parcel', 'at'],
  keys: 1,
  onKnown: 'pass',
}

/** The first message of each digest, and what they answer for a parcel. */
export interface Firsts {
  /** By position, the first message of a duplicate. */
  of(parcel: NewParcel): Map<number, string>
}

/**
 * Notes the digests of parcels, for the first of each; whoever else has one is told the first. Sorted, so that two who
 * insert the same ones wait for each other in one order.
 */
export async function claimDigests(
  queries: Queries,
  dialect: Dialect,
  parcels: readonly NewParcel[],
  now: number,
): Promise<Firsts> {
  const { rows: keys, firsts } = digestRows(parcels)
  const rows = keys.map((key) => [...key, now] as const)
  const fresh = await insertRows(queries, dialect, digestTarget, rows)
  const some = fresh < rows.length || parcels.reduce((sum, parcel) => sum + digestsOf(parcel), 0) > rows.length
  if (fresh < rows.length) await readFirsts(queries, dialect, rows, firsts)
  return { of: (parcel) => (some ? firstsOf(parcel, firsts) : new Map()) }
}

type DigestKey = readonly [digest: Buffer, message: string, parcel: string]

/** Each digest once, for the first message that has it, in the order of the key; and whether one is there twice. */
export function digestRows(parcels: readonly NewParcel[]): {
  readonly rows: readonly DigestKey[]
  readonly firsts: Map<string, string>
  readonly isTwice: boolean
} {
  const rows: DigestKey[] = []
  const firsts = new Map<string, string>()
  let isTwice = false
  for (const { id: parcel, messages } of parcels) {
    for (let position = 0; position < messages.length; position += 1) {
      const digest = messages[position]?.digest
      if (digest === undefined) continue
      if (firsts.has(digest)) {
        isTwice = true
        continue
      }
      const message = messageId(parcel, position)
      firsts.set(digest, message)
      rows.push([Buffer.from(digest, 'latin1'), message, parcel])
    }
  }
  rows.sort(([one], [other]) => one.compare(other))
  return { rows, firsts, isTwice }
}

function digestsOf({ messages }: NewParcel): number {
  let count = 0
  for (const { digest } of messages) if (digest !== undefined) count += 1
  return count
}

async function readFirsts(
  queries: Queries,
  dialect: Dialect,
  rows: readonly (readonly [Buffer, ...unknown[]])[],
  firsts: Map<string, string>,
): Promise<void> {
  for (const some of parts(rows, Math.min(1_000, dialect.mostValues))) {
    const held = await queries
      .selectFrom('reach_digest')
      .select(['digest', 'message'])
      .where(
        'digest',
        'in',
        some.map(([digest]) => digest),
      )
      .execute()
    for (const { digest, message } of held) firsts.set(Buffer.from(digest).toString('latin1'), message)
  }
}

function firstsOf({ id, messages }: NewParcel, firsts: ReadonlyMap<string, string>): Map<number, string> {
  const found = new Map<number, string>()
  for (const [position, { digest }] of messages.entries()) {
    const first = digest === undefined ? undefined : firsts.get(digest)
    if (first !== undefined && first !== messageId(id, position)) found.set(position, first)
  }
  return found
}
