import { list, text, whole } from '../client/replies.js'
import { Arguments } from '../client/arguments.js'
import { digestHashes } from '../keys.js'
import { digestPlace } from '../parcel/digest-place.js'
import { carryScript, markScript, rotateScript } from '../scripts/sweep.js'
import type { LedgerContext } from './context.js'
import { readParcels } from './read.js'
import type { Shard } from './shards.js'

/** How the generations of digests stand: texts as they are kept, to compare with. */
export interface WindowState {
  readonly generation: string
  readonly start: string | undefined
  /** The next place in the list of the generation before, or -1 when all of it is carried on. */
  readonly carried: string
  /** The oldest generation that is still kept. */
  readonly dropped: string
}

const carriedAtOnce = 64
const droppedAtOnce = 512

/** Carries on what lives of the generation before, drops what is older, and begins a new one when it is time. */
export async function maintainDigests(context: LedgerContext, shard: Shard, window: WindowState): Promise<void> {
  const { keys } = shard
  const generation = Number(window.generation)
  if (window.carried !== '-1') await carry(context, shard, window)
  if (Number(window.dropped) < generation - 1) await drop(context, shard, window)
  await context.scripts.run(
    rotateScript,
    [keys.window, keys.digestParcels(generation)],
    [window.generation, context.settings.dedupeMs],
  )
}

async function carry(context: LedgerContext, shard: Shard, { generation, carried }: WindowState): Promise<void> {
  const { keys } = shard
  const { scripts } = context
  const previous = keys.digestParcels(Number(generation) - 1)
  const from = Number(carried)
  const parcels = list(await scripts.command('lrange', previous, from, from + carriedAtOnce - 1)).map(text)
  await carryParcels(context, shard, Number(generation), parcels, from)
  const done = parcels.length < carriedAtOnce
  const next = done ? '-1' : `${from + parcels.length}`
  await scripts.run(markScript, [keys.window], [generation, 'c', carried, next])
}

/** Reads only those that live: most parcels were done long ago. */
async function carryParcels(
  context: LedgerContext,
  { keys }: Shard,
  generation: number,
  parcels: readonly string[],
  from: number,
): Promise<void> {
  const { scripts } = context
  const there = await Promise.all(parcels.map(async (id) => scripts.command('exists', keys.marks(id))))
  const living = parcels.filter((_, index) => whole(there[index]) === 1)
  const stored = await readParcels(context, living)
  for (const [index, id] of parcels.entries()) {
    const parcel = stored.get(id)
    if (parcel === undefined || parcel.marks.open === 0) continue
    const call = new Arguments().key(keys.window, keys.marks(id), keys.digestParcels(generation))
    const own = parcel.body
      .digests()
      .flatMap((digest, position) => (digest === undefined ? [] : [{ digest, position }]))
    call.add(generation, id, from + index, own.length)
    for (const { digest, position } of own) {
      const { hash, field } = digestPlace(digest)
      call.key(keys.digests(generation, hash), keys.digests(generation - 1, hash)).add(position, field)
    }
    await scripts.run(carryScript, call.keys, call.args)
  }
}

/** Nobody reads these any more, so that they may go one after the other. */
async function drop({ scripts }: LedgerContext, { keys }: Shard, { generation, dropped }: WindowState): Promise<void> {
  const oldest = Number(dropped)
  for (let hash = 0; hash < digestHashes; hash += droppedAtOnce) {
    const names = Array.from({ length: droppedAtOnce }, (_, index) => keys.digests(oldest, hash + index))
    await scripts.command('unlink', ...names)
  }
  await scripts.command('unlink', keys.digestParcels(oldest))
  await scripts.run(markScript, [keys.window], [generation, 'x', dropped, `${oldest + 1}`])
}
