import type { ChaosOptions } from './options.js'

/** What was seen of a run. */
export interface Observed {
  /** By recipient: the state in the ledger, of a done message its outcome, `absent`, or `not accepted`. */
  readonly states: readonly string[]
  /** By recipient: how much it got. */
  readonly got: readonly number[]
  readonly kills: number
  readonly changedIds: number
  /** Messages that went out while their task was paused. */
  readonly leaked: number
  /** The most messages that one death may leave unknown. */
  readonly perKill: number
  readonly failures: readonly string[]
}

export interface Verdict {
  readonly lost: number
  readonly duplicated: number
  readonly held: number
  readonly done: number
  /** Messages that wait or are being sent after the deadline. */
  readonly unfinished: number
  /** Done, and not as sent. */
  readonly otherwise: number
  /** kills x slice x envelopes in progress. */
  readonly bound: number
  readonly holds: boolean
  readonly broken: readonly string[]
}

const notOver = new Set(['held', 'waiting', 'sending', 'not accepted'])

/** Holds what was seen against what is promised. Lost is who got nothing, and for whom nothing is left to be done. */
export function judge({ mode, messages, kills: wanted }: ChaosOptions, seen: Observed): Verdict {
  const { states, got } = seen
  const count = (fits: (state: string, index: number) => boolean): number => states.filter(fits).length
  const lost = count((state, index) => got[index] === 0 && !notOver.has(state))
  const duplicated = got.reduce((sum, times) => sum + Math.max(0, times - 1), 0)
  const held = count((state) => state === 'held')
  const done = count((state) => state === 'sent')
  const unfinished = count((state) => state === 'waiting' || state === 'sending')
  const otherwise = messages - held - done - unfinished
  const bound = seen.kills * seen.perKill
  const rules: readonly (readonly [boolean, string])[] = [
    [lost === 0, `${lost} lost`],
    [unfinished === 0, `${unfinished} neither done nor held in time`],
    [otherwise === 0, `${otherwise} ended otherwise than sent or held`],
    [seen.kills === wanted, `${seen.kills} of ${wanted} kills met a worker that held messages`],
    [seen.changedIds === 0, `${seen.changedIds} ids changed when they were asked for again`],
    [seen.leaked === 0, `${seen.leaked} went out of a paused task`],
    [seen.failures.length === 0, seen.failures.join('; ')],
    [mode === 'resend' || duplicated === 0, `${duplicated} duplicated`],
    [mode !== 'dedupe' || held === 0, `${held} held, though the sink deduplicates`],
    [mode !== 'resend' || held === 0, `${held} held, though its type says that it is sent again`],
    [mode !== 'hold' || held <= bound, `${held} held, more than ${bound}`],
    [mode !== 'resend' || duplicated <= bound, `${duplicated} duplicated, more than ${bound}`],
  ]
  const broken = rules.filter(([holds]) => !holds).map(([, text]) => text)
  return { lost, duplicated, held, done, unfinished, otherwise, bound, holds: broken.length === 0, broken }
}
