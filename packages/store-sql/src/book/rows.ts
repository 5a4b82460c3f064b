import type { Profile } from '@reachkit/core/spec'
import { byWeight } from '../ledger/core.js'
import { searchText } from './entries.js'
import { inOrder } from './texts.js'

/** A recipient as it is stored. */
export interface ProfileRow {
  readonly id: string
  readonly zone: string | null
  readonly groups: readonly string[]
  readonly search: string
  readonly text: string
}

/** What one transaction writes: some characters, and some recipients. It is short, as others wait for it on SQLite. */
const mostCharacters = 1_000_000
const charactersEach = 500

/** In the order of ids, so that two who write the same ones do not wait for each other; of each id the last one. */
export function* profileRows(profiles: readonly Profile[]): Generator<readonly ProfileRow[]> {
  const last = new Map(profiles.map((profile) => [profile.id, profile]))
  const texts = [...last].map(([id, profile]) => ({ id, profile, text: JSON.stringify(profile) }))
  texts.sort((one, other) => inOrder(one.id, other.id))
  for (const some of byWeight(texts, mostCharacters, ({ text }) => text.length + charactersEach))
    yield some.map(({ id, profile, text }) => ({
      id,
      zone: profile.zone ?? null,
      groups: [...new Set(profile.groups)],
      search: searchText(profile),
      text,
    }))
}

export function groupsIn(text: string): readonly string[] {
  return [...new Set((JSON.parse(text) as Profile).groups)]
}
