import { lanes } from '../spec/index.js'
import type { Lane } from '../spec/index.js'

/** How much of all places a lane may fill, with all the others: what is beyond is kept for the lanes above it. */
const parts: Readonly<Record<Lane, number>> = { P0: 1, P1: 7 / 8, P2: 6 / 8, P3: 5 / 8 }

/** The envelopes that a process works on at once. A lower lane never fills what is kept for a higher one. */
export class Slots {
  readonly #limits: Readonly<Record<Lane, number>>
  #taken = 0
  #closed = false
  #waiters: { readonly lane: Lane; readonly wake: () => void }[] = []

  constructor(total: number) {
    const limit = (lane: Lane): number => Math.max(1, Math.floor(total * parts[lane]))
    this.#limits = { P0: limit('P0'), P1: limit('P1'), P2: limit('P2'), P3: limit('P3') }
  }

  get taken(): number {
    return this.#taken
  }

  /** How many places there are now; 0 for none. */
  roomNow(lane: Lane): number {
    return Math.max(0, this.#limits[lane] - this.#taken)
  }

  /** Waits until there is a place, and answers how many there are; 0 once it is closed. */
  async room(lane: Lane): Promise<number> {
    while (!this.#closed) {
      const room = this.roomNow(lane)
      if (room > 0) return room
      await new Promise<void>((wake) => this.#waiters.push({ lane, wake }))
    }
    return 0
  }

  /** Nobody waits for a place any more. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  take(count: number): void {
    this.#taken += count
  }

  free(): void {
    this.#taken -= 1
    if (this.#waiters.length > 0) this.#wake()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const lane of lanes) for (const waiter of waiters) if (waiter.lane === lane) waiter.wake()
  }
}
