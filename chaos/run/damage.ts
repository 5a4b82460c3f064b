/** What went wrong in a run, and how often. */
export interface Damage {
  /** Of workers that held messages as `sending` at that moment. */
  kills: number
  /** Those of the kills that met a worker while it had the run of the task. */
  readerKills: number
  /** Messages that the victims held as `sending`, in all. */
  inTheAir: number
  stops: number
  restarts: number
  poolLosses: number
  /** Of the slot of a cluster that the store is in, to another node. */
  moves: number
  producerKills: number
  /** Of the task. */
  pauses: number
  /** Messages that went out while the task was paused, from a second after that. */
  leaked: number
  /** Of workers that did not know the message type. */
  deploys: number
}

export const noDamage: Damage = {
  kills: 0,
  readerKills: 0,
  inTheAir: 0,
  stops: 0,
  restarts: 0,
  poolLosses: 0,
  moves: 0,
  producerKills: 0,
  pauses: 0,
  leaked: 0,
  deploys: 0,
}
