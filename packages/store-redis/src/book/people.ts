import type { Profile } from '@reachkit/core/spec'
import { fewAtOnce } from '../client/few-at-once.js'
import { bytes, list, whole } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { Turns, batches, grouped } from '../ledger/batches.js'
import { findScript, removeScript, upsertScript } from '../scripts/book.js'
import type { BookPart, BookParts } from './book-keys.js'
import { decodeProfile, encodeProfile, namesOf } from './profile.js'
import type { StoredProfile } from './profile.js'

interface Put {
  readonly part: BookPart
  readonly id: string
  readonly member: Buffer
  /** What it costs the server, beside others. */
  readonly size: number
}

/** Recipients by their ids: put, found and removed, in calls that each stay within one part. */
export class People {
  constructor(
    readonly scripts: Scripts,
    readonly parts: BookParts,
    readonly compress: boolean,
  ) {}

  async upsert(tenant: string, profiles: readonly Profile[]): Promise<void> {
    // Calls to one part may overtake each other, so that only the last of one id is sent.
    const last = new Map(profiles.map((profile) => [profile.id, profile]))
    const turns = new Turns()
    const puts: Put[] = []
    for (const profile of last.values()) {
      await turns.pass()
      const member = encodeProfile(profile, this.compress)
      const size = 4 + namesOf(profile).length + member.length / 2_048
      puts.push({ part: this.parts.of(tenant, profile.id), id: profile.id, member, size })
    }
    const calls = [...grouped(puts, ({ part }) => part)].flatMap(([part, own]) =>
      batches(own, ({ size }) => size).map((batch) => ({ part, batch })),
    )
    await fewAtOnce(calls, async ({ part, batch }) => {
      const args = batch.flatMap(({ id, member }) => [id, member])
      await this.scripts.run(upsertScript, [part.people, part.index], args)
    })
  }

  async remove(tenant: string, ids: readonly string[]): Promise<number> {
    const counts = await fewAtOnce(this.#calls(tenant, ids), async ([part, batch]) =>
      whole(await this.scripts.run(removeScript, [part.people, part.index], batch)),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** Those that are there, in any order. */
  async find(tenant: string, ids: readonly string[]): Promise<readonly StoredProfile[]> {
    const turns = new Turns()
    const found = await fewAtOnce(this.#calls(tenant, ids), async ([part, batch]) => {
      const profiles: StoredProfile[] = []
      for (let at = 0; at < batch.length; ) {
        const members = list(await this.scripts.run(findScript, [part.people], batch.slice(at)))
        for (const [index, member] of members.entries()) {
          await turns.pass()
          const stored = member === null ? undefined : decodeProfile(bytes(member))
          if (stored?.profile.id === batch[at + index]) profiles.push(stored)
        }
        at += members.length
      }
      return profiles
    })
    return found.flat()
  }

  #calls(tenant: string, ids: readonly string[]): [BookPart, string[]][] {
    const groups = [...grouped(ids, (id) => this.parts.of(tenant, id))]
    return groups.flatMap(([part, own]) => batches(own, () => 1).map((batch): [BookPart, string[]] => [part, batch]))
  }
}
