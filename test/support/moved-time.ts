import type { Clock } from '@reachkit/core/spec'

export interface MovedTime {
  /** For the context of a store: as far as the server's. Timers are called when time is moved, and at no other time. */
  readonly clock: Clock
  readonly now: () => Promise<number>
  /** Moves the server and the clock on at once, calls what is due by then, and waits for what comes of it. */
  readonly advance: (ms: number) => Promise<void>
}

interface Server {
  /** Sets the server's clock. */
  readonly set: (now: number) => Promise<void>
  /** Resolves once nothing is under way between the stores and the server. */
  readonly idle: () => Promise<void>
}

interface Timer {
  readonly due: number
  readonly callback: () => void
}

const mostRounds = 1_000

/** Time of a real server that only a test moves: no case waits, and a busy machine makes nobody late. */
export async function movedTime({ set, idle }: Server): Promise<MovedTime> {
  const timers = new Set<Timer>()
  const start = Date.now()
  let now = start
  let last: Promise<void> = Promise.resolve()
  await set(now)

  async function callDue(): Promise<void> {
    await idle()
    for (let round = 0; round < mostRounds; round += 1) {
      const due = [...timers].filter((timer) => timer.due <= now).toSorted((one, other) => one.due - other.due)
      if (due.length === 0) return
      for (const timer of due) if (timers.delete(timer)) timer.callback()
      await idle()
    }
    throw new Error('timers are set anew for the same instant without end')
  }
  async function moveBy(ms: number): Promise<void> {
    await callDue()
    await set(now + ms)
    now += ms
    await callDue()
  }
  return {
    clock: {
      now: () => now,
      monotonic: () => now - start,
      setTimer(delayMs, callback) {
        const timer = { due: now + Math.max(0, delayMs), callback }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    },
    now: async () => now,
    advance(ms) {
      const turn = last.then(() => moveBy(Math.ceil(ms)))
      last = turn.catch(() => {})
      return turn
    },
  }
}

/** Counts what is under way. `idle` resolves once it is nothing, and nothing more comes of what ended. */
export class UnderWay {
  #count = 0
  #waiting: (() => void)[] = []

  during<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1
    return work().finally(() => {
      this.#count -= 1
      if (this.#count > 0) return
      for (const resolve of this.#waiting.splice(0)) resolve()
    })
  }

  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      if (this.#count > 0) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve))
        quiet = 0
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
