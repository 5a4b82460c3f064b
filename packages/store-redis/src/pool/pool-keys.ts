import type { Lane } from '@reachkit/core/spec'

/** Keys of the pool, under a tag of its own: it is the wake-up, and may be lost as a whole. */
export class PoolKeys {
  readonly #start: string

  constructor(prefix: string) {
    this.#start = `{${prefix}:pool}:`
  }

  get all(): string {
    return `${this.#start}e`
  }
  leased(lane: Lane): string {
    return `${this.#start}l:${lane}`
  }
  shares(lane: Lane): string {
    return `${this.#start}s:${lane}`
  }
  /** How far the turns of a lane have come. */
  turn(lane: Lane): string {
    return `${this.#start}v:${lane}`
  }
  waiting(lane: Lane, tenant: string): string {
    return `${this.#start}w:${lane}:${tenant}`
  }
}
