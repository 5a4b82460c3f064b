import type { AudienceSource } from '../spec/index.js'
import { byBatches } from './batches.js'
import { forEachPage } from './each-page.js'
import { MembershipSet } from './membership-set.js'

/** Which of these ids a source has. */
export type Has = (ids: readonly string[]) => Promise<readonly boolean[]>

/** By the source itself where it can tell; else it is read once, whole, into a set of hashes, when it is first asked. */
export function membershipOf(source: AudienceSource, signal: AbortSignal): Has {
  if (source.has !== undefined) return (ids) => byBatches(ids, async (batch) => (await source.has?.(batch)) ?? [])
  let reading: Promise<MembershipSet> | undefined
  return async (ids) => {
    if (ids.length === 0) return []
    reading ??= readSet(source, signal)
    const set = await reading.catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return ids.map((id) => set.has(id))
  }
}

async function readSet(source: AudienceSource, signal: AbortSignal): Promise<MembershipSet> {
  const set = new MembershipSet()
  await forEachPage(source, signal, ({ items }) => {
    for (const { id } of items) set.add(id)
  })
  return set
}
