import { setTimeout as wait } from 'node:timers/promises'

/**
 * `advance` for subjects whose time is real: looks at the store's clock until it has moved far enough, and rejects
 * where it has not after twice the time and ten seconds more.
 */
export function waitingAdvance(now: () => Promise<number>): (ms: number) => Promise<void> {
  return async (ms) => {
    const until = (await now()) + ms
    const deadline = performance.now() + 2 * ms + 10_000
    for (let left = ms; left > 0; left = until - (await now())) {
      if (performance.now() > deadline) throw new Error(`the store's clock did not move on by ${ms} ms in time`)
      await wait(Math.min(left, 100))
    }
  }
}
