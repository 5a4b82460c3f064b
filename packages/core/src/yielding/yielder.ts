import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../spec/index.js'

/** Keeps batch work from holding the event loop: `if (yielder.shouldYield()) await yielder.yieldTurn()` an item. */
export interface Yielder {
  /** True once `budgetMs` went by since the last turn began. Costs one look at the clock. */
  shouldYield(): boolean
  /** Lets timers, I/O and other work run, then begins a new turn. */
  yieldTurn(): Promise<void>
}

/**
 * A yielder for one piece of work; its first turn begins now. It goes by time, not by count: no stretch between two
 * looks is longer than `budgetMs` and one item. Time spent waiting for something else counts as used.
 */
export function createYielder(clock: Pick<Clock, 'monotonic'>, budgetMs = 4): Yielder {
  let began = clock.monotonic()
  return {
    shouldYield: () => clock.monotonic() - began >= budgetMs,
    async yieldTurn() {
      await setImmediate()
      began = clock.monotonic()
    },
  }
}
