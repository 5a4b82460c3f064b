/** What went wrong in a run, and how often. */
export interface Damage {
  /** Of workers that held messages as `sending` at that moment. */
  kills: number
  /** Messages that the victims held as `sending`, in all. */
  inTheAir: number
  stops: number
  restarts: number
  poolLosses: number
  /** Of the slot of a cluster that the store is in, to another node. */
  moves: number
  producerKills: number
}
