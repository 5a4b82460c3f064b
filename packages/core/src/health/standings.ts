import { isFields } from '../options/index.js'
import { steps } from './judge.js'
import type { Move, Standing } from './judge.js'

const upright: Standing = { step: 0, movedAt: 0 }

/** Where each provider of a channel stands; who never moved is on the first step. */
export type Standings = ReadonlyMap<string, Standing>

export function standingOf(standings: Standings, provider: string): Standing {
  return standings.get(provider) ?? upright
}

/** A document of the state, as any version of the app may have written it: what is no standing counts as none. */
export function parseStandings(text: string | undefined): Standings {
  const parsed: unknown = text === undefined ? {} : JSON.parse(text)
  if (!isFields(parsed)) return new Map()
  return new Map(Object.entries(parsed).flatMap(([provider, value]) => (isStanding(value) ? [[provider, value]] : [])))
}

export function afterMoves(standings: Standings, moves: readonly Move[], now: number): Standings {
  return new Map([...standings, ...moves.map(({ provider, to }) => [provider, { step: to, movedAt: now }] as const)])
}

function isStanding(value: unknown): value is Standing {
  if (!isFields(value)) return false
  const { step, movedAt } = value
  return Number.isInteger(step) && steps[Number(step)] !== undefined && Number.isFinite(movedAt)
}
