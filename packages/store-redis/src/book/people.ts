import type { Profile } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, whole } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { Turns } from '../ledger/batches.js'
import { findScript, removeScript, upsertScript } from '../scripts/book.js'
import type { BookParts } from './book-keys.js'
import { partCalls, partKeys } from './part-calls.js'
import type { InPart } from './part-calls.js'
import { decodeProfile, encodeProfile, namesOf } from './profile.js'
import type { StoredProfile } from './profile.js'

interface Asked extends InPart {
  readonly id: string
}

interface Put extends Asked {
  readonly member: Buffer
  /** What it costs the server, beside others. */
  readonly size: number
}

/** Recipients by their ids: put, found and removed. */
export class People {
  constructor(
    readonly scripts: Scripts,
    readonly parts: BookParts,
    readonly compress: boolean,
  ) {}

  async upsert(tenant: string, profiles: readonly Profile[]): Promise<void> {
    // Calls may overtake each other, so that only the last of one id is sent.
    const last = new Map(profiles.map((profile) => [profile.id, profile]))
    const turns = new Turns()
    const puts: Put[] = []
    for (const profile of last.values()) {
      await turns.pass()
      const member = encodeProfile(profile, this.compress)
      const size = 4 + namesOf(profile).length + member.length / 2_048
      puts.push({ part: this.parts.of(tenant, profile.id), id: profile.id, member, size })
    }
    await fewAtOnce(
      partCalls(this.scripts, puts, ({ size }) => size),
      async (batch) => {
        const { keys, numberOf } = partKeys(batch)
        const args = batch.flatMap(({ part, id, member }) => [numberOf(part), id, member])
        await this.scripts.run(upsertScript, keys, args)
      },
    )
  }

  async remove(tenant: string, ids: readonly string[]): Promise<number> {
    const counts = await fewAtOnce(this.#calls(tenant, ids), async (batch) => {
      const { keys, numberOf } = partKeys(batch)
      const args = batch.flatMap(({ part, id }) => [numberOf(part), id])
      return whole(await this.scripts.run(removeScript, keys, args))
    })
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** Those that are there, in any order. */
  async find(tenant: string, ids: readonly string[]): Promise<readonly StoredProfile[]> {
    const turns = new Turns()
    const found: StoredProfile[] = []
    await fewAtOnce(this.#calls(tenant, ids), async (batch) => {
      for (let left = batch; left.length > 0; ) {
        const { keys, numberOf } = partKeys(left)
        const args = left.flatMap(({ part, id }) => [numberOf(part), id])
        const members = list(await this.scripts.run(findScript, keys, args))
        for (const [index, member] of members.entries()) {
          await turns.pass()
          const stored = member === null ? undefined : decodeProfile(bytes(member))
          // An id with U+0000 is nobody's, but begins like one that is followed by names.
          if (stored !== undefined && stored.profile.id === left[index]?.id) found.push(stored)
        }
        left = left.slice(members.length)
      }
    })
    return found
  }

  #calls(tenant: string, ids: readonly string[]): readonly Asked[][] {
    return partCalls(
      this.scripts,
      ids.map((id) => ({ id, part: this.parts.of(tenant, id) })),
    )
  }
}
