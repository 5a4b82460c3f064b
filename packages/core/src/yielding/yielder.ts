import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../spec/index.js'

/** Keeps batch work from holding the event loop: `if (yielder.shouldYield()) await yielder.yieldTurn()` an item. */
export interface Yielder {
  /** True once `budgetMs` went by since the last turn began. Costs one look at the clock. */
  shouldYield(): boolean
  /** Lets timers, I/O and other work run, then begins a new turn. */
  yieldTurn(): Promise<void>
  /**
   * To be awaited at the end, where other batch work follows: that takes this turn for its own, so next to nothing of
   * it may be used up. Gives way only where something is; small work costs no turn.
   */
  handOver(): Promise<void>
}

/**
 * A yielder for one piece of work; its first turn begins now. It goes by time, not by count: no stretch between two
 * looks is longer than `budgetMs` and one item. Time spent waiting for something else counts as used.
 */
export function createYielder(clock: Pick<Clock, 'monotonic'>, budgetMs = 4): Yielder {
  let began = clock.monotonic()
  const used = (): number => clock.monotonic() - began
  const yieldTurn = async (): Promise<void> => {
    await setImmediate()
    began = clock.monotonic()
  }
  return {
    shouldYield: () => used() >= budgetMs,
    yieldTurn,
    async handOver() {
      if (used() >= budgetMs / 16) await yieldTurn()
    },
  }
}
