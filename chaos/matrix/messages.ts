import type { StoreName } from '../stores/stores.js'
import type { Scenario } from './scenarios.js'

/** Where a case of the matrix plays. */
export interface Place {
  readonly store: StoreName
  readonly url: string
  readonly poolUrl: string | undefined
  /** Of Redis keys. */
  readonly prefix: string
  /** A SQLite file, where the store has no transactions. */
  readonly outboxFile: string | undefined
  readonly sinkUrl: string
}

export interface Case {
  readonly place: Place
  readonly scenario: Scenario
}

/** What the survivor found when everything was done or held. */
export interface Found {
  readonly kind: 'found'
  /** By recipient: the state, of a done message its outcome. */
  readonly states: readonly string[]
  /** Of the budget, where there is one. */
  readonly spent: number
  readonly reserved: number
}

export interface Failed {
  readonly kind: 'failed'
  readonly text: string
}
