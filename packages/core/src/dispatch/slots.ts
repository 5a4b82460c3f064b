import { lanes } from '../spec/index.js'
import type { Lane } from '../spec/index.js'

/** How much of all places a lane may fill, with all the others: what is beyond is kept for the lanes above it. */
const parts: Readonly<Record<Lane, number>> = { P0: 1, P1: 7 / 8, P2: 6 / 8, P3: 5 / 8 }

/** So many messages for each envelope: more of them in memory would only wait there for their drivers. */
const messagesEach = 64

/**
 * The envelopes that a process works on at once, and the messages in them. A lower lane never fills what is kept for a
 * higher one.
 */
export class Slots {
  readonly #limits: Readonly<Record<Lane, number>>
  #taken = 0
  #messages = 0
  /** Messages of an envelope that was taken lately, on average. */
  #usual = 1
  #closed = false
  #waiters: { readonly lane: Lane; readonly wake: () => void }[] = []

  constructor(total: number) {
    const limit = (lane: Lane): number => Math.max(1, Math.floor(total * parts[lane]))
    this.#limits = { P0: limit('P0'), P1: limit('P1'), P2: limit('P2'), P3: limit('P3') }
  }

  get taken(): number {
    return this.#taken
  }

  /** How many envelopes there is room for now, as large as they were lately; 0 for none. */
  roomNow(lane: Lane): number {
    const limit = this.#limits[lane]
    const messages = this.#messageRoom(lane)
    if (this.#taken >= limit || messages <= 0) return 0
    return Math.min(limit - this.#taken, Math.ceil(messages / this.#usual))
  }

  /** How many of these, the first ones, there is room for now: their messages are counted. */
  fitting(lane: Lane, sizes: readonly number[]): number {
    let messages = this.#messageRoom(lane)
    let count = 0
    for (const size of sizes.slice(0, Math.max(0, this.#limits[lane] - this.#taken))) {
      if (messages <= 0) break
      messages -= size
      count += 1
    }
    return count
  }

  /** What is urgent is never kept waiting by how many messages others have in memory. */
  #messageRoom(lane: Lane): number {
    return lane === 'P0' ? Number.POSITIVE_INFINITY : this.#limits[lane] * messagesEach - this.#messages
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

  take(messages: number): void {
    this.#taken += 1
    this.#messages += messages
    this.#usual = (this.#usual * 7 + messages) / 8
  }

  free(messages: number): void {
    this.#taken -= 1
    this.#messages -= messages
    if (this.#waiters.length > 0) this.#wake()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const lane of lanes) for (const waiter of waiters) if (waiter.lane === lane) waiter.wake()
  }
}
