import { messageId } from '@reachkit/core/spec'
import { bytes, list, optionalText } from '../client/replies.js'
import { grouped } from '../ledger/batches.js'
import type { LedgerContext } from '../ledger/context.js'
import type { Shard } from '../ledger/shards.js'
import { searchScript } from '../scripts/history.js'
import {
  fingerprint,
  partOf,
  printProviderId,
  providerBytes,
  providerIdBytes,
  providerPrintBytes,
  recipientBytes,
} from './fingerprint.js'
import { providerRecord, readPlaces, recipientRecord } from './index-batch.js'

type Place = ReturnType<typeof readPlaces>[number]

/** The messages that are noted at a recipient, and a few of others that have the same fingerprint. */
export async function idsOfRecipient(
  context: LedgerContext,
  shard: Shard,
  of: { readonly tenant: string; readonly recipient: string },
  periods: readonly number[],
): Promise<readonly string[]> {
  const print = Buffer.alloc(1 + recipientBytes)
  fingerprint(`${of.tenant}\n${of.recipient}`, print, 0, print.length)
  const names = periods.map((period) => shard.keys.historyRecipients(period, partOf(print[0])))
  const args = periods.flatMap(() => [print.subarray(1), ''])
  const found = list(await context.scripts.run(searchScript, names, [recipientRecord, 0, ...args])).map(bytes)
  const ids = periods.map(async (period, index) => {
    const places = readPlaces(found[index] ?? Buffer.alloc(0))
    return resolvePlaces(context, shard.keys.historyParcels(period), places)
  })
  return (await Promise.all(ids)).flat().flatMap((id) => id ?? [])
}

/** The messages that a provider named last under its ids, where it named any in these periods, the newest first. */
export async function idsAtProvider(
  context: LedgerContext,
  { keys }: Shard,
  of: { readonly provider: string | undefined; readonly providerIds: readonly string[] },
  periods: readonly number[],
): Promise<readonly (string | undefined)[]> {
  const prints = of.providerIds.map((id) => {
    const print = Buffer.alloc(providerPrintBytes)
    printProviderId(of.provider ?? '', id, print, 0)
    return print
  })
  const names = prints.flatMap((print) => periods.map((period) => keys.historyProviders(period, partOf(print[0]))))
  const args = prints.flatMap((print) => {
    const own = print.subarray(1, 1 + providerIdBytes)
    const provider = of.provider === undefined ? '' : print.subarray(1 + providerIdBytes)
    return periods.flatMap(() => [own, provider])
  })
  const found = list(await context.scripts.run(searchScript, names, [providerRecord, 1, ...args])).map(bytes)
  const before = of.provider === undefined ? providerBytes : 0
  const ids = prints.map(async (_, index) => {
    for (const [at, period] of periods.entries()) {
      const places = readPlaces(found[index * periods.length + at] ?? Buffer.alloc(0), before)
      const [id] = await resolvePlaces(context, keys.historyParcels(period), places)
      if (id !== undefined) return id
    }
    return undefined
  })
  return Promise.all(ids)
}

/** Numbers of an index as message ids. */
async function resolvePlaces(
  { scripts }: LedgerContext,
  key: string,
  places: readonly Place[],
): Promise<readonly (string | undefined)[]> {
  if (places.length === 0) return []
  const byParcel = grouped(places, ({ number }) => number)
  const parcels = list(await scripts.command('hmget', key, ...byParcel.keys())).map(optionalText)
  return [...byParcel.values()].flatMap((group, index) => {
    const parcel = parcels[index]
    return group.map(({ position }) => (parcel === undefined ? undefined : messageId(parcel, position)))
  })
}
